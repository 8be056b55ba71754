package dev.quintai.daemon.run;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessId;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.esjni.BootClock;
import dev.quintai.esjni.ProcFs;
import dev.quintai.esjni.SensorStream;
import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The agent, started plainly, while another sensor that runs already tells what it does. */
final class SensedProcess implements Closeable {

  /** How long the sensor may be behind when the agent has ended. */
  private static final long BEHIND_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final long LOOK_MILLIS = 20;

  private final Process process;
  private final ProcessId root;
  private final SensorStream stream;
  private final AgentTree tree;

  private SensedProcess(Process process, ProcessId root, SensorStream stream, AgentTree tree) {
    this.process = process;
    this.root = root;
    this.stream = stream;
    this.tree = tree;
  }

  /** The sensor is opened first: one that cannot be read must stop us before the agent starts. */
  static SensedProcess start(
      SensorInput input,
      List<String> command,
      Map<String, String> environment,
      Path directory,
      BootClock clock,
      Consumer<? super String> problems,
      Consumer<Event> events)
      throws IOException {
    SensorStream stream;
    try {
      stream = new SensorStream(input.format(), input.open(), input.name(), problems);
    } catch (IOException e) {
      throw new Failure(e.getMessage(), e);
    }
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).inheritIO();
    if (input.standardInput()) {
      builder.redirectInput(terminalOrNothing());
    }
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      stream.close();
      throw e;
    }
    ProcessId root = id(process, clock);
    AgentTree tree = new AgentTree(root, events);
    stream.start(tree);
    return new SensedProcess(process, root, stream, tree);
  }

  private static ProcessId id(Process process, BootClock clock) {
    ProcessId seen = new ProcFs(clock).id((int) process.pid());
    return seen != null
        ? seen
        : new ProcessId(
            (int) process.pid(),
            process
                .info()
                .startInstant()
                .map(start -> start.toEpochMilli())
                .orElse(Math.floorDiv(clock.nowNanos(), 1_000_000L)));
  }

  /** Our standard input is the sensor's: it must not reach the agent. */
  private static File terminalOrNothing() {
    File terminal = new File("/dev/tty");
    try {
      new FileInputStream(terminal).close(); // only who has a terminal can open it
      return terminal;
    } catch (IOException e) {
      return new File("/dev/null");
    }
  }

  ProcessId root() {
    return root;
  }

  /** Waits for the agent, and for what the sensor still has to tell of it. */
  int waitFor() throws InterruptedException {
    int code = process.waitFor();
    long end = System.nanoTime() + BEHIND_NANOS;
    while (!tree.rootEnded() && System.nanoTime() < end) {
      Thread.sleep(LOOK_MILLIS);
    }
    return code;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
