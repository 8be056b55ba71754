package dev.quintai.parsers.turn;

import dev.quintai.parsers.json.JsonSink;

/** Knows the JSON of one direction of one API. One object a body; not thread-safe. */
public interface Dialect {

  /**
   * The sink of the next frame's document; null passes over the frame.
   *
   * @param name the frame's name, or empty
   * @param exception whether the transport marks the frame as an exception
   */
  JsonSink document(String name, boolean exception);

  /**
   * The frame's document is over.
   *
   * @param whole whether it was a whole JSON document
   */
  default void frameEnd(boolean whole) {}

  /** The stream's closing mark {@code [DONE]} was read. */
  default void done() {}

  /** The body is over. */
  void end();
}
