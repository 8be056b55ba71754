package dev.quintai.parsers.turn;

import java.nio.ByteBuffer;

/** Looks at the beginning of a body without reading it as JSON. */
public final class Sniff {

  private Sniff() {}

  /** Whether the remaining bytes hold {@code ascii}. The buffer is left as it is. */
  public static boolean holds(ByteBuffer body, String ascii) {
    int last = body.limit() - ascii.length();
    for (int at = body.position(); at <= last; at++) {
      int i = 0;
      while (i < ascii.length() && body.get(at + i) == ascii.charAt(i)) {
        i++;
      }
      if (i == ascii.length()) {
        return true;
      }
    }
    return false;
  }
}
