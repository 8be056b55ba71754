package dev.quintai.benchmarks.fingerprint;

import dev.quintai.benchmarks.JmhRounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the release of DataSketches is that has a count-min sketch, and a JVM to run it. It needs
 * Java 25, so it is not on the class path; {@code benchmarks/compare} puts it into {@code
 * benchmarks/target/rivals}. The JVM is this one, else the one that the environment variable
 * {@value #VARIABLE} names, else one in {@code /usr/lib/jvm}.
 *
 * @param java the JVM, or null
 * @param jar the library, or null
 */
record DataSketches(String java, Path jar) {
  static final String VARIABLE = "JAVA_HOME_25";

  /** Names the library's jar to the benchmark. */
  static final String PROPERTY = "quint.datasketches";

  private static final int FEATURE = 25;

  static DataSketches find() throws IOException {
    Path root = Path.of(System.getProperty("quint.root", "."));
    Path jar = find(root.resolve("benchmarks/target/rivals"), "datasketches-java-*.jar");
    return new DataSketches(jvm(), jar);
  }

  private static String jvm() throws IOException {
    if (Runtime.version().feature() >= FEATURE) {
      return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
    String home = System.getenv(VARIABLE);
    Path found = home != null ? Path.of(home) : find(Path.of("/usr/lib/jvm"), "*25*");
    if (found == null || !Files.isExecutable(found.resolve("bin/java"))) {
      return null;
    }
    return found.resolve("bin/java").toString();
  }

  private static Path find(Path folder, String glob) throws IOException {
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (Stream<Path> files = Files.list(folder)) {
      var matcher = folder.getFileSystem().getPathMatcher("glob:" + glob);
      return files
          .filter(file -> matcher.matches(file.getFileName()))
          .sorted()
          .findFirst()
          .orElse(null);
    }
  }

  /** Why it cannot be run, or null when it can. */
  String missing() {
    if (java == null) {
      return "no Java " + FEATURE + ": set " + VARIABLE + " to its directory";
    }
    return jar == null ? "its jar is not in benchmarks/target/rivals" : null;
  }

  void run(JmhRounds jmh, String method) throws IOException {
    jmh.runOn(java, List.of("-D" + PROPERTY + "=" + jar), DataSketchesBenchmark.class, method);
  }
}
