package dev.quintai.signatures.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Writes trees as {@link StrictJson} reads them: as plain compact JSON in the order of the tree,
 * and in the canonical form of RFC 8785.
 *
 * <p>The canonical form is that of java-json-canonicalization. It is only safe for what {@link
 * StrictJson} has read: the library itself takes lone surrogates and large integers without
 * complaint.
 */
public final class CanonicalJson {
  private static final JsonFactory FACTORY = new JsonFactory();

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
    Map<String, Object> others = new LinkedHashMap<>(object);
    others.remove(name);
    return canonical(others);
  }

  /** The tree in canonical form. */
  public static String canonicalText(Object tree) {
    if (!(tree instanceof Map || tree instanceof List)) {
      // The library takes objects and arrays only.
      String array = canonicalText(Collections.singletonList(tree));
      return array.substring(1, array.length() - 1);
    }
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
      throw noJson(value);
    }
  }

  private static IllegalArgumentException noJson(Object value) {
    return new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
  }
}
