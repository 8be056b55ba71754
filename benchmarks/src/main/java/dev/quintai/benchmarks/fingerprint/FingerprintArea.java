package dev.quintai.benchmarks.fingerprint;

import dev.quintai.benchmarks.Area;
import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Measure;
import dev.quintai.benchmarks.Results;
import java.io.IOException;

/** Updates beside the Go reference, and each sketch beside those of other libraries. */
public final class FingerprintArea implements Area {
  private static final String NAME = "fingerprint";
  private static final double REPORTED = Double.NaN;
  private static final String[] AGENTS = {"hot", "zipf", "uniform"};
  private static final String[] GO_UPDATES = {"UpdateHot", "UpdateZipf40K", "UpdateUniform40K"};
  private static final String[] GO_HASHED = {"HashedHot", "HashedZipf40K", "HashedUniform40K"};
  private static final String[] SKETCHES = {
    "loopOnly",
    "countMinAdd",
    "countMinAddStreamLib",
    "countMinAddStrings",
    "countMinAddStringsStreamLib",
    "countMinCount",
    "countMinCountStreamLib",
    "countMinCountStrings",
    "countMinCountStringsStreamLib",
    "frequencyAddDataSketches",
    "frequencyCountDataSketches",
    "bloomAdd",
    "bloomAddGuava",
    "bloomAddDataSketches",
    "distinctAdd",
    "distinctAddFew",
    "distinctAddHash4j",
    "distinctAddDataSketches",
    "xxh3",
    "xxh3Hash4j"
  };

  /** Found by name. */
  public FingerprintArea() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void compare(Effort effort, Results results) throws IOException {
    GoReference go = GoReference.build();
    JmhRounds jmh = new JmhRounds(effort);
    for (int round = 1; round <= effort.rounds(); round++) {
      results.progress("fingerprint, round " + round + " of " + effort.rounds());
      for (int i = 0; i < AGENTS.length; i++) {
        go.run(effort, GO_UPDATES[i], GO_HASHED[i]);
        for (String method : new String[] {"strings", "freshStrings", "hashed", "hashedBatches"}) {
          jmh.run(UpdateBenchmark.class, method, "agents", AGENTS[i]);
        }
      }
      jmh.run(UpdateBenchmark.class, "loopOnly", "agents", "hot");
      go.run(effort, "FillOnly", "CMSAdd", "CMSCount", "BloomAdd");
      for (String method : SKETCHES) {
        jmh.run(SketchBenchmark.class, method);
      }
    }
    updates(jmh, go, results);
    sketches(jmh, go, results);
  }

  private static void updates(JmhRounds jmh, GoReference go, Results results) {
    String loops =
        String.format(
            "includes the loop over the stream: %.1f ns here, %s there",
            jmh.of(UpdateBenchmark.class, "loopOnly", "agents", "hot").value(),
            go.of("FillOnly") == null ? "?" : go.of("FillOnly").value() + " ns");
    double[] batchLimits = {REPORTED, 0.7, 0.6};
    for (int i = 0; i < AGENTS.length; i++) {
      String who = AGENTS[i];
      against(
          go,
          results,
          "update-" + who + "-strings",
          update(jmh, "strings", who),
          GO_UPDATES[i],
          1.0,
          loops);
      against(
          go,
          results,
          "update-" + who + "-fresh-strings",
          update(jmh, "freshStrings", who),
          GO_UPDATES[i],
          REPORTED,
          "ours makes the Strings of each event anew; " + loops);
      against(
          go,
          results,
          "update-" + who + "-hashed",
          update(jmh, "hashed", who),
          GO_HASHED[i],
          REPORTED,
          loops);
      against(
          go,
          results,
          "update-" + who + "-hashed-batches",
          update(jmh, "hashedBatches", who),
          GO_HASHED[i],
          batchLimits[i],
          loops);
    }
  }

  private static Measure update(JmhRounds jmh, String method, String agents) {
    return jmh.of(UpdateBenchmark.class, method, "agents", agents);
  }

  private static void sketches(JmhRounds jmh, GoReference go, Results results) {
    String loop =
        String.format("includes %.1f ns to choose a key", sketch(jmh, "loopOnly").value());
    against(go, results, "count-min-add", sketch(jmh, "countMinAdd"), "CMSAdd", 1.5, loop);
    against(go, results, "count-min-count", sketch(jmh, "countMinCount"), "CMSCount", 1.5, loop);
    against(go, results, "bloom-add", sketch(jmh, "bloomAdd"), "BloomAdd", REPORTED, loop);
    pair(
        jmh,
        results,
        "count-min-add-strings",
        "countMinAddStrings",
        "stream-lib",
        "countMinAddStringsStreamLib",
        0.1);
    pair(
        jmh,
        results,
        "count-min-count-strings",
        "countMinCountStrings",
        "stream-lib",
        "countMinCountStringsStreamLib",
        0.1);
    pair(jmh, results, "count-min-add", "countMinAdd", "stream-lib", "countMinAddStreamLib", 0.1);
    pair(
        jmh,
        results,
        "count-min-count",
        "countMinCount",
        "stream-lib",
        "countMinCountStreamLib",
        REPORTED);
    pair(
        jmh,
        results,
        "count-min-add",
        "countMinAdd",
        "datasketches-frequent-items",
        "frequencyAddDataSketches",
        REPORTED);
    pair(
        jmh,
        results,
        "count-min-count",
        "countMinCount",
        "datasketches-frequent-items",
        "frequencyCountDataSketches",
        REPORTED);
    pair(jmh, results, "bloom-add", "bloomAdd", "guava", "bloomAddGuava", 0.1);
    pair(jmh, results, "bloom-add", "bloomAdd", "datasketches", "bloomAddDataSketches", REPORTED);
    pair(jmh, results, "distinct-add", "distinctAdd", "hash4j", "distinctAddHash4j", 1.0);
    pair(
        jmh,
        results,
        "distinct-add-few",
        "distinctAddFew",
        "hash4j",
        "distinctAddHash4j",
        REPORTED);
    pair(
        jmh,
        results,
        "distinct-add",
        "distinctAdd",
        "datasketches",
        "distinctAddDataSketches",
        REPORTED);
    pair(jmh, results, "xxh3", "xxh3", "hash4j", "xxh3Hash4j", REPORTED);
  }

  private static Measure sketch(JmhRounds jmh, String method) {
    return jmh.of(SketchBenchmark.class, method);
  }

  private static void pair(
      JmhRounds jmh,
      Results results,
      String name,
      String ours,
      String rival,
      String theirs,
      double limit) {
    results.add(
        Comparison.ofTimes(NAME, name, sketch(jmh, ours), rival, sketch(jmh, theirs), limit));
  }

  private static void against(
      GoReference go,
      Results results,
      String name,
      Measure ours,
      String theirs,
      double limit,
      String note) {
    results.add(GoCase.of(go, NAME, name, ours, theirs, limit, note));
  }
}
