package dev.quintai.daemon.cli;

import dev.quintai.daemon.audit.AuditCommand;
import dev.quintai.daemon.demo.DemoCommand;
import dev.quintai.daemon.live.WatchCommand;
import dev.quintai.daemon.parse.ParseCommand;
import dev.quintai.daemon.run.DaemonCommand;
import dev.quintai.daemon.run.RunCommand;
import dev.quintai.daemon.signatures.ScoreCommand;
import dev.quintai.daemon.signatures.ScoreReportCommand;
import dev.quintai.daemon.signatures.SignaturesCommand;
import dev.quintai.daemon.signatures.UpdateSignaturesCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code quint COMMAND}. */
@Command(
    name = "quint",
    description = "Holds what an AI agent's model says it will do against what it really does.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main {

  /** In the order of the help. */
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("run", RunCommand.class);
    COMMANDS.put("watch", WatchCommand.class);
    COMMANDS.put("daemon", DaemonCommand.class);
    COMMANDS.put("demo", DemoCommand.class);
    COMMANDS.put("replay", ReplayCommand.class);
    COMMANDS.put("adapt", AdaptCommand.class);
    COMMANDS.put("flow", FlowCommand.class);
    COMMANDS.put("signatures", SignaturesCommand.class);
    COMMANDS.put("update-signatures", UpdateSignaturesCommand.class);
    COMMANDS.put("parse", ParseCommand.class);
    COMMANDS.put("score", ScoreCommand.class);
    COMMANDS.put("score-report", ScoreReportCommand.class);
    COMMANDS.put("audit", AuditCommand.class);
    COMMANDS.put("doctor", DoctorCommand.class);
  }

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs a command. */
  static int run(String... args) {
    CommandLine command = new CommandLine(new Main());
    // Reading the annotations of all commands takes longer than most commands do.
    boolean one = args.length > 0 && COMMANDS.containsKey(args[0]);
    COMMANDS.forEach(
        (name, type) -> {
          if (!one || name.equals(args[0])) {
            command.addSubcommand(name, type);
          }
        });
    command.setCaseInsensitiveEnumValuesAllowed(true);
    CommandLine run = command.getSubcommands().get("run");
    if (run != null) {
      run.setStopAtPositional(true); // what follows the agent's name is the agent's
    }
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
