package dev.quintai.parsers.frame;

/** A body whose pieces are whole messages: each call of {@link #feed} is one frame. */
public final class MessageFramer implements Framer {

  private final FrameSink sink;
  private long settled;

  /** A framer that hands the messages to {@code sink}. */
  public MessageFramer(FrameSink sink) {
    this.sink = sink;
  }

  @Override
  public void feed(byte[] bytes, int from, int to, long offset) {
    settled = offset + to - from;
    sink.begin(offset, settled);
    sink.data(bytes, from, to);
    sink.end();
  }

  @Override
  public void end(long offset) {
    settled = offset;
  }

  @Override
  public long settled() {
    return settled;
  }
}
