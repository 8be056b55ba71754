package dev.quintai.benchmarks.divergence;

import dev.quintai.core.Action;
import dev.quintai.core.Capability;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.SessionTracker;
import dev.quintai.core.event.Event;
import dev.quintai.core.platform.PlatformDetector;
import dev.quintai.divergence.DivergenceDetector;
import dev.quintai.divergence.SessionMatcher;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;

/** Attribution to sessions and a matcher for each, as a keyed operator has them. */
final class Operator {
  static final int MAX_PROCESSES = 1 << 20;

  private final SessionTracker tracker =
      new SessionTracker("benchmark", PlatformDetector.defaults(), MAX_PROCESSES);
  private final DivergenceDetector gate = new DivergenceDetector();
  private final IdentityHashMap<Session, SessionMatcher> matchers = new IdentityHashMap<>();
  private long findings;

  void take(Event[] events) {
    for (Event event : events) {
      Session session = tracker.observe(event);
      if (session == null) {
        throw new IllegalStateException("belongs to no session: " + event);
      }
      SessionMatcher matcher = matchers.get(session);
      if (matcher == null) {
        matcher = gate.open(session, new SessionFacts(), finding -> findings++);
        matchers.put(session, matcher);
      }
      matcher.on(event);
    }
    for (Session over : tracker.advance(events[events.length - 1].timeNanos())) {
      matchers.remove(over).end();
    }
  }

  Collection<SessionMatcher> matchers() {
    return matchers.values();
  }

  long findings() {
    return findings;
  }

  /** An engine with this gate alone; each call is one action. */
  static QuintEngine engine() {
    return QuintEngine.builder()
        .platforms(PlatformDetector.defaults())
        .maxProcesses(MAX_PROCESSES)
        .maxWaiting(2_000_000)
        .actions(
            (intent, session) ->
                List.of(
                    new Action(
                        Capability.EXECUTE,
                        intent.tool(),
                        "local",
                        Action.LOCAL,
                        null,
                        false,
                        intent.timeNanos(),
                        0,
                        intent.toolUseId(),
                        true,
                        true)))
        .detector(new DivergenceDetector())
        .build();
  }
}
