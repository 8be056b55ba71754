package dev.quintai.benchmarks.fingerprint;

import dev.quintai.benchmarks.Area;
import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Measure;
import dev.quintai.benchmarks.Results;
import java.io.IOException;

/** {@code getOrCreate} beside Caffeine and the Go reference. */
public final class CacheArea implements Area {
  private static final String NAME = "cache";
  private static final String[] METHODS = {
    "loopOnly", "getOrCreate", "caffeine", "getOrCreateTwoThreads", "caffeineTwoThreads"
  };

  /** Found by name. */
  public CacheArea() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void compare(Effort effort, Results results) throws IOException {
    GoReference go = GoReference.build();
    JmhRounds jmh = new JmhRounds(effort);
    for (int round = 1; round <= effort.rounds(); round++) {
      results.progress("cache, round " + round + " of " + effort.rounds());
      go.run(effort, "GetOrCreateHot", "GetOrCreateZipf", "GetOrCreateZipfParallel");
      for (String agents : new String[] {"hot", "zipf"}) {
        for (String method : METHODS) {
          jmh.run(CacheBenchmark.class, method, "agents", agents);
        }
      }
    }
    for (String agents : new String[] {"hot", "zipf"}) {
      Measure one = of(jmh, "getOrCreate", agents);
      Measure two = of(jmh, "getOrCreateTwoThreads", agents);
      String loop =
          String.format("includes %.1f ns to choose a key", of(jmh, "loopOnly", agents).value());
      String name = "get-or-create-" + agents;
      results.add(
          Comparison.ofTimes(NAME, name, one, "caffeine", of(jmh, "caffeine", agents), 1.0)
              .noted(loop));
      results.add(
          Comparison.ofTimes(
                  NAME,
                  name + "-two-threads",
                  two,
                  "caffeine",
                  of(jmh, "caffeineTwoThreads", agents),
                  1.0)
              .noted(loop));
      String goName = agents.equals("hot") ? "GetOrCreateHot" : "GetOrCreateZipf";
      String keys = "keys are UUIDs here, 36-character strings there; " + loop;
      results.add(GoCase.of(go, NAME, name, one, goName, Double.NaN, keys));
    }
  }

  private static Measure of(JmhRounds jmh, String method, String agents) {
    return jmh.of(CacheBenchmark.class, method, "agents", agents);
  }
}
