package dev.quintai.daemon.signatures;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.quintai.signatures.Receipt;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes results to standard output, a JSON object a line, in UTF-8. */
final class Lines {
  private static final JsonFactory JSON = new JsonFactory();

  private Lines() {}

  /** Fills the fields of one object. */
  interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  /** Standard output in UTF-8, buffered: to be flushed in the end, and not to be closed. */
  static PrintStream standardOutput() {
    return new PrintStream(new BufferedOutputStream(System.out), false, StandardCharsets.UTF_8);
  }

  static String object(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      fields.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  static void strings(JsonGenerator out, String name, List<String> values) throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }

  static String receipt(Receipt receipt) {
    return object(
        out -> {
          out.writeStringField("id", receipt.id());
          out.writeFieldName("version");
          Number version = receipt.version();
          if (version == null) {
            out.writeNull();
          } else if (version instanceof Long whole) {
            out.writeNumber(whole);
          } else {
            out.writeNumber(version.doubleValue());
          }
          out.writeBooleanField("accepted", receipt.accepted());
          if (receipt.check() != null) {
            out.writeStringField("check", receipt.check().id());
          }
          if (receipt.reason() != null) {
            out.writeStringField("reason", receipt.reason());
          }
        });
  }
}
