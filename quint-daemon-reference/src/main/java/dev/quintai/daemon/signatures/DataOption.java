package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.ThreatSignatureRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where everything is kept, and what of it concerns signatures. */
final class DataOption {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where Quint keeps its data (default: ~/.quint).")
  Path data;

  /** Opens the registry; damage that it can live with is told. */
  ThreatSignatureRegistry open(PrintWriter err) {
    Path folder = data == null ? Path.of(System.getProperty("user.home"), ".quint") : data;
    try {
      ThreatSignatureRegistry registry =
          ThreatSignatureRegistry.open(folder.resolve("signatures"), BuiltInSignatures.all());
      if (registry.damage() != null) {
        err.println("quint: damaged, the last whole set is loaded: " + registry.damage());
      }
      return registry;
    } catch (IOException e) {
      throw new Failure("--data " + folder + ": " + Failure.explain(e), e);
    }
  }
}
