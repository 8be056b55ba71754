package dev.quintai.daemon.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The command line: {@code quint COMMAND}. */
@Command(
    name = "quint",
    description = "Holds what an AI agent's model says it will do against what it really does.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT)
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
    command.setStopAtPositional(false);
    command.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          failed.getErr().println("quint: " + Failure.explain(exception));
          return ExitCode.USAGE;
        });
    if (args.length == 0) {
      command.usage(System.err);
      return ExitCode.USAGE;
    }
    return command.execute(args);
  }
}
