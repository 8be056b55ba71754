package dev.quintai.core.spi;

import java.util.Objects;

/**
 * Something in the bytes that the parser could not read, or had to cut. The stream goes on.
 *
 * @param kind what is wrong
 * @param offset where it was noticed, in bytes from the beginning of the (decompressed) body
 * @param detail one sentence; holds no content of the conversation
 */
public record LlmFinding(Kind kind, long offset, String detail) {

  /** What is wrong. */
  public enum Kind {
    /** A frame or body that does not follow its format. */
    MALFORMED,
    /** A checksum that does not fit. */
    CHECKSUM,
    /** A value over one of the {@link LlmLimits}. */
    LIMIT,
    /** The body ended where more must follow. */
    CUT
  }

  public LlmFinding {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(detail, "detail");
  }
}
