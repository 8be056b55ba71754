package dev.quintai.daemon.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quintai.daemon.audit.AuditVerification.KeySource;
import dev.quintai.daemon.audit.AuditVerification.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quint audit verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Verifies the log: exit status 0 when it is whole, 1 when it is not, 2 when it cannot be read.",
      "Without a key from outside it trusts the key in the log, and whoever replaced the whole log"
          + " and that key is not found."
    })
final class VerifyCommand implements Callable<Integer> {
  /** More than four months of one a minute, in less than 100 MB. */
  private static final int MAX_CHECKPOINTS = 200_000;

  private static final int MAX_LINE = 4096;

  @Mixin private LogFile log;

  @Option(
      names = "--public-key",
      paramLabel = "PEM",
      description =
          "A public key to trust (repeatable); the keys in the log then count for nothing.")
  private List<Path> publicKeys = new ArrayList<>();

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "Checkpoints that were kept elsewhere, one JSON object a line.")
  private Path checkpoints;

  @Option(names = "--json", description = "Prints the result as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    List<Ed25519Key> keys = new ArrayList<>();
    List<AuditCheckpoint> kept;
    try {
      for (Path file : publicKeys) {
        keys.add(readKey(file));
      }
      kept = checkpoints == null ? List.of() : readCheckpoints(checkpoints);
    } catch (IOException e) {
      Terminal.error(e);
      return AuditCommand.USAGE;
    }
    Terminal.ProgressLine progress = new Terminal.ProgressLine("verifying");
    AuditVerification result = new AuditVerifier(keys, kept, progress::at).verify(log.path());
    progress.end();
    try {
      if (json) {
        printJson(result);
      } else if (result.status() == Status.UNREADABLE) {
        System.err.println("quint: " + Printable.of(result.reason()));
      } else {
        printText(result, kept.size());
      }
    } catch (IOException e) {
      Terminal.error(e);
      return AuditCommand.USAGE;
    }
    return result.status().exitStatus();
  }

  private static Ed25519Key readKey(Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_LINE) {
        throw new IOException(file + ": too large for a public key");
      }
      return Ed25519Key.ofPem(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static List<AuditCheckpoint> readCheckpoints(Path file) throws IOException {
    ArrayDeque<AuditCheckpoint> kept = new ArrayDeque<>();
    long line = 0;
    long left = 0;
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        line++;
        if (text.isBlank()) {
          continue;
        }
        if (text.length() > MAX_LINE) {
          throw new IOException("the line is too long for a checkpoint");
        }
        if (kept.size() == MAX_CHECKPOINTS) {
          kept.removeFirst();
          left++;
        }
        kept.add(AuditCheckpoint.ofJson(text));
      }
    } catch (IOException e) {
      if (line == 0) {
        throw e;
      }
      throw new IOException(file + ", line " + line + ": " + e.getMessage(), e);
    }
    if (kept.isEmpty()) {
      throw new IOException(file + ": no checkpoint in it");
    }
    if (left > 0) {
      System.err.println(
          "note: only the last " + MAX_CHECKPOINTS + " checkpoints of " + file + " are compared");
    }
    return List.copyOf(kept);
  }

  private static void printText(AuditVerification result, int kept) {
    if (result.status() == Status.NOT_WHOLE) {
      String where = result.firstBadRow() > 0 ? "first bad row " + result.firstBadRow() + ": " : "";
      System.out.println(
          Terminal.bold("NOT WHOLE", "red") + ": " + where + Printable.of(result.reason()));
      return;
    }
    StringBuilder text = new StringBuilder(Terminal.bold("whole", "green"));
    text.append(": ").append(result.rows()).append(" rows, ");
    text.append(result.signedRows()).append(" signed, ");
    text.append(result.checkpoints()).append(" checkpoints");
    if (kept > 0) {
      text.append(", ").append(kept).append(" kept elsewhere");
    }
    text.append(
        switch (result.keySource()) {
          case GIVEN -> "; verified with the given public key";
          case OWN -> "; verified with the log's own key";
          case NONE -> "; no row is signed, only the chain is verified";
        });
    System.out.println(text);
    System.out.println("head: row " + result.rows() + ", hash " + result.headHash());
    if (result.open()) {
      System.out.println(
          "the log is open; rows after the last checkpoint: " + result.uncheckpointedRows());
    }
    if (result.keySource() == KeySource.OWN) {
      System.err.println(
          "note: the key came from the log itself; give --public-key with a copy kept elsewhere");
    }
  }

  private static void printJson(AuditVerification result) throws IOException {
    JsonGenerator json = Terminal.json(System.out);
    json.writeStartObject();
    json.writeBooleanField("whole", result.status() == Status.WHOLE);
    json.writeStringField("status", result.status().name().toLowerCase(Locale.ROOT));
    if (result.firstBadRow() > 0) {
      json.writeNumberField("firstBadRow", result.firstBadRow());
    } else {
      json.writeNullField("firstBadRow");
    }
    json.writeStringField("reason", result.reason());
    json.writeNumberField("rows", result.rows());
    json.writeNumberField("signedRows", result.signedRows());
    json.writeNumberField("checkpoints", result.checkpoints());
    json.writeNumberField("uncheckpointedRows", result.uncheckpointedRows());
    json.writeBooleanField("open", result.open());
    json.writeStringField("keys", result.keySource().name().toLowerCase(Locale.ROOT));
    json.writeStringField("headHash", result.headHash());
    json.writeEndObject();
    json.writeRaw('\n');
    json.flush();
  }
}
