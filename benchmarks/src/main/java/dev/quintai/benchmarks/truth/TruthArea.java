package dev.quintai.benchmarks.truth;

import dev.quintai.benchmarks.Area;
import dev.quintai.benchmarks.Comparison;
import dev.quintai.benchmarks.Effort;
import dev.quintai.benchmarks.Measure;
import dev.quintai.benchmarks.Results;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The wall time of programs under {@code quint-trace}, beside the same program untraced, under the
 * least that a supervisor can do (receive, let go), under the least that one can do that knows what
 * was opened, and under strace; as root also while eBPF watches it, and while an eBPF program is
 * run at each call's return that does nothing; both are started before the time is taken. A reader
 * written in C takes the frames. And {@link Transport}. The environment variable {@value #WITHOUT}
 * names the variants that are left out, separated by semicolons, so that a long comparison can be
 * run in parts.
 */
public final class TruthArea implements Area {
  private static final String NAME = "truth";
  private static final String WITHOUT = "QUINT_TRUTH_WITHOUT";
  private static final int ROUNDS = 9;
  private static final int PATIENCE_SECONDS = 120;
  private static final double NOOP_LIMIT = 1.15;
  private static final double REPORTED = Double.NaN;

  private static final String UNTRACED = "untraced";
  private static final String NOOP = "no-op supervisor";
  private static final String LOOK = "no-op supervisor that reads the path and looks once";
  private static final String OURS = "ours";
  private static final String WRITES = "ours, writes";
  private static final String STRACE = "strace";
  private static final String EBPF = "ours, eBPF";
  private static final String EBPF_FLOOR = "empty eBPF program";
  private static final long EBPF_STARTS_MILLIS = 1_500;

  /** Found by name. */
  public TruthArea() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void compare(Effort effort, Results results) throws IOException {
    if (effort.wants(Transport.CASE)) {
      Transport.compare(effort, results);
    }
    if (effort.cases().equals(List.of(Transport.CASE))) {
      return;
    }
    Path work = Files.createTempDirectory("quint-truth");
    try {
      build(work);
      List<Workload> all = Workload.prepare(work);
      for (List<String> command : Workload.repository()) {
        time(work, command);
      }
      for (Workload workload : all) {
        if (effort.wants(workload.name())) {
          measure(work, workload, effort.quick() ? 1 : ROUNDS, results);
        }
      }
    } finally {
      try (Stream<Path> files = Files.walk(work)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void build(Path work) throws IOException {
    Path module = Path.of(System.getProperty("quint.root", ".")).resolve("quint-es-jni/src");
    time(work, List.of("sh", module.resolve("main/c/build.sh").toString(), work.toString()));
    try (Stream<Path> built = Files.list(work)) {
      for (Path folder :
          built.filter(file -> file.getFileName().toString().startsWith("linux-")).toList()) {
        for (String program : List.of("quint-trace", "quint-watch")) {
          Files.move(folder.resolve(program), work.resolve(program));
        }
      }
    }
    List<String> noop = new ArrayList<>(List.of(module.resolve("test/c/noop.c").toString()));
    try (Stream<Path> sources = Files.list(module.resolve("main/c"))) {
      sources
          .map(Path::toString)
          .filter(file -> file.endsWith(".c") && !file.endsWith("/main.c"))
          .forEach(noop::add);
    }
    compile(work, "noop", noop);
    compile(work, "reader", List.of(module.resolve("test/c/reader.c").toString()));
    if (ebpfWorks(work)) {
      buildFloor(work, module.resolve("test/c"));
    }
  }

  /** With the tools that quint-watch was built with just now. */
  private static void buildFloor(Path work, Path sources) throws IOException {
    String headers = "-I/usr/include/" + System.getProperty("os.arch").replace("amd64", "x86_64");
    time(
        work,
        List.of(
            "clang",
            "-O2",
            "-g",
            "-target",
            "bpf",
            headers + "-linux-gnu",
            "-c",
            sources.resolve("floor.bpf.c").toString(),
            "-o",
            "floor.bpf.o"));
    time(
        work,
        List.of(
            "gcc",
            "-O2",
            "-o",
            "floor",
            sources.resolve("floor.c").toString(),
            "-lbpf",
            "-lelf",
            "-lz"));
  }

  /** Whether the root's source works here. */
  private static boolean ebpfWorks(Path work) throws IOException {
    try {
      time(work, List.of("./quint-watch", "--tier", "bpf", "--self-test"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void compile(Path work, String program, List<String> sources) throws IOException {
    List<String> line =
        new ArrayList<>(List.of("gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-pthread"));
    line.addAll(List.of("-static", "-o", work.resolve(program).toString()));
    line.addAll(sources);
    time(work, line);
  }

  private static Map<String, List<String>> variants(Path work, Workload workload)
      throws IOException {
    List<String> script = List.of("sh", "-c", workload.script());
    Map<String, List<String>> variants = new LinkedHashMap<>();
    variants.put(UNTRACED, script);
    variants.put(NOOP, with(script, "./noop"));
    variants.put(LOOK, with(script, "./noop", "--look"));
    variants.put(OURS, with(script, "./reader", "./quint-trace", "--"));
    variants.put(WRITES, with(script, "./reader", "./quint-trace", "--reads", "writes", "--"));
    if (ebpfWorks(work)) {
      variants.put(EBPF, script);
      variants.put(EBPF_FLOOR, script);
    }
    if (installed()) {
      String calls = "trace=%file,%network,%process";
      variants.put(
          STRACE, with(script, "strace", "-f", "-qq", "--seccomp-bpf", "-e", calls, "-o", "trace"));
    }
    String without = System.getenv(WITHOUT);
    variants
        .keySet()
        .removeAll(without == null ? List.of() : Arrays.asList(without.split(";", -1)));
    return variants;
  }

  private static boolean installed() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "strace")));
  }

  private static List<String> with(List<String> script, String... before) {
    List<String> line = new ArrayList<>(List.of(before));
    line.addAll(script);
    return line;
  }

  /** All variants in turn, round by round; the first round only warms up. */
  private static void measure(Path work, Workload workload, int rounds, Results results)
      throws IOException {
    Map<String, List<String>> variants = variants(work, workload);
    Map<String, double[]> millis = new LinkedHashMap<>();
    variants.keySet().forEach(variant -> millis.put(variant, new double[rounds]));
    time(work, variants.get(UNTRACED));
    for (int round = 0; round < rounds; round++) {
      results.progress(workload.name() + ", round " + (round + 1) + " of " + rounds);
      for (Map.Entry<String, List<String>> variant : variants.entrySet()) {
        Process watcher =
            switch (variant.getKey()) {
              case EBPF -> watchUs(work);
              case EBPF_FLOOR -> background(work, "./floor", "floor.bpf.o");
              default -> null;
            };
        millis.get(variant.getKey())[round] = time(work, variant.getValue()) / 1e6;
        if (watcher != null) {
          stop(watcher);
        }
      }
    }
    pair(results, workload, millis, OURS, NOOP, NOOP_LIMIT);
    pair(results, workload, millis, OURS, LOOK, REPORTED);
    pair(results, workload, millis, OURS, UNTRACED, REPORTED);
    pair(results, workload, millis, NOOP, UNTRACED, REPORTED);
    pair(results, workload, millis, WRITES, UNTRACED, workload.writesLimit());
    pair(results, workload, millis, OURS, STRACE, 1.0);
    if (millis.containsKey(EBPF)) {
      pair(results, workload, millis, EBPF, UNTRACED, workload.ebpfLimit());
      pair(results, workload, millis, EBPF, EBPF_FLOOR, REPORTED);
      pair(results, workload, millis, EBPF_FLOOR, UNTRACED, REPORTED);
    }
  }

  /** Watches this process and so whatever it starts. */
  private static Process watchUs(Path work) throws IOException {
    String own = Long.toString(ProcessHandle.current().pid());
    return background(work, "./reader", "./quint-watch", "--tier", "bpf", "--pid", own);
  }

  private static Process background(Path work, String... command) throws IOException {
    Process watcher =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Thread.sleep(EBPF_STARTS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!watcher.isAlive()) {
      throw new IOException(String.join(" ", command) + " has ended");
    }
    return watcher;
  }

  /** Its reader gone, the watcher ends by itself. */
  private static void stop(Process watcher) throws IOException {
    List<ProcessHandle> children = watcher.children().toList();
    watcher.destroyForcibly();
    for (ProcessHandle child : children) {
      try {
        child.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("quint-watch does not end", e);
      }
    }
  }

  private static void pair(
      Results results,
      Workload workload,
      Map<String, double[]> millis,
      String ours,
      String rival,
      double limit) {
    if (!millis.containsKey(ours) || (!millis.containsKey(rival) && !missing(rival))) {
      return; // left out
    }
    String name = workload.name() + (ours.equals(OURS) ? "" : "/" + ours);
    Measure measured = millis(millis.get(ours));
    double[] theirs = millis.get(rival);
    if (theirs == null) {
      results.add(
          Comparison.withoutRival(NAME, name, measured, rival, limit, rival + " is not installed"));
      return;
    }
    double[] ratios = new double[theirs.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = millis.get(ours)[i] / theirs[i];
    }
    String note = "ratio: median of " + ratios.length + " paired rounds";
    results.add(
        new Comparison(NAME, name, measured, rival, millis(theirs), median(ratios), limit, note));
  }

  private static boolean missing(String rival) {
    return rival.equals(STRACE) && !installed();
  }

  private static Measure millis(double[] values) {
    return new Measure(median(values), "ms", Double.NaN);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Nanoseconds that the command takes. */
  private static long time(Path work, List<String> command) throws IOException {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    long end = System.nanoTime();
    if (process.exitValue() != 0) {
      throw new IOException(command + " ended with " + process.exitValue());
    }
    return end - start;
  }
}
