package dev.quintai.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The first line of a run in a results file: on what it was measured, and what. */
final class Header {
  private Header() {}

  /** As one line of JSON. */
  static String toJson(List<String> areas, Effort effort) {
    StringBuilder json = new StringBuilder(512);
    json.append("{\"run\":{\"time\":")
        .append(Comparison.quote(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
    json.append(",\"areas\":").append(list(areas));
    json.append(",\"cases\":").append(list(effort.cases()));
    json.append(",\"rounds\":").append(effort.rounds());
    json.append(",\"revision\":").append(Comparison.quote(revision()));
    json.append(",\"jvm\":").append(Comparison.quote(jvm()));
    json.append(",\"machine\":").append(Comparison.quote(machine()));
    return json.append("}}").toString();
  }

  private static String list(List<String> texts) {
    return "[" + String.join(",", texts.stream().map(Comparison::quote).toList()) + "]";
  }

  /** The commit that is checked out; with a plus sign when tracked files differ from it. */
  private static String revision() {
    String commit = first("git", "rev-parse", "HEAD");
    if (commit.isEmpty()) {
      return "unknown";
    }
    return first("git", "status", "--porcelain", "-uno").isEmpty() ? commit : commit + "+";
  }

  private static String jvm() {
    return System.getProperty("java.vm.name")
        + " "
        + System.getProperty("java.runtime.version")
        + ", "
        + System.getProperty("java.vendor");
  }

  private static String machine() {
    String processor = line(Path.of("/proc/cpuinfo"), "model name");
    String memory = line(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "");
    return String.format(
        Locale.ROOT,
        "%s, %d processors%s, %s %s %s",
        processor.isEmpty() ? "processor unknown" : processor,
        Runtime.getRuntime().availableProcessors(),
        memory.isEmpty() ? "" : ", " + Math.round(Long.parseLong(memory) / 1048576.0) + " GiB",
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"));
  }

  private static String line(Path file, String name) {
    if (!Files.isReadable(file)) {
      return "";
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  private static String first(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of(System.getProperty("quint.root", ".")).toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        String line = out.readLine();
        return line == null ? "" : line.strip();
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      return "";
    }
  }
}
