package dev.quintai.core.spi;

import java.nio.ByteBuffer;

/**
 * Reads one API of language models. Immutable and thread-safe; its streams are not. Found by {@link
 * java.util.ServiceLoader} or handed to {@link LlmParsers#of}.
 */
public interface LlmParser {

  /** How a parser knows an exchange for its own, the strongest first. */
  enum Evidence {
    /** The path says so. */
    PATH,
    /** The host says so. */
    HOST,
    /** The beginning of the request's body says so. */
    BODY,
    /** It takes what nobody else knows. */
    FALLBACK,
    /** It does not know it. */
    NONE
  }

  /** Its format's id, for example {@code anthropic}. */
  String format();

  /**
   * Whether the exchange is of this format.
   *
   * @param head what is known of it
   * @param body the beginning of the decompressed request body, possibly empty; its position and
   *     limit are left as they are
   */
  Evidence detect(LlmHead head, ByteBuffer body);

  /**
   * Begins to read an HTTP body.
   *
   * @param head the exchange; for a response, with its status and content type
   */
  LlmStream open(LlmHead head, LlmDirection direction, LlmLimits limits, LlmHandler handler);

  /**
   * Begins to read one direction of a WebSocket connection; each {@link LlmStream#feed} takes one
   * whole message.
   *
   * @throws UnsupportedOperationException if the format has no such transport
   */
  default LlmStream openMessages(
      LlmHead head, LlmDirection direction, LlmLimits limits, LlmHandler handler) {
    throw new UnsupportedOperationException(format() + " has no message transport");
  }
}
