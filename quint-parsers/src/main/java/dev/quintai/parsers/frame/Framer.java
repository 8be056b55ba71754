package dev.quintai.parsers.frame;

/** Cuts a body into frames. One object a body; not thread-safe. */
public interface Framer {

  /**
   * Takes the next bytes of the body.
   *
   * @param offset the offset of {@code bytes[from]} in the body
   */
  void feed(byte[] bytes, int from, int to, long offset);

  /** The body is over. */
  void end(long offset);

  /** Offset behind the last whole frame. */
  long settled();
}
