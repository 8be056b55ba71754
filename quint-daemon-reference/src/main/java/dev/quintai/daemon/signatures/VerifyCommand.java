package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.Channel;
import dev.quintai.signatures.Keyring;
import dev.quintai.signatures.Receipt;
import dev.quintai.signatures.SignatureFile;
import dev.quintai.signatures.SignatureVerifier;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint signatures verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Checks signatures against a keyring; remembers nothing, loads nothing.")
final class VerifyCommand implements Callable<Integer> {

  @Option(
      names = "--keyring",
      paramLabel = "FILE",
      required = true,
      description = "The keys to believe.")
  Path keyring;

  @Option(
      names = "--channel",
      paramLabel = "CHANNEL",
      description = "Only keys of this channel: org:ID or global (default: any key).")
  String channel;

  @Parameters(paramLabel = "IN", arity = "1..*", description = "Files of signatures.")
  List<Path> in;

  @Spec CommandSpec spec;

  private int exit = ExitCode.DONE;

  @Override
  public Integer call() {
    Channel only = channel == null ? null : UpdateSignaturesCommand.channel(spec, channel);
    Keyring keys = Inputs.keyring(keyring);
    SignatureVerifier verifier = new SignatureVerifier(keys);
    Clock clock = Clock.systemUTC();
    PrintStream out = Lines.standardOutput();
    for (Path file : in) {
      try {
        SignatureFile.read(
            Inputs.signatures(file),
            part -> {
              Receipt receipt = verifier.receipt(part, only, clock.instant());
              out.print(Lines.receipt(receipt));
              out.print('\n');
              if (!receipt.accepted()) {
                exit = Math.max(exit, ExitCode.FOUND);
              }
            });
      } catch (Failure e) {
        spec.commandLine().getErr().println("quint: " + e.getMessage());
        exit = ExitCode.USAGE;
      }
    }
    out.flush();
    return exit;
  }
}
