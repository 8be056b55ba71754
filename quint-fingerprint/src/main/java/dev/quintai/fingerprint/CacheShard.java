package dev.quintai.fingerprint;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/**
 * One of the 256 parts of a {@link BehaviorCache}: a hash table with chains through the
 * fingerprints themselves, and a ring of the same fingerprints for the CLOCK policy.
 *
 * <p>Reads take no lock. A reader may walk a chain that is being changed: it then finds the
 * fingerprint, or does not and looks again under the lock. Everything else, the store's work for
 * this shard's agents included, happens under the lock, so a fingerprint is never loaded before its
 * last snapshot is saved.
 */
final class CacheShard {
  // CLOCK (Corbató 1968): a hit sets a mark, and only if it is not set, so hot fingerprints cost
  // no write. The hand takes the first unmarked one and removes the marks it passes. A newcomer
  // starts without a mark, in the place that the hand has just left: one that is used once only
  // is gone after one round, and does not push out what is used again.

  private static final VarHandle BUCKET =
      MethodHandles.arrayElementVarHandle(AgentFingerprint[].class);
  private static final int FIRST_RING = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final AgentFingerprint[] buckets;
  private final FingerprintArchive archive;
  private AgentFingerprint[] ring = new AgentFingerprint[FIRST_RING];
  private int size;
  private int hand;

  CacheShard(int bucketCount, FingerprintArchive archive) {
    this.buckets = new AgentFingerprint[bucketCount];
    this.archive = archive;
  }

  AgentFingerprint find(int hash, long high, long low) {
    AgentFingerprint f = (AgentFingerprint) BUCKET.getAcquire(buckets, hash & (buckets.length - 1));
    while (f != null) {
      if (f.isOf(high, low)) {
        if (!f.referenced) {
          f.referenced = true;
        }
        return f;
      }
      f = f.next;
    }
    return null;
  }

  /**
   * Finds or makes the fingerprint.
   *
   * @return null when it was there, so that nothing was added; it can then be found
   */
  AgentFingerprint add(int hash, UUID agentId) {
    lock.lock();
    try {
      if (find(hash, agentId.getMostSignificantBits(), agentId.getLeastSignificantBits()) != null) {
        return null;
      }
      AgentFingerprint added = archive.loadOrCreate(agentId);
      if (size == ring.length) {
        ring = Arrays.copyOf(ring, size + (size >> 1));
      }
      added.ringIndex = size;
      ring[size++] = added;
      int bucket = hash & (buckets.length - 1);
      added.next = buckets[bucket];
      BUCKET.setRelease(buckets, bucket, added);
      return added;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets go of the fingerprint that was not used for longest, or nearly, and saves it.
   *
   * @param spared one that must stay
   * @param hashOf the hash of an agent as in {@link #find}
   * @return the one that went; null when there is none but the spared one
   */
  AgentFingerprint evict(AgentFingerprint spared, ToIntFunction<AgentFingerprint> hashOf) {
    lock.lock();
    try {
      AgentFingerprint victim = victim(spared);
      if (victim == null) {
        return null;
      }
      unlink(victim, hashOf.applyAsInt(victim));
      AgentFingerprint last = ring[--size];
      ring[size] = null;
      if (last != victim) {
        last.ringIndex = victim.ringIndex;
        ring[victim.ringIndex] = last;
      }
      victim.retire();
      archive.saveLast(victim);
      return victim;
    } finally {
      lock.unlock();
    }
  }

  private AgentFingerprint victim(AgentFingerprint spared) {
    for (int steps = 2 * size; steps > 0; steps--) {
      hand = hand + 1 < size ? hand + 1 : 0;
      AgentFingerprint candidate = ring[hand];
      if (candidate == spared) {
        continue;
      }
      if (!candidate.referenced) {
        return candidate;
      }
      candidate.referenced = false;
    }
    return null;
  }

  private void unlink(AgentFingerprint victim, int hash) {
    int bucket = hash & (buckets.length - 1);
    AgentFingerprint before = buckets[bucket];
    if (before == victim) {
      BUCKET.setRelease(buckets, bucket, victim.next);
      return;
    }
    while (before.next != victim) {
      before = before.next;
    }
    before.next = victim.next;
  }

  /** Saves the agent's fingerprint if it is here. */
  boolean save(int hash, long high, long low) {
    lock.lock();
    try {
      AgentFingerprint f = find(hash, high, low);
      return f != null && archive.save(f);
    } finally {
      lock.unlock();
    }
  }

  /** Saves all; the lock is free between two of them. */
  int saveAll() {
    int saved = 0;
    for (int i = 0; ; i++) {
      lock.lock();
      try {
        if (i >= size) {
          return saved;
        }
        saved += archive.save(ring[i]) ? 1 : 0;
      } finally {
        lock.unlock();
      }
    }
  }
}
