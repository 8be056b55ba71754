package dev.quintai.divergence;

import dev.quintai.core.Action;
import dev.quintai.core.Capability;
import dev.quintai.core.FinalFindings;
import dev.quintai.core.Finding;
import dev.quintai.core.Mode;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.event.Event;
import dev.quintai.core.platform.PlatformDetector;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.FindingSink;
import java.util.ArrayList;
import java.util.List;

/** Runs events through an engine with this gate alone. */
final class Replay {
  private Replay() {}

  /** The findings in their final state. */
  static List<Finding> of(List<Event> events) {
    return of(events, DivergenceSettings.DEFAULTS);
  }

  static List<Finding> of(List<Event> events, DivergenceSettings settings) {
    FinalFindings last = new FinalFindings(10_000);
    run(events, settings, last);
    return last.sorted();
  }

  /** Every revision, in the order in which it was told. */
  static List<Finding> revisions(List<Event> events) {
    List<Finding> all = new ArrayList<>();
    run(events, DivergenceSettings.DEFAULTS, all::add);
    return all;
  }

  /** The same with another gate. */
  static List<Finding> revisions(List<Event> events, Detector gate) {
    List<Finding> all = new ArrayList<>();
    run(events, gate, all::add);
    return all;
  }

  private static void run(List<Event> events, DivergenceSettings settings, FindingSink sink) {
    run(events, new DivergenceDetector(settings), sink);
  }

  private static void run(List<Event> events, Detector gate, FindingSink sink) {
    QuintEngine engine =
        QuintEngine.builder()
            .mode(Mode.SHADOW)
            .platforms(PlatformDetector.defaults())
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
            .detector(gate)
            .sink(sink)
            .build();
    for (Event event : events) {
      engine.accept(event);
    }
    engine.close();
    if (!engine.stats().gateFailures().isEmpty()) {
      throw new AssertionError("the gate failed: " + engine.stats().gateFailures());
    }
  }
}
