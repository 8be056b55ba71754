package dev.quintai.parsers.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Looks for several words of one length at once (Horspool's algorithm: the window moves as far as
 * its last byte allows for all of them). Immutable and thread-safe.
 */
public final class Words {

  private final byte[][] words;
  private final int length;
  private final byte[] shifts = new byte[256];

  /**
   * Words to look for.
   *
   * @param ascii words of the same length, at most 100 characters of ASCII
   */
  public Words(String... ascii) {
    words = new byte[ascii.length][];
    length = ascii[0].length();
    Arrays.fill(shifts, (byte) length);
    for (int i = 0; i < ascii.length; i++) {
      words[i] = ascii[i].getBytes(StandardCharsets.US_ASCII);
      if (words[i].length != length || length > 100) {
        throw new IllegalArgumentException("words of one length, at most 100, wanted");
      }
      for (int at = 0; at < length - 1; at++) {
        int place = words[i][at] & 0xFF;
        shifts[place] = (byte) Math.min(shifts[place], length - 1 - at);
      }
    }
  }

  /** Whether one of the words stands in [from, to). */
  boolean stand(byte[] bytes, int from, int to) {
    int at = from + length - 1;
    while (at < to) {
      byte last = bytes[at];
      for (byte[] word : words) {
        if (word[length - 1] == last
            && Arrays.equals(word, 0, length, bytes, at - length + 1, at + 1)) {
          return true;
        }
      }
      at += shifts[last & 0xFF];
    }
    return false;
  }
}
