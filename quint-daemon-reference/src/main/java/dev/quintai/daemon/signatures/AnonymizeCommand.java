package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.SignatureFile;
import dev.quintai.signatures.SignatureRejectedException;
import dev.quintai.signatures.ThreatSignature;
import dev.quintai.signatures.federation.AnonymousShape;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint signatures anonymize}. */
@Command(
    name = "anonymize",
    mixinStandardHelpOptions = true,
    description =
        "Prints the cross-tenant form of signatures: the shape in whole percent, the severity and"
            + " the MITRE techniques, and nothing else.")
final class AnonymizeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "IN", arity = "1..*", description = "Files of signatures.")
  List<Path> in;

  @Mixin DataOption data;

  @Spec CommandSpec spec;

  private int exit = ExitCode.DONE;

  @Override
  public Integer call() {
    if (!data.policy().contribute()) {
      throw new Failure(
          "nothing leaves this installation (signatures federation --contribute true opens it)");
    }
    PrintStream out = Lines.standardOutput();
    for (Path file : in) {
      SignatureFile.read(Inputs.signatures(file), part -> print(file, part, out));
    }
    out.flush();
    return exit;
  }

  private void print(Path file, SignatureFile.Part part, PrintStream out) {
    try {
      if (part.rejection() != null) {
        throw part.rejection();
      }
      out.print(AnonymousShape.of(ThreatSignature.of(part.document())).toJson());
      out.print('\n');
    } catch (SignatureRejectedException e) {
      spec.commandLine().getErr().println(file + ":" + part.line() + ": " + e.getMessage());
      exit = ExitCode.FOUND;
    }
  }
}
