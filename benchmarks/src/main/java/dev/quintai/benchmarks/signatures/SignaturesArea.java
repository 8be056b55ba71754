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
    for (int round = 1; round <= effort.rounds(); round++) {
      results.progress("signatures, round " + round + " of " + effort.rounds());
      for (String size : SIZES) {
        jmh.run(MatchBenchmark.class, "indexed", "signatures", size);
        jmh.run(MatchBenchmark.class, "plain", "signatures", size);
      }
      jmh.run(ActionBenchmark.class, "evaluate");
    }
    for (int i = 0; i < SIZES.length; i++) {
      Measure ours = jmh.of(MatchBenchmark.class, "indexed", "signatures", SIZES[i]);
      Measure theirs = jmh.of(MatchBenchmark.class, "plain", "signatures", SIZES[i]);
      results.add(
          Comparison.ofTimes(NAME, "match-" + SIZES[i], ours, "plain loop", theirs, LIMITS[i]));
    }
    results.add(
        Comparison.ofTimes(
            NAME,
            "match-100000-aim",
            jmh.of(MatchBenchmark.class, "indexed", "signatures", "100000"),
            "5 ns a signature",
            Measure.nanos(100_000 * NANOS_A_SIGNATURE, Double.NaN),
            1.0));
    results.add(
        Comparison.ofTimes(
            NAME,
            "action-built-in",
            jmh.of(ActionBenchmark.class, "evaluate"),
            "200 ns an action",
            Measure.nanos(NANOS_AN_ACTION, Double.NaN),
            1.0));
  }
}
