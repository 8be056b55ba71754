package dev.quintai.signatures.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Writes a tree of {@link StrictJson}: plainly, in the order of its maps, or in the canonical form
 * of RFC 8785 (JCS). The canonical form is only safe for what {@link StrictJson} has read: the
 * canonicaliser itself takes lone surrogates and large integers without complaint.
 */
public final class CanonicalJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private CanonicalJson() {}

  /** The tree as compact JSON. */
  public static String write(Object tree) {
    StringWriter out = new StringWriter(2048);
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      write(generator, tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** The tree, an object or an array, in canonical form. */
  public static byte[] canonical(Object tree) {
    return canonicalText(tree).getBytes(StandardCharsets.UTF_8);
  }

  /** The tree, an object or an array, in canonical form. */
  public static String canonicalText(Object tree) {
    try {
      return new JsonCanonicalizer(write(tree)).getEncodedString();
    } catch (IOException e) {
      throw new UncheckedIOException("a tree that was read strictly is canonicalisable", e);
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
      throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
  }
}
