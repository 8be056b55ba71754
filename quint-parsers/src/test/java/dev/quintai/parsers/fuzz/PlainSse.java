package dev.quintai.parsers.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Server-sent events read line by line, as the standard says it. */
final class PlainSse {

  private static final int MAX_NAME = 64;

  private PlainSse() {}

  /** Name and data of each event that has data, divided by a line feed; one character a byte. */
  static List<String> read(String body) {
    String text = body.startsWith("\u00EF\u00BB\u00BF") ? body.substring(3) : body;
    List<String> events = new ArrayList<>();
    String name = "";
    String nameOfData = "";
    StringBuilder data = null;
    for (String line : (text + "\n\n").split("\r\n|\r|\n", -1)) {
      int colon = line.indexOf(':');
      if (line.isEmpty()) {
        if (data != null) {
          events.add(utf8(nameOfData) + "\n" + data);
        }
        data = null;
        name = "";
      } else if (colon != 0) {
        // A line without a colon is a field with an empty value.
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        value = value.startsWith(" ") ? value.substring(1) : value;
        if (field.equals("data")) {
          nameOfData = data == null ? name : nameOfData;
          data = data == null ? new StringBuilder(value) : data.append('\n').append(value);
        } else if (field.equals("event")) {
          name = value.substring(0, Math.min(MAX_NAME, value.length()));
        }
      }
    }
    return events;
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
