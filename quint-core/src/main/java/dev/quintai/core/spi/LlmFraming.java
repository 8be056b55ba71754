package dev.quintai.core.spi;

/** How a body is divided. */
public enum LlmFraming {
  /** One JSON document. */
  JSON(false),
  /** Server-sent events. */
  SSE(true),
  /** The binary frames of {@code application/vnd.amazon.eventstream}. */
  EVENT_STREAM(true),
  /** One JSON document a line. */
  NDJSON(true),
  /** One JSON array whose elements arrive one by one. */
  JSON_ARRAY(true),
  /** Whole messages, as over a WebSocket. */
  MESSAGES(true);

  private final boolean streaming;

  LlmFraming(boolean streaming) {
    this.streaming = streaming;
  }

  /** Whether parts arrive as the model makes them. */
  public boolean streaming() {
    return streaming;
  }
}
