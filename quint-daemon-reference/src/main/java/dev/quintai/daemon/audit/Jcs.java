package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.erdtman.jcs.NumberToJSON;

/**
 * The canonical form of RFC 8785 for a flat object of text, numbers and nulls.
 *
 * <p>Strict where the RFC leaves it to the caller: a lone surrogate, an integer beyond 2^53-1 and a
 * number that is not finite are refused, since each has the same canonical form as another value.
 * Numbers are written by java-json-canonicalization; the text around them is written here because
 * that library starts from JSON text, and a log would pay for writing and parsing that first.
 *
 * <p>Not thread-safe; one instance is used for many objects and keeps its buffer.
 */
final class Jcs {
  /** The largest integer that has a form of its own in I-JSON (RFC 7493). */
  static final long MAX_INTEGER = (1L << 53) - 1;

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder(1024);

  /**
   * The canonical form of a whole object.
   *
   * @param object values are String, Long, Integer, Double or null
   * @throws IllegalArgumentException for a value that has no canonical form of its own
   */
  static byte[] canonical(Map<String, ?> object) {
    Jcs jcs = new Jcs();
    jcs.begin();
    // String order is by UTF-16 code unit, as the RFC wants it.
    for (Map.Entry<String, ?> e : new TreeMap<String, Object>(object).entrySet()) {
      jcs.member(e.getKey(), e.getValue());
    }
    return jcs.end();
  }

  Jcs begin() {
    out.setLength(0);
    out.append('{');
    return this;
  }

  /** Writes the next member; the caller keeps names in order of their UTF-16 code units. */
  Jcs member(String name, Object value) {
    if (out.length() > 1) {
      out.append(',');
    }
    text(name);
    out.append(':');
    if (value == null) {
      out.append("null");
    } else if (value instanceof String s) {
      text(s);
    } else if (value instanceof Long || value instanceof Integer) {
      integer(((Number) value).longValue());
    } else if (value instanceof Double d) {
      number(d);
    } else {
      throw new IllegalArgumentException("a " + value.getClass().getSimpleName() + " in " + name);
    }
    return this;
  }

  byte[] end() {
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private void integer(long value) {
    if (value > MAX_INTEGER || value < -MAX_INTEGER) {
      throw new IllegalArgumentException("an integer beyond 2^53-1: " + value);
    }
    out.append(value);
  }

  private void number(double value) {
    try {
      out.append(NumberToJSON.serializeNumber(value));
    } catch (IOException e) {
      throw new IllegalArgumentException("a number that is not finite", e);
    }
  }

  private void text(String s) {
    out.append('"');
    int start = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c >= 0x20 && c != '"' && c != '\\') {
        if (Character.isSurrogate(c)) {
          i = skipPair(s, i);
        }
        continue;
      }
      out.append(s, start, i);
      escape(c);
      start = i + 1;
    }
    out.append(s, start, s.length()).append('"');
  }

  private static int skipPair(String s, int i) {
    if (Character.isHighSurrogate(s.charAt(i))
        && i + 1 < s.length()
        && Character.isLowSurrogate(s.charAt(i + 1))) {
      return i + 1;
    }
    throw new IllegalArgumentException("a lone surrogate at character " + i);
  }

  private void escape(char c) {
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
}
