package dev.quintai.daemon.audit;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code quint audit}: verifies and reads the tamper-evident log. Results go to standard output,
 * everything else to standard error; exit status 0 done, 1 the log is not whole, 2 usage or
 * unreadable input.
 */
@Command(
    name = "audit",
    description = "Verifies and reads the tamper-evident log.",
    mixinStandardHelpOptions = true,
    subcommands = {VerifyCommand.class, ShowCommand.class, ExportCommand.class})
public final class AuditCommand implements Callable<Integer> {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  @Spec private CommandSpec spec;

  public AuditCommand() {}

  @Override
  public Integer call() {
    spec.commandLine().usage(System.err);
    return USAGE;
  }

  /** Runs the command alone. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new AuditCommand()).execute(args));
  }
}
