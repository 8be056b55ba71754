package dev.quintai.benchmarks.signatures;

import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Measure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The 99.9th percentile of {@link ReloadBenchmark}: of its rounds the median. */
final class Percentile {
  private static final double PERCENT = 99.9;

  private final Effort effort;
  private final String reloaded;
  private final int pauseMillis;
  private final List<Double> rounds = new ArrayList<>();

  Percentile(Effort effort, String reloaded, int pauseMillis) {
    this.effort = effort;
    this.reloaded = reloaded;
    this.pauseMillis = pauseMillis;
  }

  /** Measures a round. */
  void run() throws IOException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(ReloadBenchmark.class.getName() + ".evaluate") + "$")
            .param("reloaded", reloaded)
            .param("pauseMillis", Integer.toString(pauseMillis))
            .forks(1)
            .warmupIterations(effort.warmups())
            .warmupTime(TimeValue.milliseconds(effort.iterationMillis()))
            .measurementIterations(effort.iterations())
            // Two reloads in each iteration, where they pause.
            .measurementTime(
                TimeValue.milliseconds(Math.max(effort.iterationMillis(), 2L * pauseMillis)))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    try {
      for (RunResult result : new Runner(options.build()).run()) {
        Result<?> primary = result.getPrimaryResult();
        rounds.add(primary.getStatistics().getPercentile(PERCENT));
      }
    } catch (RunnerException e) {
      throw new IOException("ReloadBenchmark: " + e.getMessage(), e);
    }
  }

  List<Double> rounds() {
    return rounds;
  }

  Measure median() {
    return Measure.nanos(JmhRounds.median(rounds), Double.NaN);
  }
}
