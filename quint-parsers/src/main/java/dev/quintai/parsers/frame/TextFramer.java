package dev.quintai.parsers.frame;

/**
 * Frames that end at a boundary in the text. A frame that lies in one piece is handed on in place;
 * one that straddles pieces is held until it is whole, or, when it is longer than the limit, handed
 * on piece by piece.
 */
abstract class TextFramer implements Framer {

  final FrameSink sink;
  private final int maxFrame;
  private final Carry carry = new Carry();
  private boolean overflowing;
  private long settled;

  TextFramer(FrameSink sink, int maxFrame) {
    this.sink = sink;
    this.maxFrame = maxFrame;
  }

  /**
   * Goes on looking for the end of the present frame.
   *
   * @return the offset in {@code bytes} behind its last byte, or -1 when it is not among these
   */
  abstract int boundary(byte[] bytes, int from, int to);

  /**
   * Takes a piece of the present frame.
   *
   * @param start offset of the frame in the body
   * @param end offset behind the frame, or -1 when it is not known yet
   * @param last whether the frame ends here
   */
  abstract void piece(byte[] bytes, int from, int to, long start, long end, boolean last);

  /**
   * Hands on a frame that begins at {@code from} and lies in one piece, if it has the form that
   * nearly all frames have.
   *
   * @param start offset of the frame in the body
   * @param shift what an offset in {@code bytes} lacks to one in the body
   * @return the offset in {@code bytes} behind it, or -1 with nothing done
   */
  int simple(byte[] bytes, int from, int to, long start, long shift) {
    return -1;
  }

  /** Whether the end of the body can stand for a boundary after what was seen of the frame. */
  boolean endsAtEndOfBody() {
    return true;
  }

  @Override
  public final void feed(byte[] bytes, int from, int to, long offset) {
    int at = from;
    while (at < to) {
      if (carry.length == 0 && !overflowing) {
        int known = simple(bytes, at, to, settled, offset - from);
        if (known > 0) {
          settled = offset + known - from;
          at = known;
          continue;
        }
      }
      int end = boundary(bytes, at, to);
      if (end < 0) {
        hold(bytes, at, to);
        return;
      }
      frame(bytes, at, end, offset + end - from);
      at = end;
    }
  }

  private void frame(byte[] bytes, int from, int to, long end) {
    if (overflowing) {
      piece(bytes, from, to, settled, -1, true);
    } else if (carry.length > 0) {
      carry.append(bytes, from, to);
      piece(carry.bytes, 0, carry.length, settled, end, true);
    } else {
      piece(bytes, from, to, settled, end, true);
    }
    overflowing = false;
    carry.clear();
    settled = end;
  }

  private void hold(byte[] bytes, int from, int to) {
    if (!overflowing && carry.length + (to - from) > maxFrame) {
      overflowing = true;
      piece(carry.bytes, 0, carry.length, settled, -1, false);
      carry.clear();
    }
    if (overflowing) {
      piece(bytes, from, to, settled, -1, false);
    } else {
      carry.append(bytes, from, to);
    }
  }

  @Override
  public final void end(long offset) {
    if ((overflowing || carry.length > 0) && endsAtEndOfBody()) {
      frame(new byte[0], 0, 0, offset);
    }
  }

  @Override
  public final long settled() {
    return settled;
  }
}
