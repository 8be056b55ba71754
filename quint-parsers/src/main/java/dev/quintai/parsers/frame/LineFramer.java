package dev.quintai.parsers.frame;

/** One JSON document a line, as in newline-delimited JSON. Blank lines are no frames. */
public final class LineFramer extends TextFramer {

  private boolean begun;

  /** A framer that hands its lines to {@code sink}. */
  public LineFramer(FrameSink sink, int maxFrame) {
    super(sink, maxFrame);
  }

  @Override
  int boundary(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes[at] == '\n') {
        return at + 1;
      }
    }
    return -1;
  }

  @Override
  void piece(byte[] bytes, int from, int to, long start, long end, boolean last) {
    int at = from;
    while (!begun && at < to && bytes[at] <= ' ' && bytes[at] >= 0) {
      at++;
    }
    if (at < to) {
      if (!begun) {
        begun = true;
        sink.begin(start, end);
      }
      sink.data(bytes, at, to);
    }
    if (last && begun) {
      begun = false;
      sink.end();
    }
  }
}
