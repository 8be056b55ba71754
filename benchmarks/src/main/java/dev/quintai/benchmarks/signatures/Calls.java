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

/**
 * The calls of a session that reads, writes, searches and runs, as most do: one action each, and an
 * id of its own.
 */
final class Calls {
  private static final int CALLS = 4096;

  private final Session session =
      new Session(
          new ProcessId(1, 1),
          "claude-code",
          null,
          AgentIds.agentId("benchmark", 0, "claude-code", null));
  private final List<IntentEvent> intents = new ArrayList<>(CALLS);
  private final List<List<Action>> calls = new ArrayList<>(CALLS);
  private int next;

  /**
   * Makes the calls.
   *
   * @param uniform every capability as often as every other, instead of the usual work
   */
  Calls(boolean uniform) {
    Random random = new Random(1);
    Capability[] usual = {
      Capability.READ, Capability.WRITE, Capability.SEARCH, Capability.EXECUTE, Capability.READ
    };
    for (int i = 0; i < CALLS; i++) {
      Capability capability =
          uniform || random.nextInt(20) == 0
              ? Capability.at(random.nextInt(Capability.COUNT))
              : usual[random.nextInt(usual.length)];
      intents.add(
          IntentEvent.builder(i + 1L, session.root(), "tool").toolUseId("toolu_" + i).build());
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

  /** Takes the next call. */
  void advance() {
    next = (next + 1) % CALLS;
  }

  IntentEvent intent() {
    return intents.get(next);
  }

  List<Action> actions() {
    return calls.get(next);
  }
}
