package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.ThreatSignatureRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code quint signatures rollback}. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description =
        "Takes the last load back; again, the one before it, up to eight. Lanes and suppressions stay."
            + " What leaves needs a higher version to come again.")
final class RollbackCommand implements Callable<Integer> {

  @Mixin DataOption data;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    ThreatSignatureRegistry registry = data.open(spec.commandLine().getErr());
    if (!registry.rollback()) {
      throw new Failure(
          "there is no earlier set to return to (the last "
              + ThreatSignatureRegistry.MAX_ROLLBACKS
              + " loads are kept); nothing has changed");
    }
    if (registry.damage() != null) {
      spec.commandLine().getErr().println("quint: " + registry.damage());
    }
    PrintStream out = Lines.standardOutput();
    out.println(
        Lines.object(
            json -> {
              json.writeNumberField("signatures", registry.current().signatures().size());
              json.writeNumberField("rollbacks_left", registry.rollbacks());
            }));
    out.flush();
    return ExitCode.DONE;
  }
}
