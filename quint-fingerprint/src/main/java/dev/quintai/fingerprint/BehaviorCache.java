package dev.quintai.fingerprint;

import dev.quintai.core.Action;
import dev.quintai.core.spi.FingerprintStore;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The fingerprints of the agents that are active, within a budget of bytes.
 *
 * <p>256 shards by a hash of the agent's id. A hit takes no lock and allocates nothing. When the
 * budget is used up, the agent that was not used for longest (nearly: CLOCK) is saved to the store
 * and leaves; when it acts again it is loaded and answers exactly as before. A store that fails
 * costs what the fingerprint had learnt, never an error, and is counted.
 *
 * <p>A fingerprint may be evicted between {@link #getOrCreate} and its use. It then answers as it
 * did, but its {@code update} returns false: get it again, or call {@link #update} here, which does
 * so. No update is lost.
 *
 * <p>Thread-safe. An agent that is not in the cache waits for the store, and so do other agents
 * that are neither and share its shard; hits never wait. For a moment the cache may hold one
 * fingerprint over its capacity for each thread that adds one.
 */
public final class BehaviorCache {
  // The budget is shared by all shards: with a limit for each, chance alone would overfill some
  // long
  // before 40,000 agents. The one who adds an agent evicts from the same shard, so sizes stay as
  // even as the hash is.

  /** The budget unless another is given: 128 MiB, enough for 40,000 agents. */
  public static final long DEFAULT_BUDGET = 128L << 20;

  /**
   * What one agent costs: 3,216 bytes for the array, 64 for its object, and on average 13 for
   * buckets and 6 for the ring; measured with compressed references, 64-bit.
   */
  public static final int BYTES_PER_AGENT = 3_304;

  private static final int SHARDS = 256;

  private final CacheShard[] shards = new CacheShard[SHARDS];
  private final KeyHasher keys;
  private final FingerprintArchive archive;
  private final EvictionListener listener;
  private final long capacity;
  private final AtomicLong size = new AtomicLong();
  private final LongAdder evicted = new LongAdder();
  private final LongAdder listenerFailures = new LongAdder();

  private BehaviorCache(Builder builder) {
    keys = builder.keys;
    archive = new FingerprintArchive(builder.store, keys);
    listener = builder.listener;
    capacity = Math.max(1, builder.budget / BYTES_PER_AGENT);
    long share = Math.min(1 << 24, capacity / SHARDS + 1);
    int buckets = Integer.highestOneBit((int) share) << 2; // a chain has 0.25 to 0.5 on average
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new CacheShard(buckets, archive);
    }
  }

  /** Starts a cache whose keys are hashed by {@code keys}. */
  public static Builder builder(KeyHasher keys) {
    return new Builder(keys);
  }

  /** The agent's fingerprint: from memory, else from the store, else a new one. */
  public AgentFingerprint getOrCreate(UUID agentId) {
    long high = agentId.getMostSignificantBits();
    long low = agentId.getLeastSignificantBits();
    long hash = hash(high, low);
    AgentFingerprint found = shard(hash).find((int) hash, high, low);
    return found != null ? found : add(hash, agentId);
  }

  /** Teaches the agent's fingerprint an action; whatever is evicted meanwhile, it is learnt. */
  public void update(UUID agentId, Action action) {
    boolean learnt;
    do {
      learnt = getOrCreate(agentId).update(action);
    } while (!learnt);
  }

  /**
   * Saves the agent's fingerprint if it is in the cache and has learnt anything.
   *
   * @return whether the store took it
   */
  public boolean save(UUID agentId) {
    long high = agentId.getMostSignificantBits();
    long low = agentId.getLeastSignificantBits();
    long hash = hash(high, low);
    return shard(hash).save((int) hash, high, low);
  }

  /**
   * Saves all fingerprints, for example before the process ends. Agents that come or go meanwhile
   * may be missed.
   *
   * @return how many the store took
   */
  public int saveAll() {
    int saved = 0;
    for (CacheShard shard : shards) {
      saved += shard.saveAll();
    }
    return saved;
  }

  /** What it has done so far. */
  public CacheStats stats() {
    return new CacheStats(
        size.get(),
        capacity,
        archive.created.sum(),
        archive.loaded.sum(),
        evicted.sum(),
        archive.saved.sum(),
        archive.failures.sum(),
        archive.rejected.sum(),
        archive.lost.sum(),
        listenerFailures.sum());
  }

  /** The hasher of its fingerprints' keys. */
  public KeyHasher keys() {
    return keys;
  }

  private AgentFingerprint add(long hash, UUID agentId) {
    while (true) {
      AgentFingerprint added = shard(hash).add((int) hash, agentId);
      if (added != null) {
        // More than one where a thread before found none: all had moved to shards it had passed.
        for (long agents = size.incrementAndGet(); agents > capacity; agents = size.get()) {
          if (!evictOne(hash, added)) {
            break;
          }
        }
        return added;
      }
      // Another thread added it; unless it was evicted again at once, it is there.
      AgentFingerprint found =
          shard(hash)
              .find(
                  (int) hash, agentId.getMostSignificantBits(), agentId.getLeastSignificantBits());
      if (found != null) {
        return found;
      }
    }
  }

  private boolean evictOne(long hash, AgentFingerprint added) {
    int first = shardIndex(hash);
    for (int i = 0; i < SHARDS; i++) {
      AgentFingerprint victim =
          shards[(first + i) % SHARDS].evict(added, f -> (int) hash(f.agentId()));
      if (victim != null) {
        size.decrementAndGet();
        evicted.increment();
        tell(victim);
        return true;
      }
    }
    return false;
  }

  private void tell(AgentFingerprint victim) {
    if (listener == null) {
      return;
    }
    try {
      listener.evicted(victim);
    } catch (RuntimeException e) {
      listenerFailures.increment();
    }
  }

  int shardOf(UUID agentId) {
    return shardIndex(hash(agentId));
  }

  private CacheShard shard(long hash) {
    return shards[shardIndex(hash)];
  }

  private static int shardIndex(long hash) {
    return (int) (hash >>> 56);
  }

  private long hash(UUID agentId) {
    return hash(agentId.getMostSignificantBits(), agentId.getLeastSignificantBits());
  }

  /** The upper 8 bits choose the shard, the lower 32 the bucket. */
  private long hash(long high, long low) {
    long h = (high ^ keys.seedId()) * 0x9E37_79B9_7F4A_7C15L + low;
    h = (h ^ (h >>> 32)) * 0xD6E8_FEB8_6659_FD93L;
    return h ^ (h >>> 32);
  }

  /** Collects what a cache needs. Not thread-safe. */
  public static final class Builder {
    private final KeyHasher keys;
    private long budget = DEFAULT_BUDGET;
    private FingerprintStore store;
    private EvictionListener listener;

    private Builder(KeyHasher keys) {
      this.keys = Objects.requireNonNull(keys, "keys");
    }

    /**
     * How many bytes of heap its fingerprints may take, their links included; at least one agent
     * fits whatever it is.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public Builder byteBudget(long bytes) {
      if (bytes <= 0) {
        throw new IllegalArgumentException("the budget must be positive: " + bytes);
      }
      budget = bytes;
      return this;
    }

    /** Where evicted fingerprints go and come back from; without one they are forgotten. */
    public Builder store(FingerprintStore value) {
      store = value;
      return this;
    }

    /** Whom to tell of evictions. */
    public Builder evictionListener(EvictionListener value) {
      listener = value;
      return this;
    }

    /** The cache. */
    public BehaviorCache build() {
      return new BehaviorCache(this);
    }
  }
}
