package dev.quintai.divergence;

import dev.quintai.core.Finding;

/** Counts the distinct targets that a bounded declaration's process touched in its window. */
final class Scale {
  /** Past this many distinct targets counting stops; the finding then says at least so many. */
  static final int MAX_TARGETS = 8192;

  final ActClass act;
  final int use;
  final int declared;
  Proc proc;
  Finding reported;
  long[] hashes = new long[4];
  int size;

  Scale(ActClass act, int use, int declared) {
    this.act = act;
    this.use = use;
    this.declared = declared;
  }

  void add(String target) {
    add(RecentHashes.of(0, target));
  }

  void add(long hash) {
    if (size >= MAX_TARGETS) {
      return;
    }
    if (size * 2 >= hashes.length) {
      grow();
    }
    insert(hash);
  }

  private void insert(long hash) {
    int at = (int) (hash ^ hash >>> 32) & hashes.length - 1;
    while (hashes[at] != 0) {
      if (hashes[at] == hash) {
        return;
      }
      at = at + 1 & hashes.length - 1;
    }
    hashes[at] = hash;
    size++;
  }

  private void grow() {
    long[] old = hashes;
    hashes = new long[old.length * 2];
    size = 0;
    for (long hash : old) {
      if (hash != 0) {
        insert(hash);
      }
    }
  }

  int distinct() {
    return size;
  }

  /** Whether the count is too large for what was declared. */
  boolean exceeds(DivergenceSettings settings) {
    return size > (long) settings.scaleFactor() * declared && size >= settings.scaleFloor();
  }
}
