package dev.quintai.divergence;

import static dev.quintai.divergence.Scenario.AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.Finding;
import dev.quintai.core.event.Event;
import java.util.ArrayList;
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
  private static final String SHOP = "/home/ann/shop";
  private static final String[] PATHS = {
    SHOP + "/a.ts", SHOP + "/b.ts", "/srv/x", "/srv/y", "/home/ann/.ssh/id_rsa", "/etc/motd"
  };
  private static final String[] LINES = {
    "make a", "cat /srv/x", "ls -la", "curl https://api.example/x", "cat ~/.ssh/id_rsa"
  };
  private static final String[][] PROGRAMS = {
    {"/usr/bin/make", "make", "a"},
    {"/usr/bin/cat", "cat", "/srv/x"},
    {"/usr/bin/ls", "ls", "-la"},
    {"/usr/bin/curl", "curl", "https://api.example/x"},
    {"/usr/bin/cat", "cat", "/home/ann/.ssh/id_rsa"},
    {"/usr/bin/nc", "nc", "203.0.113.9", "1"},
  };

  @Property(tries = 150)
  void anyOrderOfArrival(@ForAll long seed) {
    Random random = new Random(seed);
    Scenario scenario = story(random);
    List<Finding> expected = plain(Replay.of(scenario.events));
    for (int i = 0; i < 3; i++) {
      assertThat(plain(Replay.of(shuffled(scenario.events, random)))).isEqualTo(expected);
    }
  }

  /** No revision repeats another, ids are never reused for something else, counts are positive. */
  @Property(tries = 150)
  void revisionsRise(@ForAll long seed) {
    Scenario scenario = story(new Random(seed));
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
    Scenario scenario = story(new Random(seed));
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

  private static Scenario story(Random random) {
    Scenario s = new Scenario();
    List<Integer> children = new ArrayList<>();
    int steps = 3 + random.nextInt(25);
    double t = 1;
    for (int i = 0; i < steps; i++) {
      t += random.nextInt(4) == 0 ? random.nextInt(140) : random.nextInt(700) / 100.0;
      t = Math.round(t * 100) / 100.0 + 0.05;
      switch (random.nextInt(9)) {
        case 0 -> maybeEnd(s, random, t, s.read(t, pick(random, PATHS)));
        case 1 -> maybeEnd(s, random, t, s.write(t, pick(random, PATHS)));
        case 2, 3 -> maybeEnd(s, random, t, s.bash(t, pick(random, LINES)));
        case 4 -> s.reads(t, AGENT, pick(random, PATHS));
        case 5 -> s.writes(t, AGENT, pick(random, PATHS));
        case 6 -> {
          int pid = (int) Math.round(t * 100);
          String[] program = PROGRAMS[random.nextInt(PROGRAMS.length)];
          String[] argv = java.util.Arrays.copyOfRange(program, 1, program.length);
          s.fork(pid, AGENT).again(pid / 100.0 + 0.01, pid, AGENT, program[0], argv);
          children.add(pid);
        }
        case 7 -> {
          if (!children.isEmpty()) {
            int pid = children.get(random.nextInt(children.size()));
            double at = Math.max(t, pid / 100.0 + 0.02);
            s.reads(at, pid, pick(random, PATHS));
            s.connects(at + 0.01, pid, "203.0.113." + random.nextInt(3), null);
          }
        }
        default -> s.connects(t, AGENT, "203.0.113.9", random.nextBoolean() ? "x.example" : null);
      }
    }
    s.events.sort(Comparator.comparingLong(Event::timeNanos));
    return s;
  }

  private static void maybeEnd(Scenario s, Random random, double t, String call) {
    switch (random.nextInt(5)) {
      case 0 -> {}
      case 1 -> s.error(t + random.nextInt(8), call);
      case 2 -> s.answer(t + random.nextInt(3), call, random.nextBoolean());
      default -> s.result(t + random.nextInt(200) / 10.0, call);
    }
  }

  private static String pick(Random random, String[] of) {
    return of[random.nextInt(of.length)];
  }

  private static List<Event> shuffled(List<Event> events, Random random) {
    record Arrival(double time, Event event) {}
    return events.stream()
        .map(e -> new Arrival(e.timeNanos() + random.nextDouble() * 29e9, e))
        .sorted(Comparator.comparingDouble(Arrival::time))
        .map(Arrival::event)
        .toList();
  }

  private static List<Finding> plain(List<Finding> findings) {
    return findings.stream().map(f -> f.revise().revision(1).parentSession(null).build()).toList();
  }
}
