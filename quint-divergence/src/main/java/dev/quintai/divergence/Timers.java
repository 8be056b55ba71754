package dev.quintai.divergence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is due at which time; equal times in the order in which they were set. A heap in which each
 * timer knows its place, so that those of a call that is final are taken out without a search.
 */
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

  /** A timer of a call or of a truth. */
  static final class Timer {
    final long time;

    /** Which of equal times comes first. */
    final long order;

    final Kind kind;

    /** For which call, or null. */
    final OpenIntent intent;

    /** For which truth, or null. */
    final Stray stray;

    /** The call's next timer. */
    private Timer sibling;

    /** Its place in the heap. */
    private int at;

    private Timer(long time, long order, Kind kind, OpenIntent intent, Stray stray) {
      this.time = time;
      this.order = order;
      this.kind = kind;
      this.intent = intent;
      this.stray = stray;
    }

    private boolean before(Timer other) {
      return time != other.time ? time < other.time : order < other.order;
    }
  }

  private Timer[] heap = new Timer[8];
  private int size;

  /** When the first is due; it is asked before every event, and the heap seldom. */
  private long first = Long.MAX_VALUE;

  /** How many were ever set. */
  long order;

  void set(long time, Kind kind, OpenIntent intent) {
    add(time, order++, kind, intent, null);
  }

  void set(long time, Kind kind, Stray stray) {
    add(time, order++, kind, null, stray);
  }

  void add(long time, long number, Kind kind, OpenIntent intent, Stray stray) {
    Timer timer = new Timer(time, number, kind, intent, stray);
    if (intent != null) {
      timer.sibling = intent.timers;
      intent.timers = timer;
    }
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    up(timer, size++);
    first = heap[0].time;
  }

  int size() {
    return size;
  }

  /** All of them, the first that is due first. */
  List<Timer> sorted() {
    Timer[] all = Arrays.copyOf(heap, size);
    Arrays.sort(all, (a, b) -> a.before(b) ? -1 : 1);
    return Arrays.asList(all);
  }

  /** When the first is due; {@link Long#MAX_VALUE} without one. */
  long first() {
    return first;
  }

  /** The next timer that is due at the time, or null. */
  Timer due(long now) {
    if (first > now || size == 0) {
      return null;
    }
    Timer head = heap[0];
    if (head.intent != null) {
      unlink(head);
    }
    remove(0);
    return head;
  }

  /** Takes out the timers of a call that is final, so that they do not hold it. */
  void forget(OpenIntent intent) {
    for (Timer timer = intent.timers; timer != null; timer = timer.sibling) {
      remove(timer.at);
    }
    intent.timers = null;
  }

  /** Takes out the timers of what is final; gives the truths whose alert was not due yet. */
  List<Stray> drop() {
    List<Stray> due = new ArrayList<>();
    for (Timer timer : sorted()) {
      Stray stray = timer.stray;
      if (stray == null ? timer.intent.settled : stray.settled) {
        if (timer.kind == Kind.STRAY_ALERT) {
          due.add(stray);
        }
        if (timer.intent != null) {
          unlink(timer);
        }
        remove(timer.at);
      }
    }
    return due;
  }

  private static void unlink(Timer timer) {
    OpenIntent intent = timer.intent;
    if (intent.timers == timer) {
      intent.timers = timer.sibling;
      return;
    }
    Timer before = intent.timers;
    while (before.sibling != timer) {
      before = before.sibling;
    }
    before.sibling = timer.sibling;
  }

  private void remove(int gap) {
    Timer last = heap[--size];
    heap[size] = null;
    if (gap < size) {
      down(last, gap);
      if (heap[gap] == last) {
        up(last, gap);
      }
    }
    first = size == 0 ? Long.MAX_VALUE : heap[0].time;
  }

  private void up(Timer timer, int from) {
    int at = from;
    while (at > 0) {
      int above = (at - 1) >>> 1;
      if (!timer.before(heap[above])) {
        break;
      }
      place(heap[above], at);
      at = above;
    }
    place(timer, at);
  }

  private void down(Timer timer, int from) {
    int at = from;
    for (int below = 2 * at + 1; below < size; below = 2 * at + 1) {
      if (below + 1 < size && heap[below + 1].before(heap[below])) {
        below++;
      }
      if (!heap[below].before(timer)) {
        break;
      }
      place(heap[below], at);
      at = below;
    }
    place(timer, at);
  }

  private void place(Timer timer, int at) {
    heap[at] = timer;
    timer.at = at;
  }
}
