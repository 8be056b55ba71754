package dev.quintai.daemon.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code quint audit show}: who did what, without arguments and bodies, which hold secrets and are
 * for {@code export}.
 */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows rows of the log, without arguments and bodies. It verifies nothing.")
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
        out.println(line(COLUMNS.stream().map(AuditColumn::column).toArray()));
        reader.forEach(rows, entry -> out.println(line(cells(entry))));
        out.flush();
      }
      return AuditCommand.DONE;
    } catch (IOException e) {
      Terminal.error(e);
      return AuditCommand.USAGE;
    }
  }

  private static void writeJson(JsonGenerator generator, AuditEntry entry) throws IOException {
    generator.writeStartObject();
    for (AuditColumn c : COLUMNS) {
      entry.write(generator, c);
    }
    generator.writeEndObject();
    generator.writeRaw('\n');
  }

  private static Object[] cells(AuditEntry entry) {
    return COLUMNS.stream().map(c -> cell(entry.text(c))).toArray();
  }

  private static String cell(String text) {
    return text == null ? "-" : Printable.of(text);
  }

  private static String line(Object[] cells) {
    return String.format("%8s  %-24s  %-20s  %-8s  %-28s  %-10s  %-16s  %-11s  %-5s  %s", cells)
        .stripTrailing();
  }
}
