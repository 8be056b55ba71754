package dev.quintai.benchmarks.fingerprint;

import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.JmhRounds;
import dev.quintai.benchmarks.Measure;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The fingerprint written in Go, as a rival in the same run. Its sources are a Go module with
 * benchmarks in a directory named by the environment variable {@value #VARIABLE}, else in {@code
 * shared/perf/goref} beside the project's directory. They are built in a copy, with a benchmark of
 * ours that measures what choosing a key costs there. Without them, or without Go, its cases are
 * reported as not run.
 */
final class GoReference {
  static final String VARIABLE = "QUINT_GO_REFERENCE";

  private static final Pattern LINE =
      Pattern.compile("^Benchmark(\\w+?)(?:-\\d+)?\\s+\\d+\\s+([0-9.]+) ns/op.*");

  private final Path program;
  private final String missing;
  private final Map<String, List<Double>> values = new HashMap<>();

  private GoReference(Path program, String missing) {
    this.program = program;
    this.missing = missing;
  }

  /** Builds the reference where that is possible. */
  static GoReference build() throws IOException {
    String named = System.getenv(VARIABLE);
    Path sources =
        named != null
            ? Path.of(named)
            : Path.of(System.getProperty("quint.root", ".")).resolve("../shared/perf/goref");
    if (!Files.isRegularFile(sources.resolve("go.mod"))) {
      return new GoReference(null, "no Go reference: set " + VARIABLE + " to its directory");
    }
    if (!installed()) {
      return new GoReference(null, "Go is not installed");
    }
    Path scratch = Files.createTempDirectory("quint-go-reference");
    Path program = scratch.resolve("reference.test");
    Path copy = Files.createDirectory(scratch.resolve("sources"));
    try (Stream<Path> files = Files.list(sources)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    try (InputStream own = GoReference.class.getResourceAsStream("loop_test.go")) {
      Files.copy(own, copy.resolve("quint_loop_test.go"));
    }
    ProcessBuilder go =
        new ProcessBuilder("go", "test", "-c", "-o", program.toString(), ".")
            .directory(copy.toFile())
            .redirectErrorStream(true);
    go.environment().putIfAbsent("GOCACHE", scratch.resolve("cache").toString());
    go.environment().put("GOFLAGS", "-mod=mod");
    List<String> said = lines(go);
    return Files.isExecutable(program)
        ? new GoReference(program, null)
        : new GoReference(null, "the Go reference does not build: " + String.join(" ", said));
  }

  private static boolean installed() {
    for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(directory, "go"))) {
        return true;
      }
    }
    return false;
  }

  /** Why it cannot be run, or null when it can. */
  String missing() {
    return missing;
  }

  /** Runs some benchmarks once, for as long as ours are measured. */
  void run(Effort effort, String... benchmarks) throws IOException {
    if (program == null) {
      return;
    }
    ProcessBuilder go =
        new ProcessBuilder(
                program.toString(),
                "-test.run",
                "XXX",
                "-test.bench",
                "^Benchmark(" + String.join("|", benchmarks) + ")$",
                "-test.benchtime",
                effort.iterations() * effort.iterationMillis() + "ms")
            .directory(program.getParent().toFile())
            .redirectErrorStream(true);
    for (String line : lines(go)) {
      Matcher m = LINE.matcher(line);
      if (m.matches()) {
        values.computeIfAbsent(m.group(1), k -> new ArrayList<>()).add(Double.valueOf(m.group(2)));
      }
    }
  }

  /** What each round of a benchmark measured, in order; empty when it was never run. */
  List<Double> rounds(String benchmark) {
    return List.copyOf(values.getOrDefault(benchmark, List.of()));
  }

  /** The median of the rounds of a benchmark, or null when it was not run. */
  Measure of(String benchmark) {
    List<Double> rounds = values.get(benchmark);
    return rounds == null ? null : Measure.nanos(JmhRounds.median(rounds), Double.NaN);
  }

  private static List<String> lines(ProcessBuilder command) throws IOException {
    Process process = command.start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return lines;
  }
}
