package dev.quintai.parsers.turn;

import java.nio.ByteBuffer;

/** Looks at the beginning of a body without reading it as JSON. */
public final class Sniff {

  private Sniff() {}

  /** Whether the remaining bytes hold {@code ascii}. The buffer is left as it is. */
  public static boolean holds(ByteBuffer body, String ascii) {
    int last = body.limit() - ascii.length();
    byte first = (byte) ascii.charAt(0);
    for (int at = body.position(); at <= last; at++) {
      if (body.get(at) == first && matches(body, at, ascii)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(ByteBuffer body, int at, String ascii) {
    for (int i = 1; i < ascii.length(); i++) {
      if (body.get(at + i) != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
