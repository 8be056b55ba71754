package dev.quintai.daemon.run;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.TruthSource;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.esjni.BootClock;
import dev.quintai.esjni.CommandTrace;
import dev.quintai.esjni.LinuxTier;
import dev.quintai.esjni.LinuxTrace;
import dev.quintai.esjni.LinuxWatch;
import dev.quintai.esjni.SensorFormat;
import dev.quintai.esjni.TraceRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Starts the agent under the best truth source there is, or the one that is asked for: the native
 * supervisor, which sees every exec, open and connect of the agent's tree; as root eBPF, or the
 * process connector with fanotify; else a scanner of {@code /proc}, which sees processes that live
 * long enough to be looked at.
 */
final class Launch implements Closeable {

  private final RunOrder order;
  private final Path runtime;
  private final BootClock clock;
  private final Consumer<String> notices;
  private final Refusals refusals;

  // Set by the thread that starts the agent, read by the one that handles signals.
  private volatile LinuxTier tier;
  private volatile CommandTrace trace;
  private volatile ScannedProcess scanned;
  private volatile SensedProcess sensed;

  private Launch(
      RunOrder order, Path runtime, BootClock clock, Consumer<String> notices, Refusals refusals) {
    this.order = order;
    this.refusals = refusals;
    this.runtime = runtime;
    this.clock = clock;
    this.notices = notices;
  }

  /**
   * A launch.
   *
   * @param refusals what the sensor shall refuse, where it can, or null
   */
  static Launch of(
      RunOrder order, Path runtime, BootClock clock, Consumer<String> notices, Refusals refusals) {
    return new Launch(order, runtime, clock, notices, refusals);
  }

  /** Starts the agent and returns its process. */
  ProcessId start(Map<String, String> environment, Consumer<Event> events) throws IOException {
    if (order.sensor() != null) {
      sensed =
          SensedProcess.start(
              order.sensor(),
              order.command(),
              environment,
              order.directory(),
              clock,
              notices,
              events);
      return sensed.root();
    }
    List<LinuxTier> tiers =
        order.truth() == null ? LinuxTier.forCommands() : List.of(order.truth());
    List<String> causes = new ArrayList<>();
    for (LinuxTier candidate : tiers) {
      TruthSource.Availability availability = candidate.availability(runtime);
      String cause = availability.cause();
      if (candidate == LinuxTier.PROC_SCAN && availability.available()) {
        notices.accept("the system is only sampled, not watched: " + String.join("; ", causes));
        tier = candidate;
        scanned =
            ScannedProcess.start(order.command(), environment, order.directory(), clock, events);
        return scanned.root();
      }
      if (availability.available()) {
        CommandTrace made = make(candidate, environment);
        try {
          made.start(refusals == null ? events : refusals.before(events));
          tier = candidate;
          trace = made;
          return made.root();
        } catch (TraceRefusedException e) {
          made.close();
          cause = e.getMessage();
        } catch (IOException e) {
          made.close();
          throw new Failure(order.command().get(0) + ": " + e.getMessage(), e);
        }
      }
      causes.add(candidate.option() + ": " + cause);
    }
    throw new Failure("the system cannot be watched: " + String.join("; ", causes));
  }

  private CommandTrace make(LinuxTier candidate, Map<String, String> environment) {
    if (candidate == LinuxTier.SECCOMP) {
      LinuxTrace.Builder trace =
          LinuxTrace.builder()
              .command(order.command())
              .environment(environment)
              .directory(order.directory())
              .runtimeDirectory(runtime)
              .clock(clock);
      if (refusals != null) {
        trace.ask(refusals.targets(), refusals);
      }
      return trace.build();
    }
    return LinuxWatch.builder(candidate)
        .command(order.command())
        .environment(environment)
        .directory(order.directory())
        .runtimeDirectory(runtime)
        .clock(clock)
        .build();
  }

  /** Waits for the agent's end and for the events up to it. */
  int waitFor() {
    try {
      if (sensed != null) {
        return sensed.waitFor();
      }
      return trace != null ? trace.waitFor() : scanned.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }

  /** Asks the agent to end. */
  void terminate() {
    if (trace != null || scanned != null || sensed != null) {
      ProcessId root =
          trace != null ? trace.root() : scanned != null ? scanned.root() : sensed.root();
      ProcessHandle.of(root.pid()).ifPresent(ProcessHandle::destroy);
    }
  }

  /** What the source could see and refuse, for the summary. */
  String describe() {
    if (refusals == null) {
      return sees();
    }
    return sees()
        + (refuses()
            ? "; refused "
                + refusals.count()
                + " undeclared "
                + (refusals.count() == 1 ? "access" : "accesses")
                + " to sensitive targets"
            : "; it cannot refuse: undeclared accesses to sensitive targets were only seen");
  }

  private boolean refuses() {
    return sensed == null && tier.refuses();
  }

  private String sees() {
    if (sensed != null) {
      SensorFormat format = order.sensor().format();
      return "what "
          + format.sourceName()
          + " tells of the agent's tree; losses: "
          + format.losses()
          + "; limits: "
          + format.limits();
    }
    return switch (tier) {
      case SECCOMP ->
          "every exec, file and connection of the agent's tree, without loss"
              + (((LinuxTrace) trace).noNewPrivileges()
                  ? "; set-uid programs gain no rights under watch"
                  : "");
      case BPF -> "execs, files and connections of the agent's tree, by eBPF; losses are counted";
      case CONNECTOR ->
          "execs and files of the agent's tree, by the process connector and fanotify; no"
              + " connections; losses are counted";
      case PROC_SCAN -> "sampled from /proc: no files, no connections, no short-lived programs";
    };
  }

  /** Stops watching; idempotent. */
  @Override
  public void close() throws IOException {
    if (trace != null) {
      trace.close();
    }
    if (scanned != null) {
      scanned.close();
    }
    if (sensed != null) {
      sensed.close();
    }
  }
}
