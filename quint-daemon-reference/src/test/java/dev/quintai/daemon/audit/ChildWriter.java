package dev.quintai.daemon.audit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Writes to a log in a JVM of its own. */
final class ChildWriter {
  private ChildWriter() {}

  /** Starts a JVM that appends {@code rows} rows and closes; 0 means for a minute. */
  static Process start(Path log, int rows, String name) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            // Without it, 24 and later print a warning; 17 takes it and does nothing.
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path").replace(':', File.pathSeparatorChar),
            ChildWriter.class.getName(),
            log.toString(),
            Integer.toString(rows),
            name)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The next line of a child: how many rows it knows to be committed. */
  static int committed(BufferedReader out) throws IOException {
    return Integer.parseInt(out.readLine());
  }

  static BufferedReader output(Process child) {
    return child.inputReader(StandardCharsets.UTF_8);
  }

  /** The child. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path file = Path.of(args[0]);
    int rows = Integer.parseInt(args[1]);
    AuditOptions options =
        AuditOptions.defaults()
            .withGroupCommit(Duration.ofMillis(2))
            .withMaxBlock(Duration.ofSeconds(60))
            .withCheckpointInterval(Duration.ofMillis(20));
    AuditKeys keys = AuditKeys.loadOrCreate(file.getParent());
    try (AuditLog log = AuditLog.open(file, keys, InstantSource.system(), options)) {
      // A child that is forgotten must not fill the disk.
      long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      for (int i = 0; rows == 0 ? System.nanoTime() - end < 0 : i < rows; i++) {
        AuditRow row =
            AuditRow.builder(AuditRow.Direction.REQUEST).method(args[2]).agentDepth(i).build();
        if (!log.append(row)) {
          throw new IOException("row " + i + " was dropped");
        }
        if (i % 20 == 0 && log.flush(Duration.ofSeconds(60))) {
          System.out.println(i + 1);
          System.out.flush();
        }
      }
    }
  }
}
