package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.BenignHistory;
import dev.quintai.signatures.Channel;
import dev.quintai.signatures.Keyring;
import dev.quintai.signatures.Lane;
import dev.quintai.signatures.Receipt;
import dev.quintai.signatures.ThreatSignatureRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quint update-signatures}: loading signatures from a file. */
@Command(
    name = "update-signatures",
    description = "Loads signatures from a file: one object, an array or JSON Lines.")
public final class UpdateSignaturesCommand implements Callable<Integer> {

  @Option(names = "--file", paramLabel = "F", required = true, description = "The signatures.")
  Path file;

  @Option(
      names = "--keyring",
      paramLabel = "K",
      required = true,
      description = "The keys to believe.")
  Path keyring;

  @Option(
      names = "--channel",
      paramLabel = "CHANNEL",
      defaultValue = "global",
      description = "Where they come from: org:ID or global (default: ${DEFAULT-VALUE}).")
  String channel;

  @Option(
      names = "--lane",
      paramLabel = "LANE",
      defaultValue = "block",
      description = "The most that a match may do: ${COMPLETION-CANDIDATES} (default: block).")
  Lane lane;

  @Mixin TrialOption trial;

  @Mixin DataOption data;

  @Spec CommandSpec spec;

  /** For the command line's own use. */
  public UpdateSignaturesCommand() {}

  @Override
  public Integer call() {
    Channel from = channel(spec, channel);
    Keyring keys = Inputs.keyring(keyring);
    byte[] content = Inputs.signatures(file);
    ThreatSignatureRegistry registry = data.open(spec.commandLine().getErr());
    List<Receipt> receipts;
    try {
      BenignHistory history = data.history(trial.limits(), spec.commandLine().getErr());
      receipts = registry.receive(content, from, keys, lane, history, Clock.systemUTC().instant());
    } catch (IOException e) {
      throw new Failure("nothing was loaded: " + Failure.explain(e), e);
    }
    PrintStream out = Lines.standardOutput();
    for (Receipt receipt : receipts) {
      out.print(Lines.receipt(receipt));
      out.print('\n');
    }
    out.flush();
    return receipts.stream().allMatch(Receipt::accepted) ? ExitCode.DONE : ExitCode.FOUND;
  }

  static Channel channel(CommandSpec spec, String name) {
    try {
      return new Channel(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--channel: " + e.getMessage(), e);
    }
  }
}
