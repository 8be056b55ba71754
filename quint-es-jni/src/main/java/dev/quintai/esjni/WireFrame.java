package dev.quintai.esjni;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One frame of {@code quint-trace} where it lies; the layout stands in {@code wire.h}. Moves from
 * frame to frame, reads fields in place and allocates nothing; a string is decoded when it is asked
 * for. Not thread-safe.
 */
final class WireFrame {

  static final int MAX = 128 * 1024;
  static final int HEADER = 24;
  static final int FILE = 5;

  private static final int TYPE = 4;
  private static final int FLAGS = 5;
  private static final int SEQUENCE = 8;
  private static final int TIME = 16;
  private static final int PID = 24;
  private static final int START_MS = 28;
  private static final int OP = 36;
  private static final int ACCESS = 37;
  private static final int PATH = 40;

  private ByteBuffer in;
  private int limit;
  private int base;
  private int next;

  /** Reads between position and limit of the buffer, which is set to little-endian. */
  WireFrame over(ByteBuffer buffer) {
    in = buffer.order(ByteOrder.LITTLE_ENDIAN);
    limit = buffer.limit();
    next = buffer.position();
    return this;
  }

  /**
   * Goes to the next frame, which is whole; false when there is none, and then the buffer's
   * position is where it will begin.
   */
  boolean advance() throws WireFormatException {
    in.limit(limit);
    in.position(next);
    if (limit - next < HEADER) {
      return false;
    }
    int length = in.getInt(next);
    if (length < HEADER || length > MAX) {
      throw new WireFormatException("frame of " + length + " bytes");
    }
    if (limit - next < length) {
      return false;
    }
    base = next;
    next += length;
    return true;
  }

  /** Confines the buffer to the payload of this frame. */
  void enter() {
    in.limit(next);
    in.position(base + HEADER);
  }

  int type() {
    return in.get(base + TYPE);
  }

  int flags() {
    return in.get(base + FLAGS);
  }

  long sequence() {
    return in.getLong(base + SEQUENCE);
  }

  long timeNanos() {
    return in.getLong(base + TIME);
  }

  /** Whether it is a file's frame whose path is whole. */
  boolean isFile() {
    return type() == FILE
        && next - base >= PATH + Short.BYTES
        && PATH + Short.BYTES + pathLength() <= next - base;
  }

  /** Of a file's frame: the process. */
  int pid() {
    return in.getInt(base + PID);
  }

  long startMs() {
    return in.getLong(base + START_MS);
  }

  int op() {
    return in.get(base + OP);
  }

  int access() {
    return in.get(base + ACCESS);
  }

  int pathLength() {
    return Short.toUnsignedInt(in.getShort(base + PATH));
  }

  String path(StringCache strings) {
    in.limit(next);
    in.position(base + PATH + Short.BYTES);
    return strings.get(in, pathLength());
  }
}
