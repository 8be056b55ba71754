package dev.quintai.daemon.proxy;

/**
 * How a body ended, for the observer's copy of it.
 *
 * @param outcome how the message itself ended
 * @param bytes the decoded bytes that the observer was given
 * @param lostBytes the bytes that it was not given: decoded bytes over the limit, or the undecoded
 *     bytes that followed where the codings could not be undone. At least 1 when anything is
 *     missing
 * @param undecodable whether the content codings were unknown or the coded bytes were broken
 */
public record BodyEnd(Outcome outcome, long bytes, long lostBytes, boolean undecodable) {
  /** How a message ended. */
  public enum Outcome {
    /** Its whole body went through. */
    COMPLETE,
    /** The sender's connection or stream ended before the message did. */
    CUT,
    /** The receiver went away first. */
    ABORTED,
    /** A gate ended it with other bytes. */
    REPLACED,
    /** The proxy answered in the place of the upstream host. */
    ANSWERED
  }

  /** Whether the observer's copy is not the whole of what was sent. */
  public boolean truncated() {
    return lostBytes > 0;
  }
}
