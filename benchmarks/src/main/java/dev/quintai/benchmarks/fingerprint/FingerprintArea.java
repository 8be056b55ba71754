package dev.quintai.benchmarks.fingerprint;

import static dev.quintai.benchmarks.fingerprint.Contest.REPORTED;

import dev.quintai.benchmarks.Area;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.Results;
import dev.quintai.benchmarks.fingerprint.Contest.Go;
import dev.quintai.benchmarks.fingerprint.Contest.Jmh;
import dev.quintai.benchmarks.fingerprint.Contest.Modern;
import dev.quintai.benchmarks.fingerprint.Contest.Subject;
import java.io.IOException;

/** Updates beside the Go reference, and each sketch beside those of other libraries. */
public final class FingerprintArea implements Area {
  private static final String GO = "go-reference";
  private static final String STREAM_LIB = "stream-lib";
  private static final String DATA_SKETCHES = "datasketches";
  private static final String FREQUENT_ITEMS = "datasketches-frequent-items";
  private static final String HASH4J = "hash4j";

  /** Found by name. */
  public FingerprintArea() {}

  @Override
  public String name() {
    return "fingerprint";
  }

  @Override
  public void compare(Effort effort, Results results) throws IOException {
    Contest contest = new Contest(name(), effort);
    updates(contest, "hot", "UpdateHot", "HashedHot", REPORTED);
    updates(contest, "zipf", "UpdateZipf40K", "HashedZipf40K", 0.7);
    updates(contest, "uniform", "UpdateUniform40K", "HashedUniform40K", 0.6);
    lines(contest, "zipf", "HashedZipf40K");
    lines(contest, "uniform", "HashedUniform40K");
    counts(contest);
    others(contest);
    contest.run(results);
  }

  private static void updates(
      Contest contest, String agents, String goStrings, String goHashed, double batchLimit) {
    Subject loop = new Jmh(UpdateBenchmark.class, "loopOnly", "hot");
    Subject goLoop = new Go("FillOnly");
    String name = "update-" + agents;
    contest.claim(
        name + "-strings",
        new Jmh(UpdateBenchmark.class, "strings", agents),
        GO,
        new Go(goStrings),
        1.0,
        loop,
        goLoop,
        null);
    contest.claim(
        name + "-fresh-strings",
        new Jmh(UpdateBenchmark.class, "freshStrings", agents),
        GO,
        new Go(goStrings),
        REPORTED,
        loop,
        goLoop,
        "ours makes the Strings of each event anew");
    contest.claim(
        name + "-hashed",
        new Jmh(UpdateBenchmark.class, "hashed", agents),
        GO,
        new Go(goHashed),
        REPORTED,
        loop,
        goLoop,
        null);
    contest.claim(
        name + "-hashed-batches",
        new Jmh(UpdateBenchmark.class, "hashedBatches", agents),
        GO,
        new Go(goHashed),
        batchLimit,
        loop,
        goLoop,
        null);
  }

  private static void lines(Contest contest, String agents, String go) {
    contest.claim(
        "update-" + agents + "-lines-only",
        new Jmh(LinesBenchmark.class, "linesOfBatches", agents),
        GO,
        new Go(go),
        REPORTED,
        new Jmh(UpdateBenchmark.class, "loopOnly", "hot"),
        new Go("FillOnly"),
        "ours only reads the cache lines of an update and learns nothing");
  }

  private static void counts(Contest contest) {
    Subject goLoop = new Go("ChooseKey");
    contest.claim(
        "count-min-add", ours("countMinAdd"), GO, new Go("CMSAdd"), 1.5, loop(), goLoop, null);
    contest.claim(
        "count-min-count",
        ours("countMinCount"),
        GO,
        new Go("CMSCount"),
        1.5,
        loop(),
        goLoop,
        null);
    pair(contest, "count-min-add", "countMinAdd", STREAM_LIB, "countMinAddStreamLib", 0.1);
    pair(contest, "count-min-count", "countMinCount", STREAM_LIB, "countMinCountStreamLib", 0.1);
    String modern = "both on the JVM that DataSketches' count-min sketch needs";
    Subject modernLoop = new Modern("loopOnly");
    contest.claim(
        "count-min-add",
        new Modern("add"),
        DATA_SKETCHES,
        new Modern("addDataSketches"),
        0.1,
        modernLoop,
        null,
        modern);
    contest.claim(
        "count-min-count",
        new Modern("count"),
        DATA_SKETCHES,
        new Modern("countDataSketches"),
        0.1,
        modernLoop,
        null,
        modern);
    pair(
        contest,
        "count-min-of-strings-add",
        "countMinAddStrings",
        STREAM_LIB,
        "countMinAddStringsStreamLib",
        0.1);
    pair(
        contest,
        "count-min-of-strings-count",
        "countMinCountStrings",
        STREAM_LIB,
        "countMinCountStringsStreamLib",
        0.1);
    pair(
        contest,
        "frequent-items-add",
        "countMinAdd",
        FREQUENT_ITEMS,
        "frequencyAddDataSketches",
        REPORTED);
    pair(
        contest,
        "frequent-items-count",
        "countMinCount",
        FREQUENT_ITEMS,
        "frequencyCountDataSketches",
        REPORTED);
  }

  private static void others(Contest contest) {
    pair(contest, "bloom-add", "bloomAdd", "guava", "bloomAddGuava", 0.1);
    pair(contest, "bloom-add", "bloomAdd", DATA_SKETCHES, "bloomAddDataSketches", REPORTED);
    contest.claim(
        "bloom-add",
        ours("bloomAdd"),
        GO,
        new Go("BloomAdd"),
        REPORTED,
        loop(),
        new Go("ChooseKey"),
        "5 probes here, 4 there");
    pair(contest, "distinct-add", "distinctAdd", HASH4J, "distinctAddHash4j", 1.0);
    pair(contest, "distinct-add-few", "distinctAddFew", HASH4J, "distinctAddHash4j", REPORTED);
    pair(
        contest, "distinct-add", "distinctAdd", DATA_SKETCHES, "distinctAddDataSketches", REPORTED);
    pair(contest, "xxh3", "xxh3", HASH4J, "xxh3Hash4j", REPORTED);
  }

  private static void pair(
      Contest contest, String name, String ours, String rival, String theirs, double limit) {
    contest.claim(name, ours(ours), rival, ours(theirs), limit, loop(), null, null);
  }

  private static Subject ours(String method) {
    return new Jmh(SketchBenchmark.class, method);
  }

  private static Subject loop() {
    return ours("loopOnly");
  }
}
