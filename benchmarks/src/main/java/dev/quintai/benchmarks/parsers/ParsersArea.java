package dev.quintai.benchmarks.parsers;

import dev.quintai.benchmarks.Area;
import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Results;
import java.io.IOException;

/** The parsers beside Jackson's token loops. */
public final class ParsersArea implements Area {
  private static final String NAME = "parsers";

  /** Found by name. */
  public ParsersArea() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void compare(Effort effort, Results results) throws IOException {
    JmhRounds jmh = new JmhRounds(effort);
    for (int round = 1; round <= effort.rounds(); round++) {
      results.progress("parsers, round " + round + " of " + effort.rounds());
      for (String method : new String[] {"ours", "jacksonNonBlocking", "jacksonBlocking"}) {
        jmh.run(RequestBenchmark.class, method);
      }
      for (String method : new String[] {"ours", "jacksonStreaming"}) {
        jmh.run(DeltaBenchmark.class, method);
      }
    }
    results.add(
        Comparison.ofTimes(
                NAME,
                "request-200k-in-8k-chunks",
                jmh.of(RequestBenchmark.class, "ours"),
                "jackson-core, non-blocking",
                jmh.of(RequestBenchmark.class, "jacksonNonBlocking"),
                1.0)
            .noted("the rival reads tokens and does nothing with them"));
    results.add(
        Comparison.ofTimes(
                NAME,
                "request-200k",
                jmh.of(RequestBenchmark.class, "ours"),
                "jackson-core, blocking",
                jmh.of(RequestBenchmark.class, "jacksonBlocking"),
                1.0 / 0.9)
            .noted("ours in chunks of 8 KB, the rival over the whole body"));
    results.add(
        Comparison.ofTimes(
            NAME,
            "sse-text-delta",
            jmh.of(DeltaBenchmark.class, "ours"),
            "jackson-core, streaming",
            jmh.of(DeltaBenchmark.class, "jacksonStreaming"),
            0.5));
  }
}
