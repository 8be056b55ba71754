package dev.quintai.parsers.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds where a JSON string ends, across pieces. Only quotes are looked for, eight bytes at a time;
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
    int at = quote(bytes, start, to);
    while (at < to && escapes(bytes, start, at)) {
      at = quote(bytes, at + 1, to);
    }
    if (at == to && start < to) {
      escapePending = escapes(bytes, start, to);
    }
    return at;
  }

  /** Whether the backslashes before {@code at} take away what stands there. */
  private static boolean escapes(byte[] bytes, int start, int at) {
    int slash = at - 1;
    while (slash >= start && bytes[slash] == '\\') {
      slash--;
    }
    return ((at - slash) & 1) == 0;
  }

  /** The offset of the first quote in [from, to), or {@code to}. */
  private static int quote(byte[] bytes, int from, int to) {
    int at = from;
    while (at + 16 <= to) {
      long a = (long) LONGS.get(bytes, at) ^ QUOTES;
      long b = (long) LONGS.get(bytes, at + 8) ^ QUOTES;
      long first = (a - ONES) & ~a & HIGHS;
      long second = (b - ONES) & ~b & HIGHS;
      if ((first | second) != 0) {
        return first != 0
            ? at + (Long.numberOfTrailingZeros(first) >>> 3)
            : at + 8 + (Long.numberOfTrailingZeros(second) >>> 3);
      }
      at += 16;
    }
    if (at + 8 <= to) {
      long a = (long) LONGS.get(bytes, at) ^ QUOTES;
      long first = (a - ONES) & ~a & HIGHS;
      if (first != 0) {
        return at + (Long.numberOfTrailingZeros(first) >>> 3);
      }
      at += 8;
    }
    while (at < to && bytes[at] != '"') {
      at++;
    }
    return at;
  }
}
