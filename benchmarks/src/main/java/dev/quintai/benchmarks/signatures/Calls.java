package dev.quintai.benchmarks.signatures;

import dev.quintai.core.Action;
import dev.quintai.core.AgentIds;
import dev.quintai.core.Capability;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.SessionDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The calls of a session that reads, writes, searches and runs, as most do: one action each. */
final class Calls {
  private static final int CALLS = 4096;

  private final Session session =
      new Session(
          new ProcessId(1, 1),
          "claude-code",
          null,
          AgentIds.agentId("benchmark", 0, "claude-code", null));
  private final IntentEvent intent = IntentEvent.builder(1, session.root(), "tool").build();
  private final List<List<Action>> calls = new ArrayList<>(CALLS);
  private int next;

  Calls() {
    Random random = new Random(1);
    Capability[] usual = {
      Capability.READ, Capability.WRITE, Capability.SEARCH, Capability.EXECUTE, Capability.READ
    };
    for (int i = 0; i < CALLS; i++) {
      Capability capability =
          random.nextInt(20) == 0
              ? Capability.at(random.nextInt(Capability.COUNT))
              : usual[random.nextInt(usual.length)];
      calls.add(
          List.of(
              new Action(
                  capability,
                  "tool",
                  "server",
                  Action.LOCAL,
                  null,
                  false,
                  i,
                  0.1,
                  null,
                  true,
                  false)));
    }
  }

  SessionDetector open(Detector detector) {
    return detector.open(session, new SessionFacts(), finding -> {});
  }

  IntentEvent intent() {
    return intent;
  }

  List<Action> next() {
    next = (next + 1) % CALLS;
    return calls.get(next);
  }
}
