package dev.quintai.daemon.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quintai.core.Redactor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code quint audit show}: who did what, for a person. Secrets are redacted and content is cut;
 * {@code export} gives the rows as they are.
 */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Shows rows of the log, secrets redacted and long content cut. It verifies nothing.")
final class ShowCommand implements Callable<Integer> {
  private static final List<AuditColumn> COLUMNS =
      List.of(
          AuditColumn.ID,
          AuditColumn.TIMESTAMP,
          AuditColumn.SESSION_ID,
          AuditColumn.DIRECTION,
          AuditColumn.SERVER_NAME,
          AuditColumn.METHOD,
          AuditColumn.TOOL_NAME,
          AuditColumn.VERDICT,
          AuditColumn.RISK_SCORE,
          AuditColumn.TOOL_USE_ID);

  private static final String CONTENT = "content";

  @Mixin private LogFile log;

  @Mixin private RowFilter filter;

  @Option(
      names = {"-n", "--last"},
      paramLabel = "N",
      defaultValue = "50",
      description = "How many rows, the last ones; 0 for all. Default: ${DEFAULT-VALUE}.")
  private int last;

  @Option(names = "--json", description = "Prints one JSON object a row.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    AuditFilter rows = filter.filter(Math.max(0, last), spec);
    try (AuditReader reader = AuditReader.open(log.path())) {
      OutputStream results = Terminal.results();
      if (json) {
        JsonGenerator generator = Terminal.json(results);
        reader.forEach(rows, entry -> writeJson(generator, entry));
        generator.flush();
      } else {
        PrintStream out = new PrintStream(results, false, StandardCharsets.UTF_8);
        out.println(line(header()));
        reader.forEach(rows, entry -> out.println(line(cells(entry))));
        out.flush();
      }
      return AuditCommand.DONE;
    } catch (IOException e) {
      Terminal.error(e);
      return AuditCommand.USAGE;
    }
  }

  private static Object[] header() {
    return Stream.concat(COLUMNS.stream().map(AuditColumn::column), Stream.of(CONTENT)).toArray();
  }

  private static void writeJson(JsonGenerator generator, AuditEntry entry) throws IOException {
    generator.writeStartObject();
    for (AuditColumn c : COLUMNS) {
      Number number = entry.number(c);
      if (number == null) {
        generator.writeStringField(c.column(), readable(entry.text(c)));
      } else {
        entry.write(generator, c);
      }
    }
    generator.writeStringField(CONTENT, content(entry));
    generator.writeEndObject();
    generator.writeRaw('\n');
  }

  private static Object[] cells(AuditEntry entry) {
    Stream<String> cells =
        Stream.concat(
            COLUMNS.stream().map(c -> readable(entry.text(c))), Stream.of(content(entry)));
    return cells.map(c -> c == null ? "-" : c).toArray();
  }

  /** The arguments, or else the response. */
  private static String content(AuditEntry entry) {
    String arguments = entry.text(AuditColumn.ARGUMENTS_JSON);
    return readable(arguments != null ? arguments : entry.text(AuditColumn.RESPONSE_JSON));
  }

  /** Redacted before it is cut: a secret is known by what surrounds it. */
  private static String readable(String text) {
    return text == null ? null : Printable.of(Redactor.redact(text));
  }

  private static String line(Object[] cells) {
    return String.format(
            "%8s  %-24s  %-20s  %-8s  %-28s  %-10s  %-16s  %-11s  %-5s  %-16s  %s", cells)
        .stripTrailing();
  }
}
