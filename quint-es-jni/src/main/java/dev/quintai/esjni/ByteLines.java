package dev.quintai.esjni;

import java.io.IOException;
import java.io.InputStream;

/**
 * Lines of bounded length, ended by a line feed: of a longer one the rest is passed over. Not
 * thread-safe.
 */
final class ByteLines {

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private final int max;
  private byte[] line = new byte[1 << 12];
  private int length;
  private int position;
  private int end;
  private boolean tooLong;

  ByteLines(InputStream in, int max) {
    this.in = in;
    this.max = max;
  }

  /** Goes to the next line; false at the end. */
  boolean next() throws IOException {
    length = 0;
    tooLong = false;
    boolean any = false;
    while (position < end || fill()) {
      any = true;
      int from = position;
      while (position < end && buffer[position] != '\n') {
        position++;
      }
      append(from, position - from);
      if (position < end) {
        position++;
        break;
      }
    }
    return any;
  }

  private boolean fill() throws IOException {
    position = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  private void append(int from, int count) {
    tooLong |= count > max - length;
    if (tooLong) {
      return;
    }
    if (length + count > line.length) {
      line = java.util.Arrays.copyOf(line, Math.min(max, Math.max(length + count, 2 * length)));
    }
    System.arraycopy(buffer, from, line, length, count);
    length += count;
  }

  /** The bytes of the line, of which {@link #length} count, valid until the next. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  boolean tooLong() {
    return tooLong;
  }

  boolean blank() {
    for (int i = 0; i < length; i++) {
      if (line[i] > ' ' || line[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
