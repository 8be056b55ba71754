package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.ThreatSignature;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint signatures import}: other formats in, unsigned signatures out. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Turns YAML of ordered capability steps, or Sigma correlations of type temporal_ordered,"
            + " into signatures (JSON Lines, unsigned). What cannot be expressed is told.")
final class ImportCommand implements Callable<Integer> {
  private static final int MAX_DOCUMENTS = 10_000;

  @Option(
      names = "--first-version",
      paramLabel = "N",
      defaultValue = "1",
      description = "The version of the first; each next is one higher (default: 1).")
  long firstVersion;

  @Parameters(paramLabel = "IN.yml", arity = "1..*", description = "The files.")
  List<Path> in;

  @Spec CommandSpec spec;

  private int exit = ExitCode.DONE;

  /** What cannot be expressed as a signature. */
  static final class NotExpressibleException extends Exception {
    private static final long serialVersionUID = 1L;

    NotExpressibleException(String message) {
      super(message);
    }
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    PrintStream out = Lines.standardOutput();
    Instant now = Clock.systemUTC().instant();
    long version = firstVersion;
    for (Path file : in) {
      List<Map<?, ?>> documents = documents(file, err);
      SigmaImport sigma = new SigmaImport(documents, line -> err.println(file + ": " + line));
      for (int i = 0; i < documents.size(); i++) {
        Map<?, ?> document = documents.get(i);
        if (document.containsKey("logsource") && sigma.isPart(document)) {
          continue; // told with the correlation that refers to it
        }
        try {
          out.print(signature(document, sigma, version, now).document().toJson());
          out.print('\n');
          version++;
        } catch (NotExpressibleException | IllegalArgumentException e) {
          exit = Math.max(exit, ExitCode.FOUND);
          err.println(file + ": document " + (i + 1) + ": not imported: " + e.getMessage());
        }
      }
    }
    out.flush();
    return exit;
  }

  private static ThreatSignature signature(
      Map<?, ?> document, SigmaImport sigma, long version, Instant now)
      throws NotExpressibleException {
    if (document.containsKey("steps")) {
      return StepsImport.read(document, version, now);
    } else if (document.containsKey("correlation")) {
      return sigma.read(document, version, now);
    } else if (document.containsKey("logsource")) {
      throw new NotExpressibleException(
          "a single Sigma rule is one event, and a signature is a sequence: refer to it from a"
              + " correlation of type temporal_ordered");
    }
    throw new NotExpressibleException("neither steps nor a Sigma correlation");
  }

  /** The documents up to the first that is no YAML; one that is no mapping stands for nothing. */
  private List<Map<?, ?>> documents(Path file, PrintWriter err) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file.toString())
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(16)
            .setCodePointLimit(4 << 20)
            .build();
    List<Map<?, ?>> documents = new ArrayList<>();
    try {
      for (Object document : new Load(settings).loadAllFromString(Inputs.text(file))) {
        if (documents.size() >= MAX_DOCUMENTS) {
          throw new Failure(file + ": more than " + MAX_DOCUMENTS + " documents");
        }
        if (document instanceof Map<?, ?> map) {
          documents.add(map);
        } else {
          documents.add(Map.of());
        }
      }
    } catch (YamlEngineException e) {
      unreadable(err, file + ": no YAML: " + StepsImport.shown(e.getMessage()));
    } catch (StackOverflowError e) {
      unreadable(err, file + ": no YAML: nested too deep");
    } catch (Failure e) {
      unreadable(err, e.getMessage());
    }
    return documents;
  }

  private void unreadable(PrintWriter err, String message) {
    err.println(message);
    exit = ExitCode.USAGE;
  }
}
