package dev.quintai.fingerprint;

/**
 * What a {@link BehaviorCache} has done so far. Each number is exact; together they are a snapshot
 * of a moving thing.
 *
 * @param agents fingerprints in the cache
 * @param capacity how many there can be
 * @param created fingerprints that began empty
 * @param loaded fingerprints that came from the store
 * @param evicted fingerprints that had to go
 * @param saved snapshots that the store took
 * @param storeFailures calls that the store failed
 * @param rejected snapshots of the store that could not be used
 * @param lost evicted fingerprints that the store could not take: what they had learnt since they
 *     were loaded is gone
 * @param listenerFailures exceptions of the eviction listener
 */
public record CacheStats(
    long agents,
    long capacity,
    long created,
    long loaded,
    long evicted,
    long saved,
    long storeFailures,
    long rejected,
    long lost,
    long listenerFailures) {}
