package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Queue;

/** The responses of one HTTP/1 upstream connection, in the order of the requests. */
final class ResponseSide implements Http1Framer.Sink {
  private final Http1Relay relay;
  private final Http1Framer framer;
  private final Queue<ByteBuf> unread = new ArrayDeque<>();
  private ExchangeTap tap;
  private boolean closeAfter;
  private boolean raw;

  ResponseSide(ProxyContext context, Http1Relay relay) {
    this.relay = relay;
    this.framer = new Http1Framer(false, context.limits().headBytes(), this);
  }

  /** Whether more may be read. */
  boolean ready() {
    return unread.isEmpty();
  }

  void read(ByteBuf in) throws Http1Exception {
    if (raw) {
      relay.sendClient(in);
      return;
    }
    try {
      framer.feed(in);
      if (raw && in.isReadable()) {
        relay.sendClient(in.retainedSlice());
      }
    } finally {
      in.release();
    }
  }

  @Override
  public void head(Http1Head head) throws Http1Exception {
    Http1Relay.Pending request = relay.answering();
    if (request == null) {
      throw new Http1Exception("a response that no request asked for");
    }
    int status = head.status();
    if (status < 200 && status != 101) {
      relay.sendClient(Unpooled.wrappedBuffer(head.bytes()));
      interim = true;
      framer.expect(Http1Framer.Framing.NONE, 0);
      return;
    }
    tap = request.tap;
    if (tap != null) {
      tap.response(
          status, head.header("content-type"), head.joined("content-encoding"), requestId(head));
    }
    relay.sendClient(Unpooled.wrappedBuffer(head.bytes()));
    if (status == 101) {
      raw = true;
      relay.switchProtocols();
      return;
    }
    Http1Messages.Body body = Http1Messages.responseBody(head, request.method);
    closeAfter = body.framing() == Http1Framer.Framing.UNTIL_CLOSE;
    framer.expect(body.framing(), body.length());
  }

  private boolean interim;

  private static String requestId(Http1Head head) {
    String id = head.header("request-id");
    id = id == null ? head.header("x-request-id") : id;
    return id == null ? head.header("x-amzn-requestid") : id;
  }

  @Override
  public void data(ByteBuf in, int index, int length) {
    if (tap != null) {
      tap.responseData(in, index, length);
    }
  }

  @Override
  public void wire(ByteBuf in, int index, int length) {
    if (length > 0) {
      relay.sendClient(in.retainedSlice(index, length));
    }
  }

  @Override
  public void end() {
    if (interim) {
      interim = false;
      return;
    }
    finish(BodyEnd.Outcome.COMPLETE);
    relay.answered(closeAfter);
  }

  private void finish(BodyEnd.Outcome outcome) {
    if (tap != null) {
      tap.responseEnd(outcome);
      tap = null;
    }
  }

  void rawFromClient(ByteBuf bytes) {}

  /**
   * The upstream connection has ended.
   *
   * @param clean whether it was ended in the regular way
   * @return whether nothing of the present response is missing
   */
  boolean connectionEnded(boolean clean) {
    if (raw) {
      if (tap != null) {
        tap.requestEnd(BodyEnd.Outcome.COMPLETE);
      }
      finish(clean ? BodyEnd.Outcome.COMPLETE : BodyEnd.Outcome.CUT);
      return clean;
    }
    if (framer.endsWithConnection() && clean) {
      finish(BodyEnd.Outcome.COMPLETE);
      relay.answered(true);
      return true;
    }
    boolean whole = framer.idle() && tap == null;
    finish(BodyEnd.Outcome.CUT);
    return whole;
  }

  /** The client has gone. */
  void gone(BodyEnd.Outcome outcome) {
    if (tap != null) {
      tap.abandon(BodyEnd.Outcome.CUT, outcome);
      tap = null;
    }
  }
}
