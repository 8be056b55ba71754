package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.Suppression;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quint signatures suppress}. */
@Command(
    name = "suppress",
    mixinStandardHelpOptions = true,
    description = "Keeps matches quiet in a narrow scope, for a time and with a reason.")
final class SuppressCommand implements Callable<Integer> {

  @Option(names = "--signature", paramLabel = "ID", description = "Only this signature.")
  String signature;

  @Option(names = "--agent", paramLabel = "PLATFORM", description = "Only this platform.")
  String agent;

  @Option(names = "--session", paramLabel = "ID", description = "Only this session.")
  String session;

  @Option(names = "--tool", paramLabel = "NAME", description = "Only calls of this tool.")
  String tool;

  @Option(names = "--path", paramLabel = "PREFIX", description = "Only paths that start so.")
  String path;

  @Option(
      names = "--hours",
      paramLabel = "N",
      defaultValue = "168",
      description = "For how long (default: ${DEFAULT-VALUE}).")
  long hours;

  @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
  String reason;

  @Mixin DataOption data;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (hours < 1 || hours > 24 * 3660) {
      throw new Failure("--hours: 1 to " + 24 * 3660);
    }
    Instant now = Clock.systemUTC().instant();
    try {
      Suppression suppression =
          new Suppression(
              signature, agent, session, tool, path, now.plus(Duration.ofHours(hours)), reason);
      data.open(spec.commandLine().getErr()).suppress(suppression, now);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new Failure(e.getMessage(), e);
    }
    return ExitCode.DONE;
  }
}
