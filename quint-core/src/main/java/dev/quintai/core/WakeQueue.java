package dev.quintai.core;

import java.util.Arrays;

/**
 * Who wants to hear of the passing of time, and when: a heap in which each entry knows its place,
 * so that it is in it once and moves when its time changes. Not thread-safe.
 */
final class WakeQueue<E extends WakeQueue.Entry> {

  /** Somebody who may wait. */
  abstract static class Entry {
    private long due = Long.MAX_VALUE;
    private int at = -1;

    /** Decides between those that are due at the same time, so that the order is total. */
    abstract String tie();

    private boolean before(Entry other) {
      return due != other.due ? due < other.due : tie().compareTo(other.tie()) < 0;
    }
  }

  private Entry[] heap = new Entry[16];
  private int size;

  /**
   * Says when the entry is due, in place of what was said before; {@link Long#MAX_VALUE} for never.
   */
  void set(E entry, long due) {
    Entry moved = entry;
    if (moved.due == due) {
      return;
    }
    remove(entry);
    moved.due = due;
    if (due != Long.MAX_VALUE) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      up(moved, size++);
    }
  }

  /** Takes the entry out. */
  void remove(E entry) {
    Entry gone = entry;
    int gap = gone.at;
    gone.due = Long.MAX_VALUE;
    gone.at = -1;
    if (gap < 0) {
      return;
    }
    Entry last = heap[--size];
    heap[size] = null;
    if (gap < size) {
      down(last, gap);
      if (heap[gap] == last) {
        up(last, gap);
      }
    }
  }

  /** Takes the entry that is due first, if that is until the time; else null. */
  @SuppressWarnings("unchecked") // only E is ever put there
  E poll(long now) {
    if (size == 0 || heap[0].due > now) {
      return null;
    }
    E first = (E) heap[0];
    remove(first);
    return first;
  }

  int size() {
    return size;
  }

  private void up(Entry entry, int from) {
    int at = from;
    while (at > 0) {
      int above = (at - 1) >>> 1;
      if (!entry.before(heap[above])) {
        break;
      }
      place(heap[above], at);
      at = above;
    }
    place(entry, at);
  }

  private void down(Entry entry, int from) {
    int at = from;
    for (int below = 2 * at + 1; below < size; below = 2 * at + 1) {
      if (below + 1 < size && heap[below + 1].before(heap[below])) {
        below++;
      }
      if (!heap[below].before(entry)) {
        break;
      }
      place(heap[below], at);
      at = below;
    }
    place(entry, at);
  }

  private void place(Entry entry, int at) {
    heap[at] = entry;
    entry.at = at;
  }
}
