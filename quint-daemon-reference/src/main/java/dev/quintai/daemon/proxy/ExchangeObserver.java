package dev.quintai.daemon.proxy;

/**
 * Receives what goes through the proxy. All calls about one connection come in order and one at a
 * time, on that connection's event loop; calls about different connections come concurrently. An
 * implementation must not block. What it throws is counted ({@link ProxyServer#observerFailures()})
 * and the traffic goes on without it.
 */
public interface ExchangeObserver {
  /** A way to a host is open; the first call about it. */
  default void connectionOpened(ConnectionInfo connection) {}

  /** The way is closed; the last call about it. */
  default void connectionClosed(ConnectionInfo connection) {}

  /** Something that was not carried or not observed. */
  default void event(ProxyEvent event) {}

  /**
   * A request's head has come on an intercepted or observed connection. Nothing of it has been sent
   * on yet.
   *
   * @return what to do with the exchange; null to let it pass unobserved
   */
  Exchange exchange(ConnectionInfo connection, RequestHead request);

  /**
   * One request and its response. Bytes are the decoded body (gzip, deflate, br and zstd undone),
   * in order, cut anywhere; arrays are valid during the call only. The observer is told before the
   * client or the upstream host is given the same bytes. Every exchange ends with one {@link
   * #requestEnd} and one {@link #responseEnd}, in either order.
   */
  interface Exchange {
    /** Answers the request in the place of the upstream host, which never sees it; or null. */
    default LocalResponse answer() {
      return null;
    }

    /**
     * Whether a gate may be wanted for the response. The proxy then asks the upstream host for a
     * body without content coding, so that the gate costs no re-coding.
     */
    default boolean mayGate() {
      return false;
    }

    /** Bytes of the request's body. */
    default void requestData(byte[] bytes, int offset, int length) {}

    /** The request has ended. */
    default void requestEnd(BodyEnd end) {}

    /**
     * The response's head has come.
     *
     * @return a gate for its body, or null to forward it as it is
     */
    default ResponseGate response(ResponseHead head) {
      return null;
    }

    /** Bytes of the response's body, as the upstream host sent them, whatever a gate passes. */
    default void responseData(byte[] bytes, int offset, int length) {}

    /** A WebSocket message, after a response with status 101. */
    default void message(WebSocketMessage message) {}

    /**
     * WebSocket messages that could not be read: too long, or broken frames. Bytes still went
     * through.
     *
     * @param fromClient whose they are
     * @param lostBytes how many bytes of payload
     */
    default void messagesLost(boolean fromClient, long lostBytes) {}

    /** The response has ended; after a WebSocket upgrade, the connection has. */
    default void responseEnd(BodyEnd end) {}
  }
}
