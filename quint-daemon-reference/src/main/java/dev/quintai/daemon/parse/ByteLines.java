package dev.quintai.daemon.parse;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a file as bytes, without copies beyond one buffer. A line over the limit is passed
 * over and reported as such.
 */
final class ByteLines implements Closeable {

  private final InputStream in;
  private final int maxLine;
  private byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private int start;
  private int end;
  private long number;
  private long bytesRead;
  private boolean over;
  private boolean exhausted;

  ByteLines(InputStream in, int maxLine) {
    this.in = in;
    this.maxLine = maxLine;
  }

  /** Goes to the next line; false at the end of the file. */
  boolean next() throws IOException {
    over = false;
    int scanned = from;
    while (true) {
      int newline = find(scanned);
      if (newline >= 0) {
        line(newline, newline + 1);
        return true;
      }
      scanned = to;
      if (exhausted) {
        if (from == to && !over) {
          return false;
        }
        line(to, to);
        return true;
      }
      int kept = to - from;
      if (kept > maxLine) {
        over = true;
        from = to;
        kept = 0;
      }
      fill(kept);
      scanned = from + kept;
    }
  }

  private int find(int at) {
    for (int i = at; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void line(int lineEnd, int nextFrom) {
    number++;
    start = from;
    end = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    from = nextFrom;
  }

  private void fill(int kept) throws IOException {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, kept);
      from = 0;
      to = kept;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8, 2L * buffer.length));
    }
    int count = in.read(buffer, to, buffer.length - to);
    if (count < 0) {
      exhausted = true;
    } else {
      to += count;
      bytesRead += count;
    }
  }

  /** The present line's number, from 1. */
  long number() {
    return number;
  }

  /** Whether the present line was over the limit; its bytes are gone then. */
  boolean over() {
    return over;
  }

  /** Bytes read from the file so far. */
  long bytesRead() {
    return bytesRead;
  }

  byte[] bytes() {
    return buffer;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /** Whether the present line holds nothing but white space. */
  boolean blank() {
    for (int i = start; i < end; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
