package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.Finding;
import dev.quintai.core.Severity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * No event is unaccounted for: what {@link ExactModel} says is unexplained has its findings and
 * nothing else has one, and each call is matched, reported, or does not count.
 */
class ExactModelTest {
  private static final long MS = 1_000_000L;
  private static final Set<String> OF_TRUTHS =
      Set.of("truth_without_intent", "target_mismatch", "truth_precedes_intent");

  @Property(tries = 600)
  void eachTruthIsExplainedOrReported(@ForAll long seed) {
    Scenario story = Stories.random(new Random(seed));
    ExactModel model = new ExactModel(story.events);
    Map<String, Long> wanted = new TreeMap<>();
    for (ExactModel.Truth truth : model.truths) {
      if (truth.unexplained()) {
        wanted.merge(truth.pid + " " + truth.act.id(), 1L, Long::sum);
      }
    }
    Map<String, Long> told = new TreeMap<>();
    for (Finding f : Replay.of(story.events)) {
      if (OF_TRUTHS.contains(f.type())) {
        told.merge(f.pid() + " " + f.action(), f.count(), Long::sum);
      }
    }
    assertThat(told).isEqualTo(wanted);
  }

  @Property(tries = 600)
  void eachCallIsMatchedOrReported(@ForAll long seed) {
    Scenario story = Stories.random(new Random(seed));
    ExactModel model = new ExactModel(story.events);
    Map<String, Finding> told = new HashMap<>();
    Map<String, Finding> late = new HashMap<>();
    for (Finding f : Replay.of(story.events)) {
      if (f.toolUseId() != null) {
        Map<String, Finding> of = f.type().equals("timing_mismatch") ? late : told;
        assertThat(of.put(f.toolUseId(), f)).as("a second finding").isNull();
      }
    }
    int lateSoFar = 0;
    List<ExactModel.Call> byMatch =
        model.calls.stream().filter(c -> c.gap >= 0).sorted(ExactModelTest::byMatch).toList();
    for (ExactModel.Call call : byMatch) {
      Finding f = late.remove(call.id);
      assertThat(f).as("late: %s", call.id).isNotNull();
      assertThat(f.severity()).isEqualTo(++lateSoFar < 3 ? Severity.LOW : Severity.MEDIUM);
    }
    assertThat(late).isEmpty();
    for (ExactModel.Call call : model.calls) {
      Finding f = told.get(call.id);
      if (call.matched()) {
        assertThat(f).as("matched: %s", call.id).isNull();
      } else if (f == null) {
        assertThat(call.denied || call.error).as("not told: %s", call.id).isTrue();
      } else {
        check(model, call, f);
      }
    }
  }

  private static int byMatch(ExactModel.Call a, ExactModel.Call b) {
    return Long.compare(a.firstMatch, b.firstMatch);
  }

  /** A finding about a call of which nothing was seen says what the model allows. */
  private static void check(ExactModel model, ExactModel.Call call, Finding f) {
    switch (f.type()) {
      case "intent_without_truth" -> {
        assertThat(f.severity()).isEqualTo(Severity.INFO);
        assertThat(call.denied || call.error).isFalse();
      }
      case "target_mismatch" ->
          assertThat(model.truths)
              .anyMatch(
                  t ->
                      isOf(t, f)
                          && t.time >= call.time - 250 * MS
                          && t.time <= call.time + 5_000 * MS);
      case "truth_precedes_intent" -> {
        ExactModel.Truth before =
            model.truths.stream()
                .filter(t -> isOf(t, f) && t.time == f.timeNanos())
                .findFirst()
                .orElseThrow();
        long gap = call.time - before.time;
        assertThat(call.declares(before)).isTrue();
        assertThat(gap).isBetween(250 * MS + 1, 120_000 * MS);
        boolean strong = before.act == ActClass.EXEC || before.act == ActClass.NETWORK;
        assertThat(f.severity())
            .isEqualTo(
                !strong ? Severity.MEDIUM : gap > 10_000 * MS ? Severity.CRITICAL : Severity.HIGH);
      }
      default -> throw new AssertionError(f);
    }
  }

  private static boolean isOf(ExactModel.Truth t, Finding f) {
    return t.unexplained() && t.pid == f.pid() && Objects.equals(t.act.id(), f.action());
  }

  /** A call is told to be unseen only when no unexplained truth could stand in its place. */
  @Property(tries = 600)
  void whatCanStandForACallDoes(@ForAll long seed) {
    Scenario story = Stories.random(new Random(seed));
    ExactModel model = new ExactModel(story.events);
    List<Finding> findings = Replay.of(story.events);
    Set<String> unseen = new HashSet<>();
    for (Finding f : findings) {
      if (f.type().equals("intent_without_truth")) {
        unseen.add(f.toolUseId());
      }
    }
    for (Finding f : findings) {
      boolean free = f.type().equals("truth_without_intent") && f.count() == 1;
      if (!free || f.reason().startsWith("After ")) {
        continue;
      }
      if (f.revision() > 2) {
        continue; // it stood for a later call until this one was over: what is over stays as told
      }
      for (ExactModel.Truth truth : model.truths) {
        if (!isOf(truth, f) || truth.time != f.timeNanos()) {
          continue;
        }
        for (ExactModel.Call call : model.calls) {
          long after = truth.time - call.time;
          boolean near = after >= -250 * MS && after <= 5_000 * MS;
          assertThat(unseen.contains(call.id) && near && ofClass(call, truth))
              .as("%s is free, and %s has nothing", f, call.id)
              .isFalse();
        }
      }
    }
  }

  private static boolean ofClass(ExactModel.Call call, ExactModel.Truth truth) {
    if (call.command == null) {
      return call.act == truth.act;
    }
    return switch (truth.act) {
      case EXEC -> true;
      case FILE_READ -> !call.command.reads().isEmpty();
      case NETWORK -> !call.command.hosts().isEmpty();
      default -> false;
    };
  }
}
