package dev.quintai.esjni;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What the supervisor is told, in the layout of {@code policy.h}. */
final class PolicyFrames {

  private static final int HEADER = 8;
  private static final int PATTERN_MAX = 4096;
  private static final byte DECLARE = 2;
  private static final byte FORGET = 3;
  private static final byte ANSWER = 4;

  private PolicyFrames() {}

  /**
   * Refuses what is no pattern.
   *
   * @throws IllegalArgumentException when it is empty, too long, or holds a NUL
   */
  static void check(String pattern) {
    int bytes = pattern.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > PATTERN_MAX || pattern.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          "a pattern has 1 to " + PATTERN_MAX + " bytes and no NUL; this one has " + bytes);
    }
  }

  static ByteBuffer declare(String pattern) {
    return frame(DECLARE, pattern.getBytes(StandardCharsets.UTF_8));
  }

  static ByteBuffer forget() {
    return frame(FORGET, new byte[0]);
  }

  /** Whether the call that was asked about under this number may go on. */
  static ByteBuffer answer(long number, boolean allowed) {
    ByteBuffer answer = ByteBuffer.allocate(Long.BYTES + 1).order(ByteOrder.LITTLE_ENDIAN);
    return frame(ANSWER, answer.putLong(number).put((byte) (allowed ? 1 : 0)).array());
  }

  private static ByteBuffer frame(byte kind, byte[] text) {
    ByteBuffer frame = ByteBuffer.allocate(HEADER + text.length).order(ByteOrder.LITTLE_ENDIAN);
    return frame.putInt(HEADER + text.length).put(kind).put(new byte[3]).put(text).flip();
  }
}
