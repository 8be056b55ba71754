package dev.quintai.benchmarks.divergence;

import dev.quintai.benchmarks.Area;
import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Measure;
import dev.quintai.benchmarks.Results;
import dev.quintai.divergence.DivergenceSettings;
import dev.quintai.divergence.SessionMatcher;
import java.io.IOException;

/** Attribution and matching at 10,000 sessions beside a scan of the window; state of a session. */
public final class DivergenceArea implements Area {
  private static final String NAME = "divergence";
  private static final String MATCH = "match-10000-sessions";
  private static final String NAIVE = "match-10000-naive";
  private static final String HEAP = "state-on-the-heap";
  private static final String LARGEST = "state-largest";
  private static final String LENGTH = "length-60-minutes";
  private static final String ENGINE = "engine-10000-sessions";
  private static final String GOAL = "a million a second";

  /** A million events a second. */
  private static final double NANOS_AN_EVENT = 1_000;

  /** Steps of ten seconds. */
  private static final int FIVE_MINUTES = 30;

  private static final double BYTES_A_SESSION = 64 * 1024;

  /** Noise of two runs of the same thing. */
  private static final double ALIKE = 1.15;

  /** Found by name. */
  public DivergenceArea() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void compare(Effort effort, Results results) throws IOException {
    int rounds = Math.min(2, effort.rounds()); // each begins with minutes of events
    JmhRounds jmh = new JmhRounds(effort);
    if (effort.wants(MATCH)) {
      matching(rounds, jmh, results);
    }
    if (effort.wants(NAIVE)) {
      naive(jmh, results);
    }
    if (effort.wants(HEAP) || effort.wants(LARGEST)) {
      state(results);
    }
    if (effort.wants(LENGTH)) {
      length(rounds, jmh, results);
    }
    if (effort.wants(ENGINE)) {
      engine(jmh, results);
    }
  }

  private static void matching(int rounds, JmhRounds jmh, Results results) throws IOException {
    for (int round = 1; round <= rounds; round++) {
      results.progress("divergence, matching, round " + round + " of " + rounds);
      jmh.run(MatchingBenchmark.class, "attributeAndMatch");
    }
    Measure ours = jmh.of(MatchingBenchmark.class, "attributeAndMatch");
    results.add(Comparison.ofTimes(NAME, MATCH, ours, GOAL, goal(), 1.0));
  }

  /** One round: to fill its window alone takes the scan most of a minute. */
  private static void naive(JmhRounds jmh, Results results) throws IOException {
    results.progress("divergence, beside a scan");
    jmh.run(MatchingBenchmark.class, "attributeAndMatch");
    jmh.run(MatchingBenchmark.class, "naiveScan");
    Measure ours = jmh.of(MatchingBenchmark.class, "attributeAndMatch");
    Measure theirs = jmh.of(MatchingBenchmark.class, "naiveScan");
    results.add(Comparison.ofTimes(NAME, NAIVE, ours, "scan of the window", theirs, 1.0));
  }

  private static void length(int rounds, JmhRounds jmh, Results results) throws IOException {
    for (int round = 1; round <= rounds; round++) {
      results.progress("divergence, length, round " + round + " of " + rounds);
      jmh.run(LengthBenchmark.class, "attributeAndMatch", "minutes", "5");
      jmh.run(LengthBenchmark.class, "attributeAndMatch", "minutes", "60");
    }
    results.add(
        Comparison.ofTimes(
            NAME,
            LENGTH,
            jmh.of(LengthBenchmark.class, "attributeAndMatch", "minutes", "60"),
            "ours after 5 minutes",
            jmh.of(LengthBenchmark.class, "attributeAndMatch", "minutes", "5"),
            ALIKE));
  }

  private static void engine(JmhRounds jmh, Results results) throws IOException {
    results.progress("divergence, engine");
    jmh.run(MatchingBenchmark.class, "engine");
    results.add(
        Comparison.ofTimes(
                NAME, ENGINE, jmh.of(MatchingBenchmark.class, "engine"), GOAL, goal(), Double.NaN)
            .noted("attributes each event twice and puts it into the order of time"));
  }

  private static Measure goal() {
    return Measure.nanos(NANOS_AN_EVENT, Double.NaN);
  }

  /** What the matchers of 10,000 sessions hold after five minutes, as the heap tells it. */
  private static void state(Results results) {
    results.progress("divergence, state of a session");
    Mix mix = new Mix(MatchingBenchmark.SESSIONS);
    Operator operator = new Operator();
    long before = used();
    operator.take(mix.starts());
    for (int i = 0; i < FIVE_MINUTES; i++) {
      operator.take(mix.next(MatchingBenchmark.OF_EACH));
    }
    double held = (double) (used() - before) / MatchingBenchmark.SESSIONS;
    long largest = 0;
    for (SessionMatcher matcher : operator.matchers()) {
      largest = Math.max(largest, matcher.stateBytes());
    }
    results.add(
        Comparison.ofTimes(
                NAME,
                HEAP,
                new Measure(held, "B/session", Double.NaN),
                "64 KB",
                new Measure(BYTES_A_SESSION, "B/session", Double.NaN),
                1.0)
            .noted("with its part of the attribution; the mean of all sessions"));
    results.add(
        Comparison.ofTimes(
                NAME,
                LARGEST,
                new Measure(largest, "B/session", Double.NaN),
                "the bound",
                new Measure(DivergenceSettings.DEFAULTS.maxBytes(), "B/session", Double.NaN),
                1.0)
            .noted("the matcher's own estimate"));
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
