package dev.quintai.parsers.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The strings of short texts that come again and again, as names, types and roles do, so that they
 * are not made anew. Each hash has one place, and a text is kept there the second time that it
 * comes, so that ids, which are new each time, push nothing out and memory is bounded whatever
 * comes.
 */
final class Names {

  private static final int PLACES = 128;

  private final byte[][] bytes = new byte[PLACES][];
  private final String[] names = new String[PLACES];
  private final long[] hashes = new long[PLACES];

  /**
   * The string of plain ASCII in [from, to).
   *
   * @param hash of these bytes, however it is made
   */
  String get(byte[] source, int from, int to, long hash) {
    long mixed = (hash + to - from) * 0x9E3779B97F4A7C15L;
    int place = (int) (mixed >>> 57);
    byte[] known = bytes[place];
    if (known != null
        && known.length == to - from
        && Arrays.equals(known, 0, known.length, source, from, to)) {
      return names[place];
    }
    String name = new String(source, from, to - from, StandardCharsets.ISO_8859_1);
    if (hashes[place] == mixed) {
      bytes[place] = Arrays.copyOfRange(source, from, to);
      names[place] = name;
    }
    hashes[place] = mixed;
    return name;
  }
}
