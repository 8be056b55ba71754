package dev.quintai.benchmarks.signatures;

import dev.quintai.benchmarks.Area;
import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Measure;
import dev.quintai.benchmarks.Results;
import java.io.IOException;

/** The signature index beside the plain loop, and gate 1's time for an action. */
public final class SignaturesArea implements Area {
  private static final String NAME = "signatures";
  private static final String[] SIZES = {"5", "100", "10000", "100000"};
  private static final double[] LIMITS = {0.05, 0.02, 0.01, Double.NaN};

  private static final String ACTION = "action-built-in";
  private static final String LOAD = "load-10000";
  private static final String RELOAD = "reload-p999";

  /** The most nanoseconds a signature may cost at the largest size. */
  private static final double NANOS_A_SIGNATURE = 5;

  /** The most nanoseconds an action may cost with the built-in signatures. */
  private static final double NANOS_AN_ACTION = 200;

  /** Found by name. */
  public SignaturesArea() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void compare(Effort effort, Results results) throws IOException {
    JmhRounds jmh = new JmhRounds(effort);
    Percentile quiet = new Percentile(effort, false);
    Percentile reloading = new Percentile(effort, true);
    for (int round = 1; round <= effort.rounds(); round++) {
      results.progress("signatures, round " + round + " of " + effort.rounds());
      for (String size : SIZES) {
        if (effort.wants("match-" + size)) {
          jmh.run(MatchBenchmark.class, "indexed", "signatures", size);
          jmh.run(MatchBenchmark.class, "plain", "signatures", size);
        }
      }
      if (effort.wants(ACTION)) {
        jmh.run(ActionBenchmark.class, "evaluate");
      }
      if (effort.wants(LOAD)) {
        jmh.run(LoadBenchmark.class, "verifyAndLoad");
      }
      if (effort.wants(RELOAD)) {
        quiet.run();
        reloading.run();
      }
    }
    for (int i = 0; i < SIZES.length; i++) {
      if (effort.wants("match-" + SIZES[i])) {
        match(jmh, results, SIZES[i], LIMITS[i]);
      }
    }
    if (effort.wants(ACTION)) {
      results.add(
          Comparison.ofTimes(
              NAME,
              ACTION,
              jmh.of(ActionBenchmark.class, "evaluate"),
              "200 ns an action",
              Measure.nanos(NANOS_AN_ACTION, Double.NaN),
              1.0));
    }
    if (effort.wants(LOAD)) {
      results.add(
          Comparison.ofTimes(
              NAME,
              LOAD,
              jmh.of(LoadBenchmark.class, "verifyAndLoad"),
              "3 s",
              new Measure(3_000, "ms/op", Double.NaN),
              1.0));
    }
    if (effort.wants(RELOAD)) {
      results.add(
          Comparison.ofTimes(
                  NAME, RELOAD, reloading.median(), "without reloads", quiet.median(), Double.NaN)
              .noted("99.9th percentile of an action with 10,000 signatures"));
    }
  }

  private static void match(JmhRounds jmh, Results results, String size, double limit) {
    Measure ours = jmh.of(MatchBenchmark.class, "indexed", "signatures", size);
    Measure theirs = jmh.of(MatchBenchmark.class, "plain", "signatures", size);
    results.add(Comparison.ofTimes(NAME, "match-" + size, ours, "plain loop", theirs, limit));
    if (Double.isNaN(limit)) {
      results.add(
          Comparison.ofTimes(
              NAME,
              "match-" + size + "-aim",
              ours,
              "5 ns a signature",
              Measure.nanos(Integer.parseInt(size) * NANOS_A_SIGNATURE, Double.NaN),
              1.0));
    }
  }
}
