package dev.quintai.core;

import java.util.Arrays;

/**
 * Which session declared a call, by a hash of the call's id; forgets the eldest when full. Two
 * arrays and a ring in place of a linked map: each call costs a look or two at memory that is not
 * near, and there are many thousands of calls.
 */
final class RecentCalls {
  private final int capacity;

  /** Open addressing, at most half full; 0 is free. */
  private long[] hashes = new long[64];

  private SessionTracker.Tracked[] sessions = new SessionTracker.Tracked[64];

  /** The hashes in the order of their coming. */
  private long[] ring = new long[32];

  private int eldest;
  private int size;

  RecentCalls(int capacity) {
    this.capacity = capacity;
  }

  private int slot(long hash) {
    int mask = hashes.length - 1;
    int at = (int) hash & mask;
    while (hashes[at] != 0 && hashes[at] != hash) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** The session of the call, or null. */
  SessionTracker.Tracked get(long hash) {
    return sessions[slot(hash)];
  }

  /** Says whose the call is; a call that is known keeps its place among the others. */
  void put(long hash, SessionTracker.Tracked session) {
    int at = slot(hash);
    if (hashes[at] == 0) {
      if (size == capacity) {
        remove(ring[eldest]);
        ring[eldest] = hash;
        eldest = eldest + 1 == capacity ? 0 : eldest + 1;
      } else {
        if (size == ring.length) {
          grow();
        }
        ring[size++] = hash;
      }
      at = slot(hash);
      hashes[at] = hash;
    }
    sessions[at] = session;
  }

  private void grow() {
    long[] oldHashes = hashes;
    SessionTracker.Tracked[] old = sessions;
    ring = Arrays.copyOf(ring, Math.min(capacity, size * 2));
    hashes = new long[old.length * 2];
    sessions = new SessionTracker.Tracked[old.length * 2];
    for (int i = 0; i < old.length; i++) {
      if (oldHashes[i] != 0) {
        int at = slot(oldHashes[i]);
        hashes[at] = oldHashes[i];
        sessions[at] = old[i];
      }
    }
  }

  private void remove(long hash) {
    int mask = hashes.length - 1;
    int gap = slot(hash);
    hashes[gap] = 0;
    sessions[gap] = null;
    for (int next = (gap + 1) & mask; hashes[next] != 0; next = (next + 1) & mask) {
      long moved = hashes[next];
      SessionTracker.Tracked session = sessions[next];
      hashes[next] = 0;
      sessions[next] = null;
      int at = slot(moved);
      hashes[at] = moved;
      sessions[at] = session;
    }
  }
}
