package dev.quintai.daemon.cli;

import dev.quintai.daemon.audit.AuditCommand;
import dev.quintai.daemon.demo.DemoCommand;
import dev.quintai.daemon.live.WatchCommand;
import dev.quintai.daemon.parse.ParseCommand;
import dev.quintai.daemon.run.RunCommand;
import dev.quintai.daemon.signatures.ScoreCommand;
import dev.quintai.daemon.signatures.ScoreReportCommand;
import dev.quintai.daemon.signatures.SignaturesCommand;
import dev.quintai.daemon.signatures.UpdateSignaturesCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code quint COMMAND}. */
@Command(
    name = "quint",
    description = "Holds what an AI agent's model says it will do against what it really does.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      WatchCommand.class,
      DemoCommand.class,
      ReplayCommand.class,
      AdaptCommand.class,
      FlowCommand.class,
      SignaturesCommand.class,
      UpdateSignaturesCommand.class,
      ParseCommand.class,
      ScoreCommand.class,
      ScoreReportCommand.class,
      AuditCommand.class,
      DoctorCommand.class
    })
public final class Main {

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs a command. */
  static int run(String... args) {
    CommandLine command = new CommandLine(new Main());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    // What follows the agent's name is the agent's.
    command.getSubcommands().get("run").setStopAtPositional(true);
    command.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          failed.getErr().println("quint: " + Failure.explain(exception));
          return ExitCode.USAGE;
        });
    for (CommandLine subcommand : command.getSubcommands().values()) {
      subcommand.getCommandSpec().mixinStandardHelpOptions(true);
    }
    if (args.length == 1 && args[0].equals("warm-up")) {
      return WarmUp.run(command);
    }
    if (args.length == 0) {
      command.usage(System.err);
      return ExitCode.USAGE;
    }
    return command.execute(args);
  }
}
