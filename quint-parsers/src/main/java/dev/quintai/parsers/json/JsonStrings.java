package dev.quintai.parsers.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Scans and decodes the bytes between the quotes of JSON strings (RFC 8259, section 7).
 *
 * <p>Lenient where leniency hides nothing: an unknown escape stands for its character, control
 * characters pass, and bytes that are no UTF-8 become U+FFFD. An agent's own parser may be as
 * lenient, and a call must not be missed for it.
 */
final class JsonStrings {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long BACKSLASHES = ONES * '\\';

  static final int ESCAPES = 1;
  static final int HIGH = 2;

  private JsonStrings() {}

  /** What stands between the quotes besides plain ASCII: {@link #ESCAPES}, {@link #HIGH}. */
  static int kinds(byte[] bytes, int from, int to) {
    int at = from;
    long seen = 0;
    long slashes = 0;
    while (at + 8 <= to) {
      long word = (long) LONGS.get(bytes, at);
      long slash = word ^ BACKSLASHES;
      seen |= word;
      slashes |= (slash - ONES) & ~slash;
      at += 8;
    }
    boolean escapes = (slashes & HIGHS) != 0;
    while (at < to) {
      byte b = bytes[at++];
      seen |= b;
      escapes |= b == '\\';
    }
    return (escapes ? ESCAPES : 0) | ((seen & HIGHS) != 0 ? HIGH : 0);
  }

  /** A hash of a short text: of its length and its first and last bytes. */
  static long hash(byte[] bytes, int from, int length) {
    if (length < 8) {
      long word = 0;
      for (int i = from; i < from + length; i++) {
        word = (word << 8) | (bytes[i] & 0xFF);
      }
      return word;
    }
    long first = (long) LONGS.get(bytes, from);
    long last = (long) LONGS.get(bytes, from + length - 8);
    return first * 31 + last;
  }

  /**
   * Decodes what stands between the quotes.
   *
   * @param high whether there are bytes outside ASCII
   */
  static String unescape(byte[] bytes, int from, int to, boolean high) {
    byte[] plain = new byte[to - from];
    int length = unescape(bytes, from, to, plain);
    if (length < 0) {
      return unescapeUnits(bytes, from, to);
    }
    return new String(
        plain, 0, length, high ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
  }

  /**
   * Decodes what stands between the quotes to the beginning of {@code target}, which has room for
   * all of it.
   *
   * @return how many bytes that are, or -1 where an escape names a UTF-16 unit
   */
  static int unescape(byte[] bytes, int from, int to, byte[] target) {
    int out = 0;
    int at = from;
    while (at < to) {
      byte b = bytes[at++];
      if (b != '\\' || at == to) {
        target[out++] = b;
        continue;
      }
      byte kind = bytes[at++];
      if (kind == 'u') {
        return -1;
      }
      byte single = single(kind);
      target[out++] = single != 0 ? single : kind; // an unknown escape stands for its character
    }
    return out;
  }

  /** The character of a two-character escape, or 0. */
  private static byte single(byte kind) {
    return switch (kind) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '"', '\\', '/' -> kind;
      default -> 0;
    };
  }

  /** Decodes text with escapes of UTF-16 units, which may be halves of pairs, or of none. */
  private static String unescapeUnits(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    int run = from;
    int at = from;
    while (at < to) {
      if (bytes[at] != '\\' || at + 1 == to) {
        at++;
        continue;
      }
      append(text, bytes, run, at);
      byte kind = bytes[at + 1];
      byte single = single(kind);
      at += 2;
      run = at;
      if (single != 0) {
        text.append((char) single);
      } else if (kind != 'u') {
        run = at - 1; // an unknown escape stands for its character
      } else {
        int unit = hex4(bytes, at, to);
        text.append(unit < 0 ? '\uFFFD' : (char) unit);
        at += unit < 0 ? 0 : 4;
        run = at;
      }
    }
    append(text, bytes, run, to);
    return text.toString();
  }

  private static void append(StringBuilder text, byte[] bytes, int from, int to) {
    if (to > from) {
      text.append(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }
  }

  private static int hex4(byte[] bytes, int at, int to) {
    if (at + 4 > to) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /**
   * The largest offset at most {@code to} at which the string can be cut without splitting an
   * escape or a character.
   */
  static int cutPoint(byte[] bytes, int from, int to) {
    int at = from;
    int last = from;
    while (at < to) {
      last = at;
      if (bytes[at] == '\\') {
        at += at + 1 < to && bytes[at + 1] == 'u' ? 6 : 2;
      } else {
        at++;
        while (at < to && (bytes[at] & 0xC0) == 0x80) {
          at++;
        }
      }
    }
    // Whether the last character is whole, its first byte tells.
    boolean whole = at <= to && (to == from || to - last >= width(bytes[last]));
    return whole ? to : last;
  }

  /** Bytes of the UTF-8 character that begins with {@code first}; an escape is whole by then. */
  private static int width(byte first) {
    if (first >= 0) {
      return 1;
    }
    return (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : (first & 0xF8) == 0xF0 ? 4 : 1;
  }
}
