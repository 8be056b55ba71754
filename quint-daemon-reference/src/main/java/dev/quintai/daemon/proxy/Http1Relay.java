package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * One client connection that speaks HTTP/1, joined to an upstream connection: to the intercepted
 * host, or for plain HTTP to the host that the latest request names. Bytes go on as they come, each
 * side is read only while the other can be written, and the observer is shown a copy first.
 *
 * <p>Everything happens on the client connection's event loop, which the upstream connection
 * shares.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes on the channel.
final class Http1Relay {
  /** A request that waits for its response. */
  static final class Pending {
    final String method;
    final ExchangeTap tap;
    final boolean upgrade;
    final boolean http11;

    Pending(String method, boolean http11, ExchangeTap tap, boolean upgrade) {
      this.method = method;
      this.http11 = http11;
      this.tap = tap;
      this.upgrade = upgrade;
    }
  }

  private final ProxyContext context;
  private final Client client;
  private final Channel near;
  private final RequestSide requests;
  private final Queue<Pending> pending = new ArrayDeque<>();
  private final Queue<ByteBuf> unread = new ArrayDeque<>();
  private final boolean intercepted;
  private Upstream upstream;
  private boolean pumping;
  private boolean raw;
  private boolean closing;
  private boolean used;

  /** The connection to an upstream host. */
  private final class Upstream {
    final Channel channel;
    final HostPort host;
    final ConnectionInfo info;
    final boolean absoluteForm;
    final String authorization;
    final ResponseSide responses;
    boolean clean;

    Upstream(
        Channel channel,
        HostPort host,
        ConnectionInfo info,
        boolean absoluteForm,
        String authorization) {
      this.channel = channel;
      this.host = host;
      this.info = info;
      this.absoluteForm = absoluteForm;
      this.authorization = authorization;
      this.responses = new ResponseSide(context, Http1Relay.this);
      this.clean = channel.pipeline().get("tls") == null;
    }
  }

  private Http1Relay(
      ProxyContext context,
      Client client,
      boolean intercepted,
      String scheme,
      LocalResponse failure) {
    this.context = context;
    this.client = client;
    this.near = client.channel();
    this.intercepted = intercepted;
    this.requests = new RequestSide(context, this, scheme, failure);
  }

  /** A relay for one host, whose connection is open. */
  static Http1Relay fixed(
      ProxyContext context, Client client, ConnectionInfo info, String scheme, Channel far) {
    Http1Relay relay = new Http1Relay(context, client, true, scheme, null);
    relay.attach(far, new HostPort(info.host(), info.port()), info, false, null);
    return relay;
  }

  /** A relay for plain HTTP requests that name their host. */
  static Http1Relay plain(ProxyContext context, Client client) {
    return new Http1Relay(context, client, false, "http", null);
  }

  /** A relay that answers every request with the reason why the host was not reached. */
  static Http1Relay failed(ProxyContext context, Client client, LocalResponse failure) {
    return new Http1Relay(context, client, true, "https", failure);
  }

  /** Begins, with bytes that have already come. */
  void start(ByteBuf first) {
    near.pipeline()
        .addLast(
            new IdleStateHandler(
                0, 0, context.limits().idleTimeout().toMillis(), TimeUnit.MILLISECONDS));
    near.pipeline().addLast(new NearHandler());
    read(first);
    updateReading();
  }

  private void attach(
      Channel far, HostPort host, ConnectionInfo info, boolean absoluteForm, String authorization) {
    upstream = new Upstream(far, host, info, absoluteForm, authorization);
    far.pipeline().addLast(new FarHandler(upstream));
  }

  // What the request side asks for.

  boolean intercepted() {
    return intercepted;
  }

  /** The host that requests go to, or null before the first plain request. */
  HostPort host() {
    return upstream == null ? null : upstream.host;
  }

  ConnectionInfo info() {
    return upstream.info;
  }

  boolean absoluteForm() {
    return upstream.absoluteForm;
  }

  String parentAuthorization() {
    return upstream.authorization;
  }

  boolean roomForRequest() {
    return pending.size() < context.limits().pipelined();
  }

  boolean quiet() {
    return pending.isEmpty();
  }

  /** Whether a request waits whose response decides what the client's further bytes are. */
  boolean upgradePending() {
    for (Pending one : pending) {
      if (one.upgrade) {
        return true;
      }
    }
    return false;
  }

  void add(Pending request) {
    pending.add(request);
  }

  void sendUpstream(ByteBuf bytes) {
    upstream.channel.write(bytes);
  }

  void flushUpstream() {
    if (upstream != null) {
      upstream.channel.flush();
    }
  }

  /** Dials another host for a plain request; the present connection is closed. */
  void redial(HostPort target) {
    if (upstream != null) {
      Upstream old = upstream;
      upstream = null;
      Channels.closeOnFlush(old.channel);
    }
    context
        .dialer()
        .dial(near.eventLoop(), target.host(), target.port(), false)
        .addListener((Future<Dialer.Dialed> done) -> redialed(target, done));
  }

  private void redialed(HostPort target, Future<Dialer.Dialed> done) {
    if (!near.isActive()) {
      if (done.isSuccess()) {
        done.getNow().channel().close();
      }
      return;
    }
    if (!done.isSuccess()) {
      String reason = Failure.reason(done.cause());
      context.event(
          ProxyEvent.Kind.UPSTREAM_UNREACHABLE, target.host(), target.port(), client.pid(), reason);
      requests.unreachable(LocalAnswer.unreachable(target.host(), target.port(), reason));
      resume();
      return;
    }
    client
        .owner()
        .whenCompleteAsync((owner, error) -> connected(target, done.getNow()), near.eventLoop());
  }

  private void connected(HostPort target, Dialer.Dialed dialed) {
    if (!near.isActive() || !context.mayUse(client)) {
      dialed.channel().close();
      near.close();
      return;
    }
    ConnectionInfo info =
        context.open(
            context.observes(target.host(), target.port())
                ? ConnectionInfo.Kind.PLAIN_OBSERVED
                : ConnectionInfo.Kind.PLAIN,
            client,
            target.host(),
            target.port(),
            dialed.remote());
    dialed.channel().closeFuture().addListener(closed -> context.closed(info));
    attach(dialed.channel(), target, info, dialed.absoluteForm(), dialed.authorization());
    requests.connected();
    resume();
  }

  // What the response side asks for.

  /** The request that the next response answers, or null. */
  Pending answering() {
    return pending.peek();
  }

  void sendClient(ByteBuf bytes) {
    near.write(bytes);
  }

  Channel near() {
    return near;
  }

  /** Reading a response goes on after a gate has decided. */
  void readOn() {
    near.flush();
    updateReading();
    if (upstream != null && !upstream.channel.isActive()) {
      upstreamGone(upstream); // It ended while the gate was deciding.
    }
  }

  /** The upstream host has sent something that is no response. */
  void brokenResponse(Http1Exception cause) {
    if (upstream != null) {
      Upstream mine = upstream;
      context.event(
          ProxyEvent.Kind.NOT_OBSERVED,
          mine.host.host(),
          mine.host.port(),
          client.pid(),
          "the host's response is not HTTP/1: " + cause.getMessage());
      mine.clean = false;
      upstreamGone(mine);
      mine.channel.close();
    }
  }

  /** The present response is whole. */
  void answered(boolean closeAfter) {
    pending.poll();
    if (closeAfter) {
      close(false);
    } else {
      requests.proceed();
      pump();
    }
  }

  /** Both sides have agreed to speak something else; bytes are joined from here on. */
  void switchProtocols() {
    raw = true;
    near.pipeline().remove(IdleStateHandler.class);
    pending.poll();
    for (ByteBuf bytes = unread.poll(); bytes != null; bytes = unread.poll()) {
      rawFromClient(bytes);
    }
    flushUpstream();
  }

  private void rawFromClient(ByteBuf bytes) {
    upstream.responses.rawFromClient(bytes);
    sendUpstream(bytes);
  }

  /** Ends both connections after what was written has gone out. */
  void close(boolean reset) {
    closing = true;
    if (reset) {
      Channels.resetOnFlush(near);
    } else {
      Channels.closeOnFlush(near);
    }
    if (upstream != null) {
      upstream.channel.close();
    }
  }

  /** Ends the connection to the upstream host, and with it what it still sends. */
  void refuse(LocalResponse response, String detail) {
    HostPort host = host() == null ? new HostPort("", 0) : host();
    context.event(ProxyEvent.Kind.REQUEST_REFUSED, host.host(), host.port(), client.pid(), detail);
    if (quiet()) {
      near.write(LocalAnswer.http1(near.alloc(), response, true, false));
    }
    close(false);
  }

  private void resume() {
    requests.proceed();
    pump();
    flushUpstream();
    near.flush();
  }

  private void read(ByteBuf in) {
    used |= in.isReadable();
    if (raw) {
      rawFromClient(in);
      return;
    }
    unread.add(in);
    pump();
  }

  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!unread.isEmpty() && !raw && !closing && !requests.framer().waiting()) {
        ByteBuf in = unread.peek();
        requests.framer().feed(in);
        if (!in.isReadable()) {
          unread.poll().release();
        }
      }
    } catch (Http1Exception e) {
      refuse(LocalResponse.text(400, "Quint: " + e.getMessage() + "."), e.getMessage());
    } finally {
      pumping = false;
    }
    updateReading();
  }

  private void updateReading() {
    if (closing) {
      return;
    }
    boolean room = upstream == null || upstream.channel.isWritable();
    near.config().setAutoRead(room && unread.isEmpty() && (raw || !requests.framer().waiting()));
    if (upstream != null) {
      upstream.channel.config().setAutoRead(near.isWritable() && upstream.responses.ready());
    }
  }

  private void failed(String side, Throwable cause) {
    HostPort host = host() == null ? new HostPort("", 0) : host();
    context.failed(host.host(), host.port(), client.pid(), side, cause);
  }

  private void release() {
    for (ByteBuf bytes = unread.poll(); bytes != null; bytes = unread.poll()) {
      bytes.release();
    }
  }

  private void clientGone() {
    if (!used && !closing && upstream != null && intercepted) {
      context.leftAfterHandshake(upstream.info);
    }
    closing = true;
    release();
    requests.gone();
    if (upstream != null) {
      upstream.responses.gone(BodyEnd.Outcome.ABORTED);
      upstream.channel.close();
    }
    for (Pending one = pending.poll(); one != null; one = pending.poll()) {
      if (one.tap != null) {
        one.tap.abandon(BodyEnd.Outcome.CUT, BodyEnd.Outcome.ABORTED);
      }
    }
  }

  private void upstreamGone(Upstream gone) {
    if (upstream != gone || closing || gone.responses.paused()) {
      return;
    }
    boolean whole = gone.responses.connectionEnded(gone.clean);
    if (closing) {
      return;
    }
    boolean owed = !pending.isEmpty();
    for (Pending one = pending.poll(); one != null; one = pending.poll()) {
      if (one.tap != null) {
        one.tap.abandon(BodyEnd.Outcome.ABORTED, BodyEnd.Outcome.CUT);
      }
    }
    upstream = null;
    if (intercepted || owed || raw || requests.framer().waiting() || !requests.framer().idle()) {
      requests.gone();
      close(!whole);
    }
  }

  private final class NearHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (closing) {
        ((ByteBuf) message).release();
      } else {
        read((ByteBuf) message);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      flushUpstream();
      near.flush();
      updateReading();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      updateReading();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof IdleStateEvent && quiet() && requests.framer().idle()) {
        close(false);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      clientGone();
      ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failed("client", cause);
      ctx.close();
    }
  }

  private final class FarHandler extends ChannelInboundHandlerAdapter {
    private final Upstream mine;

    FarHandler(Upstream mine) {
      this.mine = mine;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      if (closing || upstream != mine) {
        in.release();
        return;
      }
      try {
        mine.responses.read(in);
      } catch (Http1Exception e) {
        brokenResponse(e);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      near.flush();
      flushUpstream();
      updateReading();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      updateReading();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == SslCloseCompletionEvent.SUCCESS) {
        mine.clean = true;
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      upstreamGone(mine);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failed("upstream host", cause);
      mine.clean = false;
      ctx.close();
    }
  }
}
