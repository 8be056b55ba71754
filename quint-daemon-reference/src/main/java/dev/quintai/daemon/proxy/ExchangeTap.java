package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;

/**
 * One exchange as the observer sees it. Keeps the observer's failures away from the traffic and
 * sees to it that each exchange ends exactly once on either side.
 */
final class ExchangeTap {
  private final ProxyContext context;
  private final ExchangeObserver.Exchange exchange;
  private BodyTap request;
  private BodyTap response;
  private boolean requestEnded;
  private boolean responseEnded;

  private ExchangeTap(
      ProxyContext context, ExchangeObserver.Exchange exchange, String requestEncoding) {
    this.context = context;
    this.exchange = exchange;
    this.request =
        new BodyTap(
            requestEncoding,
            context.limits().observedBytes(),
            (bytes, offset, length) -> {
              context.guard(() -> exchange.requestData(bytes, offset, length));
              return true;
            });
  }

  /** Tells the observer of a request; null when it does not want to see the exchange. */
  static ExchangeTap open(ProxyContext context, ConnectionInfo connection, RequestHead head) {
    ExchangeObserver.Exchange exchange =
        context.guard(() -> context.observer().exchange(connection, head), null);
    return exchange == null ? null : new ExchangeTap(context, exchange, head.contentEncoding());
  }

  LocalResponse answer() {
    return context.guard(exchange::answer, null);
  }

  boolean mayGate() {
    return context.guard(exchange::mayGate, false);
  }

  void requestData(ByteBuf in, int index, int length) {
    if (!requestEnded) {
      request.feed(in, index, length);
    }
  }

  void requestEnd(BodyEnd.Outcome outcome) {
    if (!requestEnded) {
      requestEnded = true;
      BodyEnd end = request.end(outcome);
      request = null;
      context.guard(() -> exchange.requestEnd(end));
    }
  }

  /** Tells the observer of the response's head; returns its gate, or null. */
  ResponseGate response(int status, String type, String encoding, String requestId) {
    response =
        new BodyTap(
            encoding,
            context.limits().observedBytes(),
            (bytes, offset, length) -> {
              context.guard(() -> exchange.responseData(bytes, offset, length));
              return true;
            });
    ResponseHead head = new ResponseHead(status, type, encoding, requestId, response.decodable());
    return context.guard(() -> exchange.response(head), null);
  }

  void responseData(ByteBuf in, int index, int length) {
    if (!responseEnded && response != null) {
      response.feed(in, index, length);
    }
  }

  void message(WebSocketMessage message) {
    context.guard(() -> exchange.message(message));
  }

  void messagesLost(boolean fromClient, long bytes) {
    context.guard(() -> exchange.messagesLost(fromClient, bytes));
  }

  void responseEnd(BodyEnd.Outcome outcome) {
    if (!responseEnded) {
      responseEnded = true;
      BodyEnd end = response == null ? new BodyEnd(outcome, 0, 0, false) : response.end(outcome);
      response = null;
      context.guard(() -> exchange.responseEnd(end));
    }
  }

  /** Ends whatever has not ended. */
  void abandon(BodyEnd.Outcome requestOutcome, BodyEnd.Outcome responseOutcome) {
    requestEnd(requestOutcome);
    responseEnd(responseOutcome);
  }
}
