package dev.quintai.divergence;

import java.util.ArrayList;
import java.util.List;
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

  /** When the first may be due: never later than that. */
  long first = Long.MAX_VALUE;

  long order;

  void set(long time, Kind kind, OpenIntent intent) {
    add(new Timer(time, order++, kind, intent, null));
  }

  void set(long time, Kind kind, Stray stray) {
    add(new Timer(time, order++, kind, null, stray));
  }

  void add(Timer timer) {
    queue.add(timer);
    first = Math.min(first, timer.time);
  }

  /** Takes out the timers of a call that is final, so that they do not hold it. */
  void forget(OpenIntent intent) {
    queue.removeIf(timer -> timer.intent() == intent);
  }

  /** Takes out the timers of what is final; those of its alerts are due at once. */
  List<Stray> drop() {
    List<Stray> due = new ArrayList<>();
    queue.removeIf(
        timer -> {
          Stray stray = timer.stray();
          if (stray != null && stray.settled && timer.kind() == Kind.STRAY_ALERT) {
            due.add(stray);
          }
          return stray != null ? stray.settled : timer.intent().settled;
        });
    return due;
  }

  /** The next timer that is due at the time, or null. */
  Timer due(long now) {
    if (first > now) {
      return null;
    }
    Timer head = queue.peek();
    if (head != null && head.time <= now) {
      return queue.poll();
    }
    first = head == null ? Long.MAX_VALUE : head.time;
    return null;
  }
}
