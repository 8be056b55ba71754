package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;

/**
 * One stream of a client's HTTP/2 connection and the stream upstream that it is joined to. Frames
 * go on one by one; each stream is read only while the other can be written.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes on the stream.
final class Http2Exchange {
  private final Http2Relay relay;
  private final ProxyContext context;
  private final ConnectionInfo info;
  private final Channel near;
  private Channel far;
  private ExchangeTap tap;
  private LocalResponse answer;
  private final Queue<Object> unsent = new ArrayDeque<>();
  private boolean requestSeen;
  private boolean requestEnded;
  private boolean responseSeen;
  private boolean responseEnded;
  private boolean headRequest;
  private Gated gated;
  private boolean over;

  Http2Exchange(Http2Relay relay, ProxyContext context, ConnectionInfo info, Channel near) {
    this.relay = relay;
    this.context = context;
    this.info = info;
    this.near = near;
  }

  /** The handler for the client's stream. */
  ChannelHandler requests() {
    return new Requests();
  }

  // The request, from the client's stream to the one upstream.

  private void requestHeaders(Http2HeadersFrame frame) {
    if (requestSeen) { // trailers
      requestEnd(frame.isEndStream());
      toUpstream(new DefaultHttp2HeadersFrame(frame.headers(), frame.isEndStream()));
      return;
    }
    requestSeen = true;
    Http2Headers headers = frame.headers();
    headRequest = "HEAD".contentEquals(orEmpty(headers.method()));
    tap = ExchangeTap.open(context, info, head(headers));
    answer = tap == null ? null : tap.answer();
    if (answer != null) {
      requestEnd(frame.isEndStream());
      answer(answer);
      return;
    }
    String readable =
        tap != null && tap.mayGate()
            ? "identity"
            : Http1Messages.readableEncodings(text(headers, "accept-encoding"));
    if (readable != null) {
      headers.set("accept-encoding", readable);
    }
    requestEnd(frame.isEndStream());
    unsent.add(new DefaultHttp2HeadersFrame(headers, frame.isEndStream()));
    near.config().setAutoRead(false);
    relay
        .upstream()
        .handler(new Responses())
        .open()
        .addListener((Future<Http2StreamChannel> done) -> opened(done));
  }

  private void opened(Future<Http2StreamChannel> done) {
    if (!done.isSuccess()) {
      // The host takes no more streams; the client may try this request again elsewhere.
      cutClient(Http2Error.REFUSED_STREAM);
      return;
    }
    far = done.getNow();
    if (over || !near.isActive()) {
      far.close();
      return;
    }
    for (Object frame = unsent.poll(); frame != null; frame = unsent.poll()) {
      far.write(frame);
    }
    far.flush();
    near.config().setAutoRead(far.isWritable());
  }

  private RequestHead head(Http2Headers headers) {
    String authority = String.valueOf(orEmpty(headers.authority()));
    return new RequestHead(
        String.valueOf(orEmpty(headers.method())),
        "https",
        HostPort.parse(authority, info.port()).map(HostPort::host).orElse(info.host()),
        info.port(),
        String.valueOf(orEmpty(headers.path())),
        "HTTP/2",
        text(headers, "content-type"),
        text(headers, "content-encoding"),
        text(headers, "user-agent"),
        false);
  }

  private void requestData(Http2DataFrame frame) {
    ByteBuf content = frame.content();
    if (tap != null) {
      tap.requestData(content, content.readerIndex(), content.readableBytes());
    }
    requestEnd(frame.isEndStream());
    if (answer == null) {
      toUpstream(new DefaultHttp2DataFrame(content.retain(), frame.isEndStream()));
    }
  }

  private void requestEnd(boolean ended) {
    if (ended && !requestEnded) {
      requestEnded = true;
      if (tap != null) {
        tap.requestEnd(BodyEnd.Outcome.COMPLETE);
      }
    }
  }

  private void toUpstream(Object frame) {
    if (over) {
      ReferenceCountUtil.release(frame);
    } else if (far == null) {
      unsent.add(frame);
    } else {
      far.write(frame);
    }
  }

  private void answer(LocalResponse response) {
    sendWhole(response);
    over = true;
    tap.abandon(BodyEnd.Outcome.ABORTED, BodyEnd.Outcome.ANSWERED);
    if (!requestEnded) {
      // RFC 9113, section 8.1: a whole response, then no more of the request is wanted.
      near.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
    }
  }

  private void sendWhole(LocalResponse response) {
    byte[] body = response.body();
    Http2Headers headers = new DefaultHttp2Headers();
    headers.status(Integer.toString(response.status()));
    response.headers().forEach((name, value) -> headers.set(name.toLowerCase(Locale.ROOT), value));
    headers.set("content-length", Integer.toString(body.length));
    boolean bodiless = headRequest || body.length == 0;
    near.write(new DefaultHttp2HeadersFrame(headers, bodiless));
    if (!bodiless) {
      near.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
    }
    near.flush();
  }

  // The response, from the stream upstream to the client's.

  private void responseHeaders(Http2HeadersFrame frame) {
    Http2Headers headers = frame.headers();
    boolean end = frame.isEndStream();
    if (responseSeen) { // trailers
      if (gated != null) {
        gated.trailers = headers;
        gated.upstreamEnded = true;
        gated.runner.end();
      } else {
        responseEnd(end, BodyEnd.Outcome.COMPLETE);
        near.write(new DefaultHttp2HeadersFrame(headers, end));
      }
      return;
    }
    int status = status(headers);
    if (status < 200) {
      near.write(new DefaultHttp2HeadersFrame(headers, false));
      return;
    }
    responseSeen = true;
    String encoding = text(headers, "content-encoding");
    ResponseGate gate =
        tap == null
            ? null
            : tap.response(status, text(headers, "content-type"), encoding, requestId(headers));
    if (gate != null && !end && !headRequest) {
      gated = new Gated(headers, gate, encoding);
      return;
    }
    responseEnd(end, BodyEnd.Outcome.COMPLETE);
    near.write(new DefaultHttp2HeadersFrame(headers, end));
  }

  private void responseData(Http2DataFrame frame) {
    ByteBuf content = frame.content();
    boolean end = frame.isEndStream();
    if (tap != null) {
      tap.responseData(content, content.readerIndex(), content.readableBytes());
    }
    if (gated != null) {
      Gated gate = gated;
      gate.runner.data(content, content.readerIndex(), content.readableBytes());
      if (end) {
        gate.upstreamEnded = true;
        gate.runner.end();
      }
      return;
    }
    responseEnd(end, BodyEnd.Outcome.COMPLETE);
    near.write(new DefaultHttp2DataFrame(content.retain(), end));
  }

  private void responseEnd(boolean ended, BodyEnd.Outcome outcome) {
    if (ended && !responseEnded) {
      responseEnded = true;
      if (gated != null) {
        gated.runner.close();
      }
      if (tap != null) {
        tap.responseEnd(outcome);
      }
    }
  }

  /** The stream upstream was reset, or its connection has ended. */
  private void upstreamGone(Http2Error error) {
    if (over || (responseEnded && gated == null)) {
      if (!over && !requestEnded) {
        over = true;
        near.writeAndFlush(new DefaultHttp2ResetFrame(error));
      }
      return;
    }
    if (gated != null && gated.upstreamEnded) {
      return; // The gate has the whole response, and is deciding.
    }
    cutClient(error);
  }

  private void cutClient(Http2Error error) {
    if (!over) {
      over = true;
      responseEnd(true, BodyEnd.Outcome.CUT);
      abandon(BodyEnd.Outcome.ABORTED, BodyEnd.Outcome.CUT);
      if (near.isActive()) {
        near.writeAndFlush(new DefaultHttp2ResetFrame(error));
      }
    }
  }

  /** The client's stream was reset, or its connection has ended. */
  private void clientGone(Http2Error error) {
    if (over) {
      return;
    }
    boolean finished = requestEnded && responseEnded;
    over = true;
    BodyEnd.Outcome how = relay.upstreamEnded() ? BodyEnd.Outcome.CUT : BodyEnd.Outcome.ABORTED;
    responseEnd(true, how);
    abandon(BodyEnd.Outcome.CUT, how);
    if (far != null && far.isActive() && !finished) {
      far.writeAndFlush(new DefaultHttp2ResetFrame(error));
    }
  }

  private void abandon(BodyEnd.Outcome request, BodyEnd.Outcome response) {
    for (Object frame = unsent.poll(); frame != null; frame = unsent.poll()) {
      ReferenceCountUtil.release(frame);
    }
    if (tap != null) {
      tap.abandon(request, response);
    }
  }

  private static void flushLast(Channel stream, boolean end) {
    if (end && stream != null) {
      stream.flush();
    }
  }

  private static int status(Http2Headers headers) {
    try {
      return Integer.parseInt(String.valueOf(orEmpty(headers.status())));
    } catch (NumberFormatException e) {
      return 502;
    }
  }

  private static String requestId(Http2Headers headers) {
    String id = text(headers, "request-id");
    id = id == null ? text(headers, "x-request-id") : id;
    return id == null ? text(headers, "x-amzn-requestid") : id;
  }

  private static String text(Http2Headers headers, String name) {
    CharSequence value = headers.get(name);
    return value == null ? null : value.toString();
  }

  private static CharSequence orEmpty(CharSequence text) {
    return text == null ? "" : text;
  }

  private final class Requests extends ChannelInboundHandlerAdapter {
    private boolean reset;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (over && answer == null) {
          return;
        }
        if (message instanceof Http2HeadersFrame frame) {
          requestHeaders(frame);
          flushLast(far, frame.isEndStream());
        } else if (message instanceof Http2DataFrame frame) {
          requestData(frame);
          flushLast(far, frame.isEndStream());
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      if (far != null) {
        far.flush();
        ctx.channel().config().setAutoRead(far.isWritable());
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (far != null && (gated == null || !gated.waiting)) {
        far.config().setAutoRead(ctx.channel().isWritable());
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame frame) {
        reset = true;
        clientGone(error(frame.errorCode()));
      }
      ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (!reset) {
        clientGone(Http2Error.CANCEL);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      clientGone(Http2Error.CANCEL);
      ctx.close();
    }
  }

  private final class Responses extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (over) {
          return;
        }
        // A stream that ends is closed before its read completes, so its last frame flushes.
        if (message instanceof Http2HeadersFrame frame) {
          responseHeaders(frame);
          flushLast(near, frame.isEndStream());
        } else if (message instanceof Http2DataFrame frame) {
          responseData(frame);
          flushLast(near, frame.isEndStream());
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      near.flush();
      ctx.channel().config().setAutoRead(near.isWritable() && (gated == null || !gated.waiting));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      near.config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame frame) {
        upstreamGone(error(frame.errorCode()));
      }
      ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      upstreamGone(Http2Error.INTERNAL_ERROR);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      upstreamGone(Http2Error.INTERNAL_ERROR);
      ctx.close();
    }
  }

  private static Http2Error error(long code) {
    Http2Error error = Http2Error.valueOf(code);
    return error == null ? Http2Error.INTERNAL_ERROR : error;
  }

  /** A gated response on its way to the client. */
  private final class Gated implements GateRunner.Output {
    private final Http2Headers headers;
    private final GateRunner runner;
    private Http2Headers trailers;
    private boolean headSent;
    private boolean waiting;
    private boolean upstreamEnded;

    Gated(Http2Headers headers, ResponseGate gate, String encoding) {
      this.headers = headers;
      headers.remove("content-length");
      headers.remove("content-encoding");
      if (!context.guard(gate::holdsHead, false)) {
        sendHead();
      }
      runner = new GateRunner(context, gate, encoding, near.eventLoop(), this);
    }

    private void sendHead() {
      if (!headSent) {
        headSent = true;
        near.write(new DefaultHttp2HeadersFrame(headers, false));
      }
    }

    @Override
    public void pass(byte[] bytes, int offset, int length) {
      sendHead();
      near.write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(bytes, offset, length), false));
    }

    @Override
    public void complete(boolean replaced) {
      sendHead();
      if (trailers != null && !replaced) {
        near.write(new DefaultHttp2HeadersFrame(trailers, true));
      } else {
        near.write(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
      }
      end(replaced);
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
        sendWhole(response);
        end(true);
      }
    }

    private void end(boolean replaced) {
      near.flush();
      responseEnd(true, replaced ? BodyEnd.Outcome.REPLACED : BodyEnd.Outcome.COMPLETE);
      if (replaced) {
        over = true;
        abandon(BodyEnd.Outcome.ABORTED, BodyEnd.Outcome.REPLACED);
        far.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        if (!requestEnded) {
          near.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
      }
    }

    @Override
    public void cut() {
      cutClient(Http2Error.INTERNAL_ERROR);
      far.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    }

    @Override
    public void waiting(boolean wait) {
      waiting = wait;
      far.config().setAutoRead(!wait && near.isWritable());
      near.flush();
    }
  }
}
