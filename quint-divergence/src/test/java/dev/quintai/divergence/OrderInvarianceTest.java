package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.Finding;
import dev.quintai.core.event.Event;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The same events inside the lateness give the same findings, in whatever order they arrive. */
class OrderInvarianceTest {
  @Property(tries = 150)
  void anyOrderOfArrival(@ForAll long seed) {
    Random random = new Random(seed);
    Scenario scenario = Stories.random(random);
    List<Finding> expected = Replay.of(scenario.events);
    for (int i = 0; i < 3; i++) {
      assertThat(Replay.of(shuffled(scenario.events, random))).isEqualTo(expected);
    }
  }

  /** No revision repeats another, ids are never reused for something else, counts are positive. */
  @Property(tries = 150)
  void revisionsRise(@ForAll long seed) {
    Scenario scenario = Stories.random(new Random(seed));
    Map<String, Integer> last = new java.util.HashMap<>();
    for (Finding finding : Replay.revisions(scenario.events)) {
      Integer before = last.put(finding.id(), finding.revision());
      assertThat(finding.revision()).isEqualTo(before == null ? 1 : before + 1);
      assertThat(finding.count()).isPositive();
      assertThat(finding.confidence()).isBetween(0.0, 1.0);
      assertThat(finding.reason()).isNotBlank();
    }
  }

  /** Each expected call without a match is told or has a truth in its place, never both. */
  @Property(tries = 150)
  void eachCallHasOneOutcome(@ForAll long seed) {
    Scenario scenario = Stories.random(new Random(seed));
    Set<String> without = new HashSet<>();
    Set<String> other = new HashSet<>();
    for (Finding finding : Replay.of(scenario.events)) {
      switch (finding.type()) {
        case "intent_without_truth" -> assertThat(without.add(finding.toolUseId())).isTrue();
        case "target_mismatch", "truth_precedes_intent" ->
            assertThat(other.add(finding.toolUseId())).isTrue();
        default -> {}
      }
    }
    without.retainAll(other);
    assertThat(without).isEmpty();
  }

  private static List<Event> shuffled(List<Event> events, Random random) {
    record Arrival(double time, Event event) {}
    return events.stream()
        .map(e -> new Arrival(e.timeNanos() + random.nextDouble() * 29e9, e))
        .sorted(Comparator.comparingDouble(Arrival::time))
        .map(Arrival::event)
        .toList();
  }
}
