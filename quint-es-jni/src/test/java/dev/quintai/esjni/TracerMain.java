package dev.quintai.esjni;

import java.nio.file.Path;
import java.util.List;

/** Traces a shell script from a JVM of its own: {@code TracerMain DIRECTORY SCRIPT}. */
final class TracerMain {

  /** Exit code when the trace was refused as nested. */
  static final int NESTED = 42;

  private TracerMain() {}

  public static void main(String[] arguments) throws Exception {
    Path temp = Path.of(arguments[0]);
    try (LinuxTrace trace =
        LinuxTrace.builder()
            .runtimeDirectory(temp.resolve("run"))
            .clock(BootClock.open(temp))
            .directory(temp)
            .command(List.of("sh", "-c", arguments[1]))
            .build()) {
      trace.start(event -> {});
      System.exit(trace.waitFor());
    } catch (TraceRefusedException e) {
      System.exit(e.reason() == TraceRefusedException.Reason.NESTED ? NESTED : 1);
    }
  }
}
