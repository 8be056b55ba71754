package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.Failure;
import dev.quintai.daemon.run.DataDirectory;
import dev.quintai.signatures.BenignHistory;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.ThreatSignatureRegistry;
import dev.quintai.signatures.federation.FederationPolicy;
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
  Path data = DataDirectory.standard();

  /** Opens the registry; damage that it can live with is told. */
  ThreatSignatureRegistry open(PrintWriter err) {
    try {
      ThreatSignatureRegistry registry =
          ThreatSignatureRegistry.open(
              data.resolve(DataDirectory.SIGNATURES), BuiltInSignatures.all());
      if (registry.damage() != null) {
        err.println("quint: damaged, the last whole set is loaded: " + registry.damage());
      }
      return registry;
    } catch (IOException e) {
      throw new Failure("--data " + data + ": " + Failure.explain(e), e);
    }
  }

  /** Opens what {@code run} has recorded of sessions that nobody minded. */
  BenignHistory history(BenignHistory.Limits limits, PrintWriter err) {
    try {
      BenignHistory history = BenignHistory.open(data.resolve(DataDirectory.HISTORY), limits);
      if (history.unreadable() > 0) {
        err.println(
            "quint: "
                + data.resolve(DataDirectory.HISTORY)
                + ": "
                + history.unreadable()
                + " lines could not be read");
      }
      return history;
    } catch (IOException e) {
      throw new Failure("--data " + data + ": " + Failure.explain(e), e);
    }
  }

  /** What is given to other organisations, and taken from them. */
  FederationPolicy policy() {
    try {
      return FederationFile.read(data);
    } catch (IOException e) {
      throw new Failure(Failure.explain(e), e);
    }
  }
}
