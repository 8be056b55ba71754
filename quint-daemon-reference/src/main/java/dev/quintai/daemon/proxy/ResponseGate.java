package dev.quintai.daemon.proxy;

/**
 * Decides byte by byte how much of a response the client may have. It sees the decoded body. While
 * a gate is in force the client receives the body without content coding and in the proxy's own
 * framing; without one it receives the upstream host's bytes.
 *
 * <p>Calls come in order, on the connection's event loop, never two at a time for one response. A
 * gate that needs time answers {@link GateDecision#later}, it does not block. A gate that throws
 * ends the response as cut: nothing it has not passed reaches the client.
 */
public interface ResponseGate {
  /**
   * More of the body has come, or the last decision passed a part of what was held: the gate is
   * asked again, with nothing fresh, until it passes everything or nothing.
   *
   * @param held array with all bytes that have come and not passed; valid during the call only
   * @param length how many of them there are, from index 0; at most the hold limit
   * @param fresh how many of those, at the end, this gate is shown for the first time
   */
  GateDecision data(byte[] held, int length, int fresh);

  /**
   * The body is complete. What the decision does not pass or replace is dropped.
   *
   * @param held as in {@link #data}
   * @param length as in {@link #data}
   */
  GateDecision end(byte[] held, int length);

  /**
   * The hold limit is reached and nothing can be read until something passes. A decision that
   * passes nothing ends the response as cut.
   *
   * @param held as in {@link #data}
   * @param length as in {@link #data}
   */
  GateDecision full(byte[] held, int length);

  /**
   * Whether the response's head is to be held until the first byte passes, so that {@link
   * GateDecision#answer} can put another response in its place. Asked once, before anything else.
   */
  default boolean holdsHead() {
    return false;
  }
}
