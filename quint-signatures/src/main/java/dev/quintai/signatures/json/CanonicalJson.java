package dev.quintai.signatures.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.erdtman.jcs.NumberToJSON;

/**
 * Writes trees as {@link StrictJson} reads them: as plain compact JSON in the order of the tree,
 * and in the canonical form of RFC 8785.
 *
 * <p>The numbers of the canonical form are written by java-json-canonicalization. The text around
 * them is written here, because that library starts from JSON text, which would have to be written
 * and read again first: that alone took nearly half of all memory that loading signatures
 * allocated. A property holds the two against each other.
 */
public final class CanonicalJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String HEX = "0123456789abcdef";

  private CanonicalJson() {}

  /** The tree as compact JSON. */
  public static String write(Object tree) {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      write(generator, tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** The tree in canonical form. */
  public static byte[] canonical(Object tree) {
    return canonicalText(tree).getBytes(StandardCharsets.UTF_8);
  }

  /** The object in canonical form, as if it had no field of that name. */
  public static byte[] canonicalWithout(String name, Map<String, Object> object) {
    StringBuilder out = new StringBuilder(1024);
    object(out, object, name);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The tree in canonical form. */
  public static String canonicalText(Object tree) {
    StringBuilder out = new StringBuilder(256);
    value(out, tree);
    return out.toString();
  }

  private static void value(StringBuilder out, Object value) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof Map<?, ?> map) {
      object(out, map, null);
    } else if (value instanceof List<?> list) {
      out.append('[');
      for (int i = 0; i < list.size(); i++) {
        if (i > 0) {
          out.append(',');
        }
        value(out, list.get(i));
      }
      out.append(']');
    } else if (value instanceof String text) {
      text(out, text);
    } else if (value instanceof Boolean flag) {
      out.append(flag.booleanValue());
    } else if (value instanceof Double number) {
      number(out, number);
    } else if (value instanceof Integer || value instanceof Long) {
      out.append(((Number) value).longValue());
    } else {
      throw noJson(value);
    }
  }

  private static void object(StringBuilder out, Map<?, ?> map, String without) {
    // The order of strings is by UTF-16 code unit, as the RFC wants it.
    String[] names = map.keySet().toArray(new String[0]);
    Arrays.sort(names);
    out.append('{');
    int first = out.length();
    for (String name : names) {
      if (!name.equals(without)) {
        if (out.length() > first) {
          out.append(',');
        }
        text(out, name);
        out.append(':');
        value(out, map.get(name));
      }
    }
    out.append('}');
  }

  private static void number(StringBuilder out, double number) {
    if (number == 0) {
      out.append('0');
      return;
    }
    try {
      out.append(NumberToJSON.serializeNumber(number));
    } catch (IOException e) {
      throw new IllegalArgumentException("not a JSON number: " + number, e);
    }
  }

  private static void text(StringBuilder out, String text) {
    out.append('"');
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        out.append(text, start, i);
        escape(out, c);
        start = i + 1;
      }
    }
    out.append(text, start, text.length()).append('"');
  }

  private static void escape(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      default -> out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    }
  }

  private static void write(JsonGenerator out, Object value) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> field : map.entrySet()) {
        out.writeFieldName((String) field.getKey());
        write(out, field.getValue());
      }
      out.writeEndObject();
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object element : list) {
        write(out, element);
      }
      out.writeEndArray();
    } else if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof Double number) {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException("not a JSON number: " + number);
      }
      out.writeNumber(number);
    } else if (value instanceof Integer || value instanceof Long) {
      out.writeNumber(((Number) value).longValue());
    } else {
      throw noJson(value);
    }
  }

  private static IllegalArgumentException noJson(Object value) {
    return new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
  }
}
