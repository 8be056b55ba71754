package dev.quintai.divergence;

import dev.quintai.core.TextHash;
import java.util.Arrays;

/**
 * A set of 64-bit hashes that forgets the eldest when full: 16 to 24 bytes an entry, whatever the
 * length of what it stands for. Two texts share a hash with a probability of 2^-64.
 */
final class RecentHashes {
  private final int capacity;

  /** In the order of their coming, a ring once full. */
  private long[] ring = new long[0];

  private int size;
  private int eldest;

  /** Open addressing, at most half full; 0 is free. */
  private long[] table = new long[8];

  RecentHashes(int capacity) {
    this.capacity = capacity;
  }

  /** See {@link TextHash}. */
  static long of(int kind, String text) {
    return TextHash.of(kind, text);
  }

  private int slot(long hash) {
    int mask = table.length - 1;
    int at = (int) hash & mask;
    while (table[at] != 0 && table[at] != hash) {
      at = at + 1 & mask;
    }
    return at;
  }

  boolean contains(long hash) {
    return table[slot(hash)] != 0;
  }

  void add(long hash) {
    int at = slot(hash);
    if (table[at] != 0) {
      return;
    }
    if (size == capacity) {
      remove(ring[eldest]);
      ring[eldest] = hash;
      eldest = (eldest + 1) % capacity;
      table[slot(hash)] = hash;
      return;
    }
    if (size == ring.length) {
      ring = Arrays.copyOf(ring, Math.min(capacity, Math.max(4, size * 2)));
    }
    ring[size++] = hash;
    table[at] = hash;
    if (size * 2 > table.length) {
      table = new long[table.length * 2];
      for (int i = 0; i < size; i++) {
        table[slot(ring[i])] = ring[i];
      }
    }
  }

  private void remove(long hash) {
    int mask = table.length - 1;
    int at = slot(hash);
    table[at] = 0;
    for (int next = at + 1 & mask; table[next] != 0; next = next + 1 & mask) {
      long moved = table[next];
      table[next] = 0;
      table[slot(moved)] = moved;
    }
  }

  /** The hashes from the eldest on. */
  long[] all() {
    long[] out = new long[size];
    for (int i = 0; i < size; i++) {
      out[i] = ring[(eldest + i) % Math.max(1, size)];
    }
    return out;
  }

  /** Bytes that it holds. */
  int bytes() {
    return 8 * (ring.length + table.length) + 64;
  }
}
