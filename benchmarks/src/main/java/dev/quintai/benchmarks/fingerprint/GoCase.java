package dev.quintai.benchmarks.fingerprint;

import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Measure;

/** Ours beside a benchmark of the Go reference, which may be missing. */
final class GoCase {
  private static final String RIVAL = "go-reference";

  private GoCase() {}

  static Comparison of(
      GoReference go,
      String area,
      String name,
      Measure ours,
      String benchmark,
      double limit,
      String note) {
    Measure theirs = go.of(benchmark);
    if (theirs == null) {
      String reason = go.missing() != null ? go.missing() : "it has no benchmark " + benchmark;
      return Comparison.withoutRival(area, name, ours, RIVAL, limit, reason);
    }
    return Comparison.ofTimes(area, name, ours, RIVAL, theirs, limit).noted(note);
  }
}
