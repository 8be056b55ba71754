package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code quint signatures rollback}. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = "Returns to the set before the last load. What leaves needs a higher version.")
final class RollbackCommand implements Callable<Integer> {

  @Mixin DataOption data;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!data.open(spec.commandLine().getErr()).rollback()) {
      throw new Failure("there is no earlier set to return to");
    }
    return ExitCode.DONE;
  }
}
