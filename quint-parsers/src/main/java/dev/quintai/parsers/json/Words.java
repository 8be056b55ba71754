package dev.quintai.parsers.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Looks for one of several words of ASCII, ignoring case. Each word names a pair of its characters
 * that is rare in prose; the pairs, of which there are two at most, are looked for eight bytes at a
 * time, and the words around them only where one was met. Immutable and thread-safe.
 */
public final class Words {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  /** What is left of a letter without its case; of other characters it leaves more than one. */
  private static final long NO_CASE = 0xDFDFDFDFDFDFDFDFL;

  private final byte[][] words;
  private final int[] pairs;

  // One pair and the other, each character in all eight bytes.
  private final long first;
  private final long second;
  private final long otherFirst;
  private final long otherSecond;

  private final int longest;

  /**
   * Words to look for.
   *
   * @param marked words in which a {@code |} stands before the two characters that are rare
   * @throws IllegalArgumentException if there are more than two such pairs
   */
  public Words(String... marked) {
    words = new byte[marked.length][];
    pairs = new int[marked.length];
    Set<String> rare = new LinkedHashSet<>();
    int most = 0;
    for (int i = 0; i < marked.length; i++) {
      pairs[i] = marked[i].indexOf('|');
      String word = marked[i].replace("|", "").toLowerCase(Locale.ROOT);
      words[i] = word.getBytes(StandardCharsets.US_ASCII);
      rare.add(word.substring(pairs[i], pairs[i] + 2));
      most = Math.max(most, words[i].length);
    }
    longest = most;
    String[] all = rare.toArray(String[]::new);
    if (all.length < 1 || all.length > 2) {
      throw new IllegalArgumentException("one or two different pairs, not " + rare);
    }
    first = everywhere(all[0].charAt(0));
    second = everywhere(all[0].charAt(1));
    otherFirst = everywhere(all[all.length - 1].charAt(0));
    otherSecond = everywhere(all[all.length - 1].charAt(1));
  }

  private static long everywhere(char letter) {
    return ONES * letter & NO_CASE;
  }

  /** Bytes of the longest word. */
  public int longest() {
    return longest;
  }

  /** The offset of the first word that stands in [from, to), or -1. */
  public int find(byte[] bytes, int from, int to) {
    int at = from;
    int lastWhole = to - 9;
    while (at <= lastWhole) {
      long word = (long) LONGS.get(bytes, at) & NO_CASE;
      long next = (long) LONGS.get(bytes, at + 1) & NO_CASE;
      long miss = (word ^ first) | (next ^ second);
      long otherMiss = (word ^ otherFirst) | (next ^ otherSecond);
      long hits = (((miss - ONES) & ~miss) | ((otherMiss - ONES) & ~otherMiss)) & HIGHS;
      while (hits != 0) {
        int found = wordAround(bytes, from, at + (Long.numberOfTrailingZeros(hits) >>> 3), to);
        if (found >= 0) {
          return found;
        }
        hits &= hits - 1;
      }
      // The last eight pairs are looked at together too, some of them again.
      at = at < lastWhole ? Math.min(at + 8, lastWhole) : to;
    }
    for (; at < to; at++) {
      int found = wordAround(bytes, from, at, to);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  }

  /** The beginning of a word whose rare pair stands at {@code at}, or -1. */
  private int wordAround(byte[] bytes, int from, int at, int to) {
    for (int i = 0; i < words.length; i++) {
      int start = at - pairs[i];
      if (start >= from && start + words[i].length <= to && stands(words[i], bytes, start)) {
        return start;
      }
    }
    return -1;
  }

  private static boolean stands(byte[] word, byte[] bytes, int at) {
    for (int i = 0; i < word.length; i++) {
      int b = bytes[at + i];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != word[i]) {
        return false;
      }
    }
    return true;
  }
}
