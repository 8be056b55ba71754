package dev.quintai.daemon.events;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;

/**
 * Lines of bounded length: of a longer one the rest is passed over. A line ends with a line feed, a
 * carriage return before it is not part of it. Not thread-safe.
 */
final class LineReader implements Closeable {

  private final Reader in;
  private final int max;
  private final char[] buffer = new char[1 << 16];
  private final StringBuilder line = new StringBuilder();
  private int position;
  private int end;
  private boolean tooLong;

  LineReader(Reader in, int max) {
    this.in = in;
    this.max = max;
  }

  /** The next line, or null at the end. */
  String next() throws IOException {
    line.setLength(0);
    tooLong = false;
    boolean any = false;
    while (fill()) {
      any = true;
      int from = position;
      while (position < end && buffer[position] != '\n') {
        position++;
      }
      int room = max - line.length();
      int length = position - from;
      tooLong |= length > room;
      line.append(buffer, from, Math.min(length, room));
      if (position < end) {
        position++;
        break;
      }
    }
    int last = line.length() - 1;
    if (last >= 0 && line.charAt(last) == '\r') {
      line.setLength(last);
    }
    return any ? line.toString() : null;
  }

  /** Whether the last line was longer than it may be; its beginning was returned. */
  boolean tooLong() {
    return tooLong;
  }

  private boolean fill() throws IOException {
    if (position < end) {
      return true;
    }
    position = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
