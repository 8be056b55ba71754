package dev.quintai.daemon.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A developer's machine: the user {@code dev} with an empty home and a project in it, in the
 * namespaces that {@code .ci/corpus} makes. Nothing of a run outlives it.
 */
final class Stage {
  static final Path HOME = Path.of("/home/dev");
  static final Path PROJECT = HOME.resolve("project");

  /** Where the user's programs are found: what Debian installs. */
  static final String PATH = "/opt/tools/bin:/usr/local/bin:/usr/bin:/bin";

  private static final String USER = "1000";

  final Map<String, String> environment = new LinkedHashMap<>();

  /** Ends what the last run left behind and lays out the home. */
  Stage() throws IOException, InterruptedException {
    new ProcessBuilder(asUser(List.of("/bin/kill", "-KILL", "-1"))).start().waitFor();
    try (var left = Files.walk(HOME)) {
      for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(HOME)) {
          Files.delete(file);
        }
      }
    }
    try (var left = Files.walk(Path.of("/tmp"))) {
      for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(Path.of("/tmp")) && !file.toString().contains("hsperfdata")) {
          Files.deleteIfExists(file);
        }
      }
    } catch (java.io.UncheckedIOException e) {
      // something else has deleted it
    }
    Files.createDirectories(PROJECT);
    environment.put("HOME", HOME.toString());
    environment.put("USER", "dev");
    environment.put("LOGNAME", "dev");
    environment.put("SHELL", "/bin/bash");
    environment.put("LANG", "C.UTF-8");
    environment.put("TERM", "xterm-256color");
    environment.put("PATH", PATH);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  void write(Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = HOME.resolve(file.getKey()).normalize();
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  /** Gives all that lies in the home to the user. */
  void handOver() throws IOException, InterruptedException {
    run(List.of("chown", "-R", USER + ":" + USER, HOME.toString()), null, null);
  }

  static List<String> asUser(List<String> command) {
    List<String> words =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "--"));
    words.addAll(command);
    return words;
  }

  /** Runs a command in the project; its output goes to a file, or nowhere. */
  int run(List<String> command, Path out, Path err) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(PROJECT.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out == null ? ProcessBuilder.Redirect.DISCARD : to(out))
            .redirectError(err == null ? ProcessBuilder.Redirect.INHERIT : to(err));
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(600, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      return -1;
    }
    return process.exitValue();
  }

  private static ProcessBuilder.Redirect to(Path file) {
    return ProcessBuilder.Redirect.to(file.toFile());
  }
}
