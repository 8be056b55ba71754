package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.Lane;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint signatures lane}. */
@Command(
    name = "lane",
    mixinStandardHelpOptions = true,
    description = "Sets the most that a signature's match may do, and lets go of a held one.")
final class LaneCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ID", description = "The signature.")
  String id;

  @Parameters(index = "1", paramLabel = "LANE", description = "${COMPLETION-CANDIDATES}.")
  Lane lane;

  @Mixin DataOption data;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!data.open(spec.commandLine().getErr()).setLane(id, lane)) {
      throw new Failure("no signature " + id + " is loaded");
    }
    return ExitCode.DONE;
  }
}
