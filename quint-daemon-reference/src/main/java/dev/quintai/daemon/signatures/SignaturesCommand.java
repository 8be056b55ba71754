package dev.quintai.daemon.signatures;

import picocli.CommandLine.Command;

/** {@code quint signatures}: everything about threat signatures but loading them. */
@Command(
    name = "signatures",
    description = "Makes, checks and lists threat signatures.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      KeygenCommand.class,
      SignCommand.class,
      VerifyCommand.class,
      ListCommand.class,
      DistillCommand.class,
      ImportCommand.class,
      AnonymizeCommand.class,
      LaneCommand.class,
      SuppressCommand.class,
      RollbackCommand.class,
      ReceiveCommand.class,
      HistoryCommand.class,
      FederationCommand.class
    })
public final class SignaturesCommand {

  /** For the command line's own use. */
  public SignaturesCommand() {}
}
