package dev.quintai.daemon.events;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quintai.core.Finding;
import dev.quintai.core.Gate;
import java.io.IOException;
import java.io.StringWriter;

/** Findings as JSON Lines. The fields and their order are fixed: same finding, same bytes. */
public final class FindingWriter {

  private FindingWriter() {}

  /** The finding on one line, without its end. */
  public static String line(Finding finding) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JsonTree.FACTORY.createGenerator(text)) {
      write(out, finding);
    } catch (IOException e) {
      throw new AssertionError("a StringWriter does not fail", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, Finding f) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", f.id());
    out.writeNumberField("revision", f.revision());
    out.writeStringField("gate", f.gate().id());
    out.writeStringField("type", f.type());
    out.writeStringField("severity", f.severity().id());
    out.writeStringField("session", f.session());
    if (f.parentSession() != null) {
      out.writeStringField("parentSession", f.parentSession());
    }
    out.writeFieldName("timeMs");
    out.writeNumber(EventWriter.millis(f.timeNanos()));
    out.writeStringField("toolUseId", f.toolUseId());
    if (f.pid() >= 0) {
      out.writeNumberField("pid", f.pid());
    } else {
      out.writeNullField("pid");
    }
    out.writeStringField("action", f.action());
    out.writeStringField("claimed", f.claimed());
    out.writeStringField("observed", f.observed());
    out.writeNumberField("count", f.count());
    out.writeFieldName("samples");
    JsonTree.write(out, f.samples());
    out.writeNumberField("confidence", f.confidence());
    out.writeStringField("reason", f.reason());
    out.writeFieldName("mitre");
    JsonTree.write(out, f.mitre());
    if (f.gate() == Gate.SIGNATURE) {
      out.writeStringField("signatureId", f.signatureId());
      if (!Double.isNaN(f.jsd())) {
        out.writeNumberField("jsd", f.jsd());
      }
    }
    if (f.measure() != null) {
      out.writeStringField("measure", f.measure());
    }
    out.writeEndObject();
  }
}
