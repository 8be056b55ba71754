package dev.quintai.benchmarks.fingerprint;

import dev.quintai.benchmarks.Area;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.Results;
import dev.quintai.benchmarks.fingerprint.Contest.Go;
import dev.quintai.benchmarks.fingerprint.Contest.Jmh;
import dev.quintai.benchmarks.fingerprint.Contest.Subject;
import java.io.IOException;

/** {@code getOrCreate} beside Caffeine and the Go reference. */
public final class CacheArea implements Area {
  private static final String CAFFEINE = "caffeine";

  /** Found by name. */
  public CacheArea() {}

  @Override
  public String name() {
    return "cache";
  }

  @Override
  public void compare(Effort effort, Results results) throws IOException {
    Contest contest = new Contest(name(), effort);
    for (String agents : new String[] {"hot", "zipf"}) {
      String name = "get-or-create-" + agents;
      Subject loop = of("loopOnly", agents);
      Subject ours = of("getOrCreate", agents);
      contest.claim(name, ours, CAFFEINE, of("caffeine", agents), 1.0, loop, null, null);
      contest.claim(
          name + "-two-threads",
          of("getOrCreateTwoThreads", agents),
          CAFFEINE,
          of("caffeineTwoThreads", agents),
          1.0,
          loop,
          null,
          null);
      contest.claim(
          name,
          ours,
          "go-reference",
          new Go(agents.equals("hot") ? "GetOrCreateHot" : "GetOrCreateZipf"),
          Contest.REPORTED,
          loop,
          new Go("ChooseKey"),
          "keys are UUIDs here, 36-character strings there");
    }
    contest.run(results);
  }

  private static Subject of(String method, String agents) {
    return new Jmh(CacheBenchmark.class, method, agents);
  }
}
