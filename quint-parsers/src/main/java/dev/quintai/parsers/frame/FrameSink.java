package dev.quintai.parsers.frame;

import dev.quintai.core.spi.LlmFinding;

/** Receives the frames of a body. */
public interface FrameSink {

  /**
   * A frame with data begins.
   *
   * @param start offset of its first byte in the body
   * @param end offset behind its last byte, or -1 when it is not known yet
   */
  void begin(long start, long end);

  /**
   * The frame's name: the SSE event or the {@code :event-type} header. Called before the data where
   * the wire has it there, and not at all where there is none.
   *
   * @param exception whether the frame is an exception or error of the transport
   */
  void name(String name, boolean exception);

  /** The frame's data, or the next piece of it. */
  void data(byte[] bytes, int from, int to);

  /** The frame is over. */
  void end();

  /** Something is wrong with the framing. */
  void finding(LlmFinding.Kind kind, long offset, String detail);
}
