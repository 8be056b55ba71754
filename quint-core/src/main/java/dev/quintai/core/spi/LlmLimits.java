package dev.quintai.core.spi;

/**
 * Bounds on what a parser of language model traffic keeps in memory. Over a bound the value is cut
 * and marked, the count rises ({@link LlmStream#truncations()}), and the stream goes on.
 *
 * @param maxDepth nesting of JSON values, in levels; deeper input is malformed
 * @param maxString one string that is kept (text, a name, a result), in bytes on the wire
 * @param maxArguments the arguments of one tool call, in characters; in bytes where they stand in
 *     the body as a JSON value of their own
 * @param maxOpenCalls tool calls that have begun and not ended, in one response
 * @param maxFrame bytes of one frame (an event, a line, a message) that are held until it is whole;
 *     longer text frames are read as they come, longer binary frames are passed over
 */
public record LlmLimits(
    int maxDepth, int maxString, int maxArguments, int maxOpenCalls, int maxFrame) {

  /** Depth 200, 1 MiB a string, 8 Mi characters of arguments, 256 calls, 4 MiB a frame. */
  public static final LlmLimits DEFAULT = new LlmLimits(200, 1 << 20, 8 << 20, 256, 4 << 20);

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one is not positive, or depth is over 1,000
   */
  public LlmLimits {
    if (maxDepth < 1 || maxDepth > 1000) {
      throw new IllegalArgumentException("maxDepth must be 1 to 1000, is " + maxDepth);
    }
    require("maxString", maxString);
    require("maxArguments", maxArguments);
    require("maxOpenCalls", maxOpenCalls);
    require("maxFrame", maxFrame);
  }

  private static void require(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be positive, is " + value);
    }
  }

  /** The same with another {@link #maxDepth}. */
  public LlmLimits withMaxDepth(int value) {
    return new LlmLimits(value, maxString, maxArguments, maxOpenCalls, maxFrame);
  }

  /** The same with another {@link #maxString}. */
  public LlmLimits withMaxString(int value) {
    return new LlmLimits(maxDepth, value, maxArguments, maxOpenCalls, maxFrame);
  }

  /** The same with another {@link #maxArguments}. */
  public LlmLimits withMaxArguments(int value) {
    return new LlmLimits(maxDepth, maxString, value, maxOpenCalls, maxFrame);
  }

  /** The same with another {@link #maxOpenCalls}. */
  public LlmLimits withMaxOpenCalls(int value) {
    return new LlmLimits(maxDepth, maxString, maxArguments, value, maxFrame);
  }

  /** The same with another {@link #maxFrame}. */
  public LlmLimits withMaxFrame(int value) {
    return new LlmLimits(maxDepth, maxString, maxArguments, maxOpenCalls, value);
  }
}
