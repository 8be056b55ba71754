package dev.quintai.daemon.proxy;

/** One WebSocket message, put together from its frames and inflated. */
public final class WebSocketMessage {
  private final boolean fromClient;
  private final boolean text;
  private final byte[] payload;

  /**
   * Makes a message.
   *
   * @param fromClient whether the client sent it
   * @param text whether it is a text message, else binary
   * @param payload its bytes; not copied
   */
  public WebSocketMessage(boolean fromClient, boolean text, byte[] payload) {
    this.fromClient = fromClient;
    this.text = text;
    this.payload = payload;
  }

  /** Whether the client sent it. */
  public boolean fromClient() {
    return fromClient;
  }

  /** Whether it is a text message (UTF-8), else binary. */
  public boolean text() {
    return text;
  }

  /** Its bytes; not copied, and the receiver's to keep. */
  public byte[] payload() {
    return payload;
  }

  @Override
  public String toString() {
    return "WebSocketMessage["
        + (fromClient ? "client" : "server")
        + (text ? ", text, " : ", binary, ")
        + payload.length
        + " bytes]";
  }
}
