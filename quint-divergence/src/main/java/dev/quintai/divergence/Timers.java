package dev.quintai.divergence;

import java.util.PriorityQueue;

/** What is due at which time; equal times in the order in which they were set. */
final class Timers {

  /** What is due. */
  enum Kind {
    STRAY_ALERT,
    STRAY_SETTLED,
    INTENT_WINDOW,
    INTENT_CLOSE,
    INTENT_SETTLED,
    SCALE;

    boolean ofStray() {
      return this == STRAY_ALERT || this == STRAY_SETTLED;
    }
  }

  /**
   * A timer.
   *
   * @param time when
   * @param order which of equal times comes first
   * @param kind what
   * @param intent for which call, or null
   * @param stray for which truth, or null
   */
  record Timer(long time, long order, Kind kind, OpenIntent intent, Stray stray)
      implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  final PriorityQueue<Timer> queue = new PriorityQueue<>();
  long order;

  void set(long time, Kind kind, OpenIntent intent) {
    queue.add(new Timer(time, order++, kind, intent, null));
  }

  void set(long time, Kind kind, Stray stray) {
    queue.add(new Timer(time, order++, kind, null, stray));
  }

  /** The next timer that is due at the time, or null. */
  Timer due(long now) {
    Timer head = queue.peek();
    return head != null && head.time <= now ? queue.poll() : null;
  }
}
