package dev.quintai.core;

/**
 * A 64-bit hash of a text, for tables that keep the hash in place of the text: two texts share one
 * with a probability of 2^-64, unless somebody chooses them so. Allocates nothing.
 */
public final class TextHash {
  private TextHash() {}

  /**
   * The hash; never 0. Stable, so that it may be stored.
   *
   * @param kind keeps equal texts of different meaning apart
   */
  public static long of(int kind, String text) {
    int length = text.length();
    long h = ((kind + 1) * 0x9e3779b97f4a7c15L) ^ length;
    int i = 0;
    for (; i + 4 <= length; i += 4) {
      h = step(h, four(text, i));
    }
    long rest = 0;
    for (; i < length; i++) {
      rest = (rest << 16) | text.charAt(i);
    }
    h = step(h, rest);
    h = (h ^ (h >>> 29)) * 0xbf58476d1ce4e5b9L;
    h ^= h >>> 32;
    return h == 0 ? 1 : h;
  }

  private static long step(long h, long part) {
    long x = (h ^ part) * 0x9fb21c651e98df25L;
    return x ^ (x >>> 32);
  }

  private static long four(String text, int at) {
    return ((long) text.charAt(at) << 48)
        | ((long) text.charAt(at + 1) << 32)
        | ((long) text.charAt(at + 2) << 16)
        | text.charAt(at + 3);
  }
}
