package dev.quintai.fingerprint;

/**
 * Told when a {@link BehaviorCache} lets go of a fingerprint to stay within its budget.
 *
 * <p>Called after the fingerprint was saved, by the thread that needed the room, without any lock
 * of the cache. An exception is counted and otherwise ignored.
 */
@FunctionalInterface
public interface EvictionListener {

  /** This fingerprint is no longer in the cache. It still answers, but takes no update. */
  void evicted(AgentFingerprint fingerprint);
}
