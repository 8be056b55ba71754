package dev.quintai.daemon.run;

import dev.quintai.core.Mode;
import dev.quintai.daemon.live.LiveText;
import dev.quintai.esjni.LinuxTier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint run}: starts an agent under watch. */
@Command(
    name = "run",
    description =
        "Starts an agent under watch and sums up what it said and did. The agent keeps its"
            + " terminal, its output and its exit code.")
public final class RunCommand implements Callable<Integer> {

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "shadow only logs, alert notifies too, block refuses tool calls, and by the seccomp source"
              + " undeclared accesses to sensitive targets (default: ${DEFAULT-VALUE}).",
      defaultValue = "SHADOW")
  Mode mode;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Writes every event there (JSONL).")
  Path record;

  @Option(
      names = "--findings",
      paramLabel = "FILE",
      description = "Writes the final findings there (JSONL).")
  Path findings;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder (default: ~/.quint).")
  Path data = DataDirectory.standard();

  @Option(
      names = "--live",
      description = "Shows on standard error what happens, for agents that are not interactive.")
  boolean live;

  @Option(
      names = "--with-fingerprint",
      description = "Judges by the stored fingerprint although --record is given.")
  boolean withFingerprint;

  @Option(
      names = "--truth",
      paramLabel = "SOURCE",
      description =
          "What watches the system: auto (the best that works here), seccomp, bpf, connector (these"
              + " two as root) or proc (default: ${DEFAULT-VALUE}). doctor tells which work. Or"
              + " another sensor that runs already, as SENSOR:FILE: eslogger, santa, tetragon,"
              + " falco, osquery; FILE is its log, a FIFO, or - for standard input.",
      defaultValue = "auto")
  String truth;

  @Spec CommandSpec spec;

  @Mixin Upstreams upstreams = new Upstreams();

  @Parameters(
      arity = "1..*",
      paramLabel = "CMD",
      description = "The agent and its arguments, after --.")
  List<String> command;

  /** For picocli. */
  public RunCommand() {}

  private LinuxTier truth() {
    if (truth.equals("auto") || sensor() != null) {
      return null;
    }
    for (LinuxTier tier : LinuxTier.forCommands()) {
      if (tier.option().equals(truth)) {
        return tier;
      }
    }
    throw new ParameterException(
        spec.commandLine(),
        "--truth is auto, seccomp, bpf, connector, proc, "
            + SensorInput.names()
            + ", not '"
            + truth
            + "'");
  }

  private SensorInput sensor() {
    try {
      return SensorInput.of(truth);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--truth: " + e.getMessage(), e);
    }
  }

  @Override
  public Integer call() throws IOException {
    Consumer<String> view = live ? line -> System.err.println(LiveText.of(line, Ansi.AUTO)) : null;
    RunOutcome outcome =
        new AgentRun(
                new RunOrder(
                    command,
                    Path.of("").toAbsolutePath(),
                    System.getenv(),
                    data,
                    mode,
                    record,
                    findings,
                    upstreams,
                    withFingerprint,
                    truth(),
                    sensor(),
                    view))
            .run();
    new Summary(System.err, Ansi.AUTO).print(outcome);
    return outcome.exitCode();
  }
}
