package dev.quintai.parsers.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds where a JSON string ends, across pieces. Only quotes are looked for, 32 bytes at a time;
 * whether a quote ends the string, the number of backslashes before it says. No backslash is
 * counted twice, since each run of them ends at the quote that it was counted for.
 */
final class StringEnd {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long QUOTES = ONES * '"';

  private boolean escapePending;

  StringEnd() {}

  /** Forgets a string whose end never came. */
  void reset() {
    escapePending = false;
  }

  /** The offset of the quote that ends the string that goes on at {@code from}, or {@code to}. */
  int find(byte[] bytes, int from, int to) {
    int start = from;
    if (escapePending && from < to) {
      escapePending = false;
      start++;
    }
    int at = start;
    if (at + 8 <= to) { // most strings are short
      long quotes = packed(marks(bytes, at));
      if (quotes != 0) {
        int quote = at + Long.numberOfTrailingZeros(quotes);
        if (ends(bytes, start, quote)) {
          return quote;
        }
      }
    }
    while (at + 32 <= to) {
      long a = marks(bytes, at);
      long b = marks(bytes, at + 8);
      long c = marks(bytes, at + 16);
      long d = marks(bytes, at + 24);
      if (((a | b | c | d) & HIGHS) != 0) {
        long quotes = packed(a) | packed(b) << 8 | packed(c) << 16 | packed(d) << 24;
        while (quotes != 0) {
          int quote = at + Long.numberOfTrailingZeros(quotes);
          if (bytes[quote] == '"' && ends(bytes, start, quote)) {
            return quote;
          }
          quotes &= quotes - 1;
        }
      }
      at += 32;
    }
    for (; at < to; at++) {
      if (bytes[at] == '"' && ends(bytes, start, at)) {
        return at;
      }
    }
    if (start < to) {
      escapePending = !ends(bytes, start, to);
    }
    return to;
  }

  /**
   * Marks in the high bits of bytes: all quotes, and, since the subtraction borrows, a {@code #}
   * behind a quote, so that a marked byte may be none.
   */
  private static long marks(byte[] bytes, int at) {
    long word = (long) LONGS.get(bytes, at) ^ QUOTES;
    return (word - ONES) & ~word;
  }

  /** The high bits of eight bytes side by side. */
  private static long packed(long marks) {
    return (((marks & HIGHS) >>> 7) * 0x0102040810204080L) >>> 56;
  }

  /** Whether an even number of backslashes stands before {@code at}: what is there is itself. */
  private static boolean ends(byte[] bytes, int start, int at) {
    if (at == start || bytes[at - 1] != '\\') {
      return true;
    }
    int slash = at - 2;
    while (slash >= start && bytes[slash] == '\\') {
      slash--;
    }
    return ((at - slash) & 1) != 0;
  }
}
