package dev.quintai.parsers.frame;

import java.util.Arrays;

/** The bytes of a frame that is not whole yet. */
final class Carry {
  byte[] bytes = new byte[0];
  int length;

  void append(byte[] source, int from, int to) {
    int count = to - from;
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(512, 2 * (length + count)));
    }
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  void clear() {
    length = 0;
    if (bytes.length > 1 << 16) {
      bytes = new byte[0];
    }
  }
}
