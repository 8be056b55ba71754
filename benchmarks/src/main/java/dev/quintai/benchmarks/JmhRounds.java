package dev.quintai.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH benchmarks in rounds: each benchmark once a round in a JVM of its own, so that what the
 * machine does meanwhile falls on all of them alike. The result of a benchmark is the median of its
 * rounds.
 */
public final class JmhRounds {
  private final Effort effort;
  private final Map<String, List<Double>> values = new HashMap<>();
  private final Map<String, List<Double>> bytes = new HashMap<>();
  private final Map<String, String> units = new HashMap<>();

  /** No rounds yet. */
  public JmhRounds(Effort effort) {
    this.effort = effort;
  }

  /**
   * Runs one benchmark once.
   *
   * @param benchmark the class that holds it
   * @param method its method
   * @param parameter name and value of its parameter, or nothing
   */
  public void run(Class<?> benchmark, String method, String... parameter) throws IOException {
    run(new OptionsBuilder(), benchmark, method, parameter);
  }

  /** Runs one benchmark once in another JVM, with these arguments. */
  public void runOn(String java, List<String> arguments, Class<?> benchmark, String method)
      throws IOException {
    ChainedOptionsBuilder options =
        new OptionsBuilder().jvm(java).jvmArgsAppend(arguments.toArray(String[]::new));
    run(options, benchmark, method);
  }

  private void run(
      ChainedOptionsBuilder start, Class<?> benchmark, String method, String... parameter)
      throws IOException {
    ChainedOptionsBuilder options =
        start
            .include("^" + Pattern.quote(benchmark.getName() + "." + method) + "$")
            .forks(1)
            .warmupIterations(effort.warmups())
            .warmupTime(TimeValue.milliseconds(effort.iterationMillis()))
            .measurementIterations(effort.iterations())
            .measurementTime(TimeValue.milliseconds(effort.iterationMillis()))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (parameter.length == 2) {
      options.param(parameter[0], parameter[1]);
    }
    try {
      for (RunResult result : new Runner(options.build()).run()) {
        record(key(benchmark, method, parameter), result);
      }
    } catch (RunnerException e) {
      throw new IOException(benchmark.getSimpleName() + "." + method + ": " + e.getMessage(), e);
    }
  }

  private void record(String key, RunResult result) {
    Result<?> primary = result.getPrimaryResult();
    values.computeIfAbsent(key, k -> new ArrayList<>()).add(primary.getScore());
    units.put(key, primary.getScoreUnit());
    result
        .getSecondaryResults()
        .forEach(
            (name, secondary) -> {
              if (name.endsWith("gc.alloc.rate.norm")) {
                bytes.computeIfAbsent(key, k -> new ArrayList<>()).add(secondary.getScore());
              }
            });
  }

  /** The median of the rounds of a benchmark. */
  public Measure of(Class<?> benchmark, String method, String... parameter) {
    String key = key(benchmark, method, parameter);
    if (!values.containsKey(key)) {
      throw new IllegalStateException("never run: " + key);
    }
    // Memory that the JVM itself allocates while measuring is spread over all operations.
    double allocated = median(bytes.get(key));
    return new Measure(median(values.get(key)), units.get(key), allocated < 0.05 ? 0 : allocated);
  }

  /** What each round of a benchmark measured, in order; empty when it was never run. */
  public List<Double> rounds(Class<?> benchmark, String method, String... parameter) {
    return List.copyOf(values.getOrDefault(key(benchmark, method, parameter), List.of()));
  }

  /** The median of some numbers; NaN of none. */
  public static double median(List<Double> numbers) {
    if (numbers == null || numbers.isEmpty()) {
      return Double.NaN;
    }
    double[] sorted = numbers.stream().mapToDouble(d -> d).toArray();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static String key(Class<?> benchmark, String method, String... parameter) {
    return benchmark.getSimpleName() + "." + method + String.join("=", parameter);
  }
}
