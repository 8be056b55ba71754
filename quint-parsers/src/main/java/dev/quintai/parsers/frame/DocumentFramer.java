package dev.quintai.parsers.frame;

/** A body that is one document: handed on as it comes, held nowhere. */
public final class DocumentFramer implements Framer {

  private final FrameSink sink;
  private boolean begun;
  private long settled;

  /** A framer that hands the body to {@code sink}. */
  public DocumentFramer(FrameSink sink) {
    this.sink = sink;
  }

  @Override
  public void feed(byte[] bytes, int from, int to, long offset) {
    if (!begun) {
      begun = true;
      sink.begin(0, -1);
    }
    sink.data(bytes, from, to);
  }

  @Override
  public void end(long offset) {
    if (begun) {
      sink.end();
    }
    settled = offset;
  }

  @Override
  public long settled() {
    return settled;
  }
}
