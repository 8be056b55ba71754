package dev.quintai.benchmarks.divergence;

import dev.quintai.core.Session;
import dev.quintai.core.SessionTracker;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.platform.PlatformDetector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;

/**
 * The plain way: the events of a session's last 150 seconds in a list, and each question answered
 * by looking through it. It compares texts where ours parses, and knows no sensitive targets, no
 * housekeeping, no severities and no revisions, so it has much less to do for an event.
 */
final class NaiveScan {
  private static final long WINDOW_NANOS = 150_000_000_000L;

  private final SessionTracker tracker =
      new SessionTracker("benchmark", PlatformDetector.defaults(), Operator.MAX_PROCESSES);
  private final IdentityHashMap<Session, Deque<Event>> windows = new IdentityHashMap<>();
  private long explained;

  void take(Event[] events) {
    for (Event event : events) {
      Session session = tracker.observe(event);
      Deque<Event> window = windows.computeIfAbsent(session, s -> new ArrayDeque<>());
      while (!window.isEmpty()
          && window.peekFirst().timeNanos() < event.timeNanos() - WINDOW_NANOS) {
        window.removeFirst();
      }
      explained += explains(window, event, session.root().pid()) ? 1 : 0;
      window.addLast(event);
    }
    tracker.advance(events[events.length - 1].timeNanos());
  }

  long explained() {
    return explained;
  }

  private static boolean explains(Deque<Event> window, Event event, int root) {
    if (event instanceof IntentEvent intent) {
      return window.stream().anyMatch(each -> declares(intent, each));
    } else if (event instanceof IntentResult result) {
      return window.stream()
          .anyMatch(
              each ->
                  each instanceof IntentEvent intent
                      && result.toolUseId().equals(intent.toolUseId()));
    } else if (event instanceof FileEvent file) {
      return file.process().pid() == root
          ? declared(window, event)
          : lineage(window, file.process().pid());
    } else if (event instanceof NetworkConnect connect) {
      return connect.process().pid() == root
          ? declared(window, event)
          : lineage(window, connect.process().pid());
    } else if (event instanceof ProcessExec exec) {
      return declared(window, event) || lineage(window, exec.ppid());
    }
    return false;
  }

  private static boolean declared(Deque<Event> window, Event truth) {
    for (Iterator<Event> it = window.descendingIterator(); it.hasNext(); ) {
      if (it.next() instanceof IntentEvent intent && declares(intent, truth)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the process, or one above it, runs a declared line. */
  private static boolean lineage(Deque<Event> window, int pid) {
    int at = pid;
    for (int steps = 0; steps < 8; steps++) {
      int above = -1;
      for (Iterator<Event> it = window.descendingIterator(); it.hasNext(); ) {
        Event each = it.next();
        if (each instanceof ProcessExec exec && exec.process().pid() == at) {
          if (declared(window, exec)) {
            return true;
          }
        } else if (each instanceof ProcessFork fork && fork.child().pid() == at) {
          above = fork.process().pid();
          break;
        }
      }
      if (above < 0) {
        return false;
      }
      at = above;
    }
    return false;
  }

  private static boolean declares(IntentEvent intent, Event truth) {
    if (truth instanceof FileEvent file) {
      return file.path().equals(intent.arguments().string("file_path"));
    } else if (truth instanceof NetworkConnect connect) {
      String url = intent.arguments().string("url");
      return url != null && connect.host() != null && url.contains(connect.host());
    } else if (truth instanceof ProcessExec exec) {
      String line = intent.arguments().string("command");
      return line != null
          && !exec.argv().isEmpty()
          && (exec.argv().contains(line) || line.equals(String.join(" ", exec.argv())));
    }
    return false;
  }
}
