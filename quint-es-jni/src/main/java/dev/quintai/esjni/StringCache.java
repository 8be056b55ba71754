package dev.quintai.esjni;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Strings that were decoded lately, so that a path that is opened again and again is one object. A
 * direct-mapped table: a new string takes the place of the one in its slot. Bounded by {@link
 * #SLOTS} strings of at most {@link #LONGEST} bytes; longer ones are decoded each time. Not
 * thread-safe.
 */
final class StringCache {

  static final int SLOTS = 4096;
  static final int LONGEST = 512;

  private final byte[][] bytes = new byte[SLOTS][];
  private final String[] strings = new String[SLOTS];

  /**
   * The string of the next {@code length} bytes, which are consumed. Bytes that are not UTF-8
   * become U+FFFD.
   */
  String get(ByteBuffer from, int length) {
    if (length == 0) {
      return "";
    }
    int start = from.position();
    from.position(start + length);
    if (length > LONGEST) {
      return decode(from, start, length);
    }
    int slot = hash(from, start, length) & (SLOTS - 1);
    if (!matches(bytes[slot], from, start, length)) {
      byte[] copy = new byte[length];
      from.get(start, copy);
      bytes[slot] = copy;
      strings[slot] = new String(copy, StandardCharsets.UTF_8);
    }
    return strings[slot];
  }

  private static String decode(ByteBuffer from, int start, int length) {
    byte[] copy = new byte[length];
    from.get(start, copy);
    return new String(copy, StandardCharsets.UTF_8);
  }

  private static boolean matches(byte[] known, ByteBuffer from, int start, int length) {
    if (known == null || known.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known[i] != from.get(start + i)) {
        return false;
      }
    }
    return true;
  }

  private static int hash(ByteBuffer from, int start, int length) {
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + from.get(start + i);
    }
    return hash ^ (hash >>> 15);
  }
}
