package dev.quintai.daemon.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code quint audit export}: whole rows as JSON Lines. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Prints rows of the log with all their columns, one JSON object a line. It verifies nothing.",
      "Arguments and bodies are as they were recorded and may hold secrets."
    })
final class ExportCommand implements Callable<Integer> {
  @Mixin private LogFile log;

  @Mixin private RowFilter filter;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    AuditFilter rows = filter.filter(0, spec);
    try (AuditReader reader = AuditReader.open(log.path())) {
      JsonGenerator json = Terminal.json(Terminal.results());
      reader.forEach(
          rows,
          entry -> {
            entry.writeTo(json);
            json.writeRaw('\n');
          });
      json.flush();
      return AuditCommand.DONE;
    } catch (IOException e) {
      Terminal.error(e);
      return AuditCommand.USAGE;
    }
  }
}
