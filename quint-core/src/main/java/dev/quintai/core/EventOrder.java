package dev.quintai.core;

import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Approval;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.event.TruthEvent;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Puts events into the order of time, within the allowed lateness. The order is total and depends
 * on the events alone, so every order of arrival inside the lateness comes out the same.
 *
 * <p>Bounded: when full, the earliest event is let go before its time. Not thread-safe.
 */
final class EventOrder {

  private static final long MILLI = 1_000_000L;

  /** An event with the time by which it is ordered. */
  private record Entry(long time, int rank, Event event) {}

  private static final Comparator<Entry> ORDER =
      Comparator.comparingLong(Entry::time)
          .thenComparingInt(Entry::rank)
          .thenComparingInt(entry -> pid(entry.event))
          .thenComparingLong(entry -> entry.event.origin().seq())
          .thenComparing(entry -> entry.event.toString());

  private final PriorityQueue<Entry> waiting = new PriorityQueue<>(ORDER);
  private final long latenessNanos;
  private final int capacity;
  private long newest = Long.MIN_VALUE;
  private long early;

  EventOrder(long latenessNanos, int capacity) {
    this.latenessNanos = latenessNanos;
    this.capacity = capacity;
  }

  void add(Event event) {
    long time = orderTime(event);
    waiting.add(new Entry(time, rank(event), event));
    newest = Math.max(newest, event.timeNanos());
  }

  /** Time has passed without an event. */
  void advance(long nowNanos) {
    newest = Math.max(newest, nowNanos);
  }

  /** No event before this time is expected any more. */
  long watermark() {
    return newest == Long.MIN_VALUE ? Long.MIN_VALUE : newest - latenessNanos;
  }

  /** The next event whose time has come, or null. */
  Event poll() {
    Entry head = waiting.peek();
    if (head == null) {
      return null;
    }
    if (head.time < watermark()) {
      return waiting.poll().event;
    }
    if (waiting.size() > capacity) {
      early++;
      return waiting.poll().event;
    }
    return null;
  }

  /** The next event, whether its time has come or not, or null. */
  Event drain() {
    Entry head = waiting.poll();
    return head == null ? null : head.event;
  }

  /** How many events were let go before their time for want of room. */
  long early() {
    return early;
  }

  /**
   * An agent counts from its process's start, which is known to the millisecond only: it is put
   * behind the fork of that millisecond.
   */
  static long orderTime(Event event) {
    if (event instanceof AgentProcess agent && agent.process().startKnown()) {
      long endOfMilli = agent.process().startMs() * MILLI + MILLI - 1;
      return Math.min(agent.timeNanos(), endOfMilli);
    }
    return event.timeNanos();
  }

  private static int rank(Event event) {
    if (event instanceof SensorLoss) {
      return 0;
    } else if (event instanceof ProcessFork) {
      return 1;
    } else if (event instanceof AgentProcess) {
      return 2;
    } else if (event instanceof IntentEvent) {
      return 3;
    } else if (event instanceof Approval) {
      return 4;
    } else if (event instanceof ProcessExec) {
      return 5;
    } else if (event instanceof ProcessExit) {
      return 8;
    } else if (event instanceof IntentResult) {
      return 7;
    }
    return 6;
  }

  private static int pid(Event event) {
    if (event instanceof TruthEvent truth) {
      return truth.process().pid();
    }
    return event instanceof IntentEvent intent ? intent.process().pid() : -1;
  }
}
