package dev.quintai.benchmarks.signatures;

import dev.quintai.benchmarks.Area;
import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Measure;
import dev.quintai.benchmarks.Results;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** The signature index beside the plain loop, and gate 1's time for an action. */
public final class SignaturesArea implements Area {
  private static final String NAME = "signatures";
  private static final String[] SIZES = {"5", "100", "10000", "100000"};
  private static final double[] LIMITS = {0.05, 0.02, 0.01, Double.NaN};

  private static final String ACTION = "action-built-in-";
  private static final String[] MIXES = {"usual", "uniform"};
  private static final String LOAD = "load-10000";

  /** What reloads of our set are compared with. */
  private enum Reload {
    /** A set that changes every two seconds, and one that never does. */
    PACED("reload-p999-paced-beside-nobody", 2000, "nobody", PACED_LIMIT),

    /** Reloads without any pause, of our set and of another. */
    CEASELESS_NEIGHBOUR("reload-p999-ceaseless-beside-neighbour", 0, "neighbour", EQUAL_LIMIT),

    /** The work of reloads that never pause takes a processor; what that costs is reported. */
    CEASELESS("reload-p999-ceaseless-beside-nobody", 0, "nobody", Double.NaN);

    final String caseName;
    final int pauseMillis;
    final String other;
    final double limit;

    Reload(String caseName, int pauseMillis, String other, double limit) {
      this.caseName = caseName;
      this.pauseMillis = pauseMillis;
      this.other = other;
      this.limit = limit;
    }
  }

  /**
   * Two equal runs differ by up to half; a match that waited for a reload, which takes a tenth of a
   * second, would be a thousand times slower.
   */
  private static final double EQUAL_LIMIT = 2;

  private static final double PACED_LIMIT = 2;

  /** Rounds of the reloads, whose preparation takes longer than their measurement. */
  private static final int RELOAD_ROUNDS = 3;

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
    Map<Reload, Percentile> ours = new EnumMap<>(Reload.class);
    Map<Reload, Percentile> theirs = new EnumMap<>(Reload.class);
    for (Reload reload : Reload.values()) {
      ours.put(reload, new Percentile(effort, "ours", reload.pauseMillis));
      theirs.put(reload, new Percentile(effort, reload.other, reload.pauseMillis));
    }
    for (int round = 1; round <= effort.rounds(); round++) {
      results.progress("signatures, round " + round + " of " + effort.rounds());
      for (String size : SIZES) {
        if (effort.wants(name(size))) {
          jmh.run(MatchBenchmark.class, "indexed", "signatures", size);
          jmh.run(MatchBenchmark.class, "plain", "signatures", size);
        }
      }
      for (String mix : MIXES) {
        if (effort.wants(ACTION + mix)) {
          jmh.run(ActionBenchmark.class, "evaluate", "mix", mix);
        }
      }
      if (effort.wants(LOAD)) {
        jmh.run(LoadBenchmark.class, "verifyAndLoad");
      }
      for (Reload reload : Reload.values()) {
        if (round <= RELOAD_ROUNDS && effort.wants(reload.caseName)) {
          theirs.get(reload).run();
          ours.get(reload).run();
        }
      }
    }
    for (int i = 0; i < SIZES.length; i++) {
      if (effort.wants(name(SIZES[i]))) {
        match(jmh, results, SIZES[i], LIMITS[i]);
      }
    }
    for (String mix : MIXES) {
      if (effort.wants(ACTION + mix)) {
        results.add(
            Comparison.ofTimes(
                NAME,
                ACTION + mix,
                jmh.of(ActionBenchmark.class, "evaluate", "mix", mix),
                "200 ns an action",
                Measure.nanos(NANOS_AN_ACTION, Double.NaN),
                1.0));
      }
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
    for (Reload reload : Reload.values()) {
      if (effort.wants(reload.caseName)) {
        results.add(reloads(reload, ours.get(reload), theirs.get(reload)));
      }
    }
  }

  private static Comparison reloads(Reload reload, Percentile ours, Percentile theirs) {
    return Comparison.ofRounds(
            NAME,
            reload.caseName,
            ours.median(),
            ours.rounds(),
            "reloads of " + reload.other,
            theirs.median(),
            theirs.rounds(),
            reload.limit)
        .noted(
            "99.9th percentile of an action with 10,000 signatures, reloaded "
                + (reload.pauseMillis == 0
                    ? "without pause"
                    : "every " + reload.pauseMillis / 1000 + " s"));
  }

  /** No name begins with another, so that each case can be run alone. */
  private static String name(String size) {
    return "match-" + size + "-signatures";
  }

  private static void match(JmhRounds jmh, Results results, String size, double limit) {
    Measure ours = jmh.of(MatchBenchmark.class, "indexed", "signatures", size);
    Measure theirs = jmh.of(MatchBenchmark.class, "plain", "signatures", size);
    results.add(Comparison.ofTimes(NAME, name(size), ours, "plain loop", theirs, limit));
    if (Double.isNaN(limit)) {
      results.add(
          Comparison.ofTimes(
              NAME,
              name(size) + "-aim",
              ours,
              "5 ns a signature",
              Measure.nanos(Integer.parseInt(size) * NANOS_A_SIGNATURE, Double.NaN),
              1.0));
    }
  }
}
