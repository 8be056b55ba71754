package dev.quintai.daemon.run;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessId;
import dev.quintai.esjni.BootClock;
import dev.quintai.esjni.ProcFs;
import dev.quintai.esjni.ProcScanner;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The agent without a supervisor: started plainly, its tree sampled from {@code /proc}. */
final class ScannedProcess implements Closeable {

  private final Process process;
  private final ProcessId root;
  private final ProcScanner scanner;

  private ScannedProcess(Process process, ProcessId root, ProcScanner scanner) {
    this.process = process;
    this.root = root;
    this.scanner = scanner;
  }

  static ScannedProcess start(
      List<String> command,
      Map<String, String> environment,
      Path directory,
      BootClock clock,
      Consumer<Event> events)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).inheritIO();
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    ProcessId seen = new ProcFs(clock).id((int) process.pid());
    ProcessId root =
        seen != null
            ? seen
            : new ProcessId((int) process.pid(), Math.floorDiv(clock.nowNanos(), 1_000_000L));
    ProcScanner scanner = new ProcScanner(clock, root);
    scanner.start(events);
    return new ScannedProcess(process, root, scanner);
  }

  ProcessId root() {
    return root;
  }

  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    scanner.close();
  }
}
