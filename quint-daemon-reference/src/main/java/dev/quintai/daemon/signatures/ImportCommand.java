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
    boolean all = true;
    for (Path file : in) {
      List<Map<?, ?>> documents = documents(file);
      SigmaImport sigma = new SigmaImport(documents, line -> err.println(file + ": " + line));
      for (int i = 0; i < documents.size(); i++) {
        Map<?, ?> document = documents.get(i);
        try {
          ThreatSignature signature;
          if (document.containsKey("steps")) {
            signature = StepsImport.read(document, version, now);
          } else if (document.containsKey("correlation")) {
            signature = sigma.read(document, version, now);
          } else if (document.containsKey("logsource") && sigma.isPart(document)) {
            continue; // told with the correlation that refers to it
          } else {
            throw new NotExpressibleException(
                document.containsKey("logsource")
                    ? "a single Sigma rule is one event, and a signature is a sequence: refer to it"
                        + " from a correlation of type temporal_ordered"
                    : "neither steps nor a Sigma correlation");
          }
          out.print(signature.document().toJson());
          out.print('\n');
          version++;
        } catch (NotExpressibleException | IllegalArgumentException e) {
          all = false;
          err.println(file + ": document " + (i + 1) + ": not imported: " + e.getMessage());
        }
      }
    }
    out.flush();
    return all ? ExitCode.DONE : ExitCode.FOUND;
  }

  private static List<Map<?, ?>> documents(Path file) {
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
        } else if (document != null) {
          throw new Failure(file + ": a YAML mapping was expected");
        }
      }
    } catch (YamlEngineException e) {
      throw new Failure(file + ": no YAML: " + e.getMessage(), e);
    }
    return documents;
  }
}
