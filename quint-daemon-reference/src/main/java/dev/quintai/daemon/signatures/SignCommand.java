package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.SignatureDocument;
import dev.quintai.signatures.SignatureFile;
import dev.quintai.signatures.SignatureRejectedException;
import dev.quintai.signatures.SigningKey;
import dev.quintai.signatures.ThreatSignature;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint signatures sign}. */
@Command(
    name = "sign",
    mixinStandardHelpOptions = true,
    description = "Signs a signature (one JSON object) and prints it. A present one is replaced.")
final class SignCommand implements Callable<Integer> {

  @Option(
      names = "--key",
      paramLabel = "FILE",
      required = true,
      description = "The private key (PKCS#8 PEM).")
  Path key;

  @Parameters(paramLabel = "IN.json", description = "The signature to sign.")
  Path in;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    SigningKey signingKey = key();
    List<SignatureFile.Part> parts = SignatureFile.read(Inputs.signatures(in));
    if (parts.size() != 1) {
      throw new Failure(in + ": one signature was expected, not " + parts.size());
    }
    SignatureFile.Part part = parts.get(0);
    if (part.rejection() != null) {
      throw new Failure(in + ": " + part.rejection().getMessage());
    }
    SignatureDocument signed = part.document().sign(signingKey);
    PrintStream out = Lines.standardOutput();
    out.print(signed.toJson());
    out.print('\n');
    out.flush();
    try {
      ThreatSignature.of(signed);
    } catch (SignatureRejectedException e) {
      // The signature is sound, but nobody will load it: the author should hear of it now.
      spec.commandLine()
          .getErr()
          .println("quint: " + in + " will be rejected by the schema: " + e.getMessage());
    }
    return ExitCode.DONE;
  }

  private SigningKey key() {
    try {
      return SigningKey.fromPem(Inputs.text(key));
    } catch (IllegalArgumentException e) {
      throw new Failure(key + ": " + e.getMessage(), e);
    }
  }
}
