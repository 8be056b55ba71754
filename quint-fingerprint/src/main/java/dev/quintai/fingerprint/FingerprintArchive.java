package dev.quintai.fingerprint;

import dev.quintai.core.spi.FingerprintStore;
import dev.quintai.fingerprint.SnapshotException.Reason;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;

/**
 * A store seen from the cache: it never fails, it counts.
 *
 * <p>A fingerprint that began while the store could not be read is not saved over what the store
 * may hold: the two are merged first. Thread-safe.
 */
final class FingerprintArchive {
  private final FingerprintStore store; // null: nothing outlives the cache
  private final KeyHasher keys;
  final LongAdder created = new LongAdder();
  final LongAdder loaded = new LongAdder();
  final LongAdder saved = new LongAdder();
  final LongAdder failures = new LongAdder();
  final LongAdder rejected = new LongAdder();
  final LongAdder lost = new LongAdder();

  FingerprintArchive(FingerprintStore store, KeyHasher keys) {
    this.store = store;
    this.keys = keys;
  }

  /** The stored fingerprint, else an empty one. */
  AgentFingerprint loadOrCreate(UUID agentId) {
    boolean unread = false;
    if (store != null) {
      try {
        AgentFingerprint stored = load(agentId);
        if (stored != null) {
          loaded.increment();
          return stored;
        }
      } catch (IOException | RuntimeException e) {
        failures.increment();
        unread = true;
      }
    }
    created.increment();
    AgentFingerprint fresh = AgentFingerprint.create(agentId, keys);
    fresh.unread = unread;
    return fresh;
  }

  /** Saves a fingerprint that stays in the cache. */
  boolean save(AgentFingerprint fingerprint) {
    if (store == null || fingerprint.totalActions() == 0) {
      return false;
    }
    UUID agentId = fingerprint.agentId();
    try {
      if (fingerprint.unread) {
        AgentFingerprint past = load(agentId);
        if (past != null) {
          fingerprint.merge(past);
        }
        fingerprint.unread = false;
      }
      store.save(agentId, fingerprint.snapshot());
      saved.increment();
      return true;
    } catch (IOException | RuntimeException e) {
      failures.increment();
      return false;
    }
  }

  /** Saves a fingerprint that leaves the cache. */
  void saveLast(AgentFingerprint fingerprint) {
    if (store != null && fingerprint.totalActions() != 0 && !save(fingerprint)) {
      lost.increment();
    }
  }

  private AgentFingerprint load(UUID agentId) throws IOException {
    Optional<byte[]> snapshot = store.load(agentId);
    if (snapshot.isEmpty()) {
      return null;
    }
    try {
      AgentFingerprint stored = AgentFingerprint.restore(snapshot.get(), keys);
      if (!stored.agentId().equals(agentId)) {
        throw new SnapshotException(Reason.AGENT, "the snapshot is of " + stored.agentId());
      }
      return stored;
    } catch (SnapshotException e) {
      rejected.increment();
      return null;
    }
  }
}
