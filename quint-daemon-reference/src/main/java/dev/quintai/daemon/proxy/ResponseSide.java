package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * The responses of one HTTP/1 upstream connection, in the order of the requests; after an upgrade,
 * its bytes as they are.
 */
final class ResponseSide implements Http1Framer.Sink {
  private static final Set<String> FRAMING =
      Set.of("content-length", "transfer-encoding", "content-encoding", "trailer");

  private final ProxyContext context;
  private final Http1Relay relay;
  private final Http1Framer framer;
  private ByteBuf unread = Unpooled.EMPTY_BUFFER;
  private Http1Relay.Pending request;
  private ExchangeTap tap;
  private Gated gated;
  private boolean interim;
  private boolean closeAfter;
  private boolean raw;
  private boolean dropping;
  private WebSocketTap clientMessages;
  private WebSocketTap serverMessages;

  ResponseSide(ProxyContext context, Http1Relay relay) {
    this.context = context;
    this.relay = relay;
    this.framer = new Http1Framer(false, context.limits().headBytes(), this);
  }

  /** Whether more may be read. */
  boolean ready() {
    return !unread.isReadable() && !framer.paused();
  }

  void read(ByteBuf in) throws Http1Exception {
    if (raw) {
      rawFromServer(in);
      return;
    }
    unread = unread.isReadable() ? Unpooled.wrappedBuffer(unread, in) : in;
    pump();
  }

  private void pump() throws Http1Exception {
    ByteBuf in = unread;
    framer.feed(in);
    if (raw && in.isReadable()) {
      unread = Unpooled.EMPTY_BUFFER;
      rawFromServer(in);
    } else if (!in.isReadable()) {
      unread = Unpooled.EMPTY_BUFFER;
      in.release();
    }
  }

  @Override
  public void head(Http1Head head) throws Http1Exception {
    request = relay.answering();
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
    Http1Messages.Body body = Http1Messages.responseBody(head, request.method);
    if (status == 101 && !request.upgrade) {
      throw new Http1Exception("an upgrade that was not asked for");
    }
    tap = request.tap;
    String encoding = head.joined("content-encoding");
    ResponseGate gate =
        tap == null
            ? null
            : tap.response(status, head.header("content-type"), encoding, requestId(head));
    if (status == 101) {
      upgrade(head);
      return;
    }
    closeAfter = body.framing() == Http1Framer.Framing.UNTIL_CLOSE;
    if (gate != null && body.framing() != Http1Framer.Framing.NONE) {
      gated = new Gated(head, gate, encoding);
    } else {
      relay.sendClient(Unpooled.wrappedBuffer(head.bytes()));
    }
    framer.expect(body.framing(), body.length());
  }

  private void upgrade(Http1Head head) {
    relay.sendClient(Unpooled.wrappedBuffer(head.bytes()));
    raw = true;
    if (tap != null && head.lists("upgrade", "websocket")) {
      WebSocketTap.Agreement agreement =
          WebSocketTap.Agreement.of(head.joined("sec-websocket-extensions"));
      int limit = context.limits().messageBytes();
      clientMessages = new WebSocketTap(tap, true, agreement, limit);
      serverMessages = new WebSocketTap(tap, false, agreement, limit);
    }
    relay.switchProtocols();
  }

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
    if (gated != null) {
      gated.runner.data(in, index, length);
    }
  }

  @Override
  public void wire(ByteBuf in, int index, int length) {
    if (length > 0 && gated == null && !dropping) {
      relay.sendClient(in.retainedSlice(index, length));
    }
  }

  @Override
  public void end() {
    if (interim) {
      interim = false;
    } else if (dropping) {
      return;
    } else if (gated != null) {
      gated.runner.end();
    } else {
      finish(BodyEnd.Outcome.COMPLETE);
      relay.answered(closeAfter);
    }
  }

  private void finish(BodyEnd.Outcome outcome) {
    if (gated != null) {
      gated.runner.close();
      gated = null;
    }
    if (tap != null) {
      tap.responseEnd(outcome);
      tap = null;
    }
  }

  private void rawFromServer(ByteBuf bytes) {
    if (serverMessages != null) {
      serverMessages.feed(bytes);
    }
    relay.sendClient(bytes);
  }

  /** Shows the observer what the client sends after an upgrade. */
  void rawFromClient(ByteBuf bytes) {
    if (clientMessages != null) {
      clientMessages.feed(bytes);
    }
  }

  /**
   * The upstream connection has ended.
   *
   * @param clean whether it was ended in the regular way
   * @return whether nothing of the present response is missing
   */
  boolean connectionEnded(boolean clean) {
    if (raw) {
      closeMessages();
      finish(clean ? BodyEnd.Outcome.COMPLETE : BodyEnd.Outcome.CUT);
      return clean;
    }
    if (framer.endsWithConnection() && clean && !unread.isReadable()) {
      framer.connectionEnded();
      return true;
    }
    boolean whole = framer.idle() && tap == null && gated == null;
    release();
    finish(BodyEnd.Outcome.CUT);
    return whole;
  }

  /** Whether a gate is deciding, so that what has come is not all used. */
  boolean paused() {
    return framer.paused();
  }

  /** The client has gone, or is being left. */
  void gone(BodyEnd.Outcome outcome) {
    release();
    closeMessages();
    finish(outcome);
  }

  private void closeMessages() {
    if (clientMessages != null) {
      clientMessages.close();
      serverMessages.close();
      clientMessages = null;
      serverMessages = null;
    }
  }

  private void release() {
    unread.release();
    unread = Unpooled.EMPTY_BUFFER;
  }

  /** A gated response on its way to the client, in our own framing. */
  private final class Gated implements GateRunner.Output {
    final GateRunner runner;
    private final byte[] head;
    private final boolean chunked;
    private boolean headSent;

    Gated(Http1Head from, ResponseGate gate, String encoding) {
      chunked = request.http11;
      head =
          from.with(
              null,
              FRAMING,
              chunked ? Map.of("Transfer-Encoding", "chunked") : Map.of("Connection", "close"));
      if (!context.guard(gate::holdsHead, false)) {
        sendHead();
      }
      runner = new GateRunner(context, gate, encoding, relay.near().eventLoop(), this);
    }

    private void sendHead() {
      if (!headSent) {
        headSent = true;
        relay.sendClient(Unpooled.wrappedBuffer(head));
      }
    }

    @Override
    public void pass(byte[] bytes, int offset, int length) {
      sendHead();
      ByteBuf out = relay.near().alloc().buffer(length + 16);
      if (chunked) {
        ByteBufUtil.writeAscii(out, Integer.toHexString(length) + "\r\n");
      }
      out.writeBytes(bytes, offset, length);
      if (chunked) {
        ByteBufUtil.writeAscii(out, "\r\n");
      }
      relay.sendClient(out);
    }

    @Override
    public void complete(boolean replaced) {
      sendHead();
      if (chunked) {
        relay.sendClient(Unpooled.wrappedBuffer("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      }
      over(replaced ? BodyEnd.Outcome.REPLACED : BodyEnd.Outcome.COMPLETE, replaced);
    }

    @Override
    public void answer(LocalResponse response) {
      if (headSent) {
        byte[] body = response.body();
        if (body.length > 0) {
          pass(body, 0, body.length);
        }
        complete(true);
      } else {
        relay.sendClient(
            LocalAnswer.http1(relay.near().alloc(), response, true, request.method.equals("HEAD")));
        over(BodyEnd.Outcome.REPLACED, true);
      }
    }

    /** The client has all it will get; a host that still sends is cut off. */
    private void over(BodyEnd.Outcome outcome, boolean closing) {
      boolean close = closing || closeAfter || !chunked;
      finish(outcome);
      if (close) {
        drop();
      }
      relay.answered(close);
      if (!close && framer.paused()) {
        waiting(false);
      }
    }

    @Override
    public void cut() {
      finish(BodyEnd.Outcome.CUT);
      drop();
      relay.close(true);
    }

    /** Whatever the host still sends goes nowhere. */
    private void drop() {
      dropping = true;
      framer.pause();
    }

    @Override
    public void waiting(boolean waiting) {
      if (waiting) {
        framer.pause();
        return;
      }
      framer.resume();
      try {
        pump();
        relay.readOn();
      } catch (Http1Exception e) {
        relay.brokenResponse(e);
      }
    }
  }
}
