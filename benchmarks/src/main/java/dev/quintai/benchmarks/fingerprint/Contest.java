package dev.quintai.benchmarks.fingerprint;

import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Measure;
import dev.quintai.benchmarks.Results;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Claims of one area. Only the benchmarks that the wanted ones need are run, each once a round, the
 * two of a claim one after the other.
 */
final class Contest {
  /** The limit of what is only reported. */
  static final double REPORTED = Double.NaN;

  private final String area;
  private final Effort effort;
  private final GoReference go;
  private final JmhRounds jmh;
  private final DataSketches dataSketches = DataSketches.find();
  private final List<Claim> claims = new ArrayList<>();

  Contest(String area, Effort effort) throws IOException {
    this.area = area;
    this.effort = effort.finer();
    this.go = GoReference.build();
    this.jmh = new JmhRounds(this.effort);
  }

  /** What can be measured. */
  sealed interface Subject permits Jmh, Go, Modern {}

  /** A benchmark of ours or of a rival in Java. */
  record Jmh(Class<?> type, String method, String agents) implements Subject {
    Jmh(Class<?> type, String method) {
      this(type, method, null);
    }

    String[] parameter() {
      return agents == null ? new String[0] : new String[] {"agents", agents};
    }
  }

  /** A benchmark of the Go reference. */
  record Go(String benchmark) implements Subject {}

  /** A benchmark beside a library that needs a later JVM than the project. */
  record Modern(String method) implements Subject {}

  private record Claim(
      String name,
      Subject ours,
      String rival,
      Subject theirs,
      double limit,
      Subject ourLoop,
      Subject theirLoop,
      String note) {}

  /**
   * Claims that ours takes at most {@code limit} times as long as theirs.
   *
   * @param ourLoop what costs as much as the loop around ours
   * @param theirLoop what costs as much as the loop around theirs; null for the same
   * @param note what else must be known to read the figures, or null
   */
  void claim(
      String name,
      Subject ours,
      String rival,
      Subject theirs,
      double limit,
      Subject ourLoop,
      Subject theirLoop,
      String note) {
    claims.add(new Claim(name, ours, rival, theirs, limit, ourLoop, theirLoop, note));
  }

  void run(Results results) throws IOException {
    claims.removeIf(claim -> !effort.wants(claim.name()));
    for (int round = 1; round <= effort.rounds(); round++) {
      results.progress(area + ", round " + round + " of " + effort.rounds());
      Set<Subject> done = new HashSet<>();
      for (Claim claim : claims) {
        for (Subject subject :
            new Subject[] {claim.ours, claim.theirs, claim.ourLoop, claim.theirLoop}) {
          if (subject != null && done.add(subject)) {
            measure(subject);
          }
        }
      }
    }
    Set<Subject> weighed = new HashSet<>();
    for (Claim claim : claims) {
      results.add(compare(claim));
      if (!Double.isNaN(claim.limit) && !rounds(claim.ours).isEmpty() && weighed.add(claim.ours)) {
        results.add(allocation(claim));
      }
    }
  }

  /** The claim that ours allocates nothing. */
  private Comparison allocation(Claim claim) {
    double bytes = of(claim.ours).bytesPerOp();
    return new Comparison(
        area,
        claim.name + "-bytes",
        new Measure(bytes, "B/op", Double.NaN),
        "no allocation",
        new Measure(0, "B/op", Double.NaN),
        bytes,
        0,
        "ratio: bytes allocated for each operation");
  }

  private void measure(Subject subject) throws IOException {
    if (subject instanceof Jmh java) {
      jmh.run(java.type, java.method, java.parameter());
    } else if (subject instanceof Go reference) {
      go.run(effort, reference.benchmark);
    } else if (subject instanceof Modern modern && dataSketches.missing() == null) {
      dataSketches.run(jmh, modern.method);
    }
  }

  private Comparison compare(Claim claim) {
    List<Double> theirs = rounds(claim.theirs);
    if (theirs.isEmpty()) {
      String reason = claim.theirs instanceof Go ? go.missing() : dataSketches.missing();
      return Comparison.withoutRival(
          area, claim.name, of(claim.ours), claim.rival, claim.limit, reason);
    }
    Comparison comparison =
        Comparison.ofRounds(
            area,
            claim.name,
            of(claim.ours),
            rounds(claim.ours),
            claim.rival,
            of(claim.theirs),
            theirs,
            claim.limit);
    String here = nanos(claim.ourLoop);
    String loops =
        claim.theirLoop == null
            ? "both include " + here + " of the loop"
            : "the loop itself costs " + here + " here, " + nanos(claim.theirLoop) + " there";
    comparison = comparison.noted(loops);
    return claim.note == null ? comparison : comparison.noted(claim.note);
  }

  private String nanos(Subject loop) {
    return String.format(Locale.ROOT, "%.1f ns", JmhRounds.median(rounds(loop)));
  }

  private List<Double> rounds(Subject subject) {
    if (subject instanceof Jmh java) {
      return jmh.rounds(java.type, java.method, java.parameter());
    } else if (subject instanceof Modern modern) {
      return jmh.rounds(DataSketchesBenchmark.class, modern.method);
    }
    return go.rounds(((Go) subject).benchmark);
  }

  private Measure of(Subject subject) {
    if (subject instanceof Jmh java) {
      return jmh.of(java.type, java.method, java.parameter());
    } else if (subject instanceof Modern modern) {
      return rounds(subject).isEmpty() ? null : jmh.of(DataSketchesBenchmark.class, modern.method);
    }
    return go.of(((Go) subject).benchmark);
  }
}
