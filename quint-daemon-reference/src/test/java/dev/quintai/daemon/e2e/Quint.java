package dev.quintai.daemon.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Quint as a child process with a home of its own: by default from the class path of the tests, or
 * by the launcher that the system property {@code quint.launcher} names.
 */
public final class Quint {

  private static final int LIMIT_SECONDS = 120;

  /** What a process that has ended left behind. */
  public record Result(int exitCode, String stdout, String stderr) {}

  final Path folder;
  final Path home;
  final Path work;
  final Path data;
  final Map<String, String> environment = new LinkedHashMap<>();

  public Quint(Path folder) throws IOException {
    this.folder = folder;
    home = Files.createDirectories(folder.resolve("home"));
    work = Files.createDirectories(home.resolve("work"));
    data = folder.resolve("data");
    for (String name : List.of("PATH", "JAVA_HOME", "LANG", "LC_ALL", "TMPDIR")) {
      if (System.getenv(name) != null) {
        environment.put(name, System.getenv(name));
      }
    }
    environment.put("HOME", home.toString());
  }

  /** The command line that starts Quint with these arguments. */
  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    String launcher = System.getProperty("quint.launcher");
    if (launcher != null) {
      command.add(launcher);
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xlog:disable"));
      command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-DisplayVMOutput"));
      if (Runtime.version().feature() >= 24) {
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
      }
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add("dev.quintai.daemon.cli.Main");
    }
    command.addAll(List.of(arguments));
    return command;
  }

  /** {@code quint run} on the data folder, with options and then the agent's command. */
  String[] run(List<String> options, String... agent) {
    List<String> arguments = new ArrayList<>(List.of("run", "--data", data.toString()));
    arguments.addAll(options);
    arguments.add("--");
    arguments.addAll(List.of(agent));
    return arguments.toArray(String[]::new);
  }

  /** Starts Quint; its output goes to files. */
  Running start(String... arguments) throws IOException {
    return start(command(arguments));
  }

  /** Starts any command in the same surroundings. */
  Running start(List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "stdout", ".txt");
    Path err = Files.createTempFile(folder, "stderr", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Running(builder.start(), out, err);
  }

  /** Runs Quint to its end. */
  public Result execute(String... arguments) throws IOException, InterruptedException {
    return start(arguments).end();
  }

  /** A process that runs. */
  record Running(Process process, Path out, Path err) {

    Result end() throws IOException, InterruptedException {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(
            "still running after " + LIMIT_SECONDS + " s: " + Files.readString(err));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Waits until a file is there and not empty. */
    void await(Path file) throws IOException, InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!Files.exists(file) || Files.size(file) == 0) {
        if (System.nanoTime() > end || !process.isAlive()) {
          throw new AssertionError(file + " did not come: " + Files.readString(err));
        }
        Thread.sleep(20);
      }
    }
  }
}
