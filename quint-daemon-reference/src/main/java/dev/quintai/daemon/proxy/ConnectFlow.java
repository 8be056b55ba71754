package dev.quintai.daemon.proxy;

import dev.quintai.daemon.ca.HostNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A CONNECT request's way: dial the host, answer, look at the client's first bytes, then tunnel, or
 * open TLS upstream first and towards the client with what the upstream host agreed to.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes on the channel.
final class ConnectFlow extends ChannelInboundHandlerAdapter {
  private static final byte[] ESTABLISHED =
      "HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** The application protocols that are read; others are not offered on. */
  private static final Set<String> PROTOCOLS = Set.of("h2", "http/1.1");

  private static final int MAX_PEEK = 80 * 1024;

  private final ProxyContext context;
  private final Client client;
  private final HostPort target;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private Dialer.Dialed upstream;
  private Tunnel back;
  private boolean ownerKnown;
  private boolean peeking;

  ConnectFlow(ProxyContext context, Client client, HostPort target) {
    this.context = context;
    this.client = client;
    this.target = target;
  }

  /** Takes over the client's connection, with bytes that came after the request; reading is off. */
  void start(ByteBuf early) {
    held = early;
    Channel channel = client.channel();
    channel.pipeline().addLast(this);
    channel
        .eventLoop()
        .schedule(this::giveUp, context.limits().idleTimeout().toMillis(), TimeUnit.MILLISECONDS);
    if (isSelf()) {
      refuse(LocalResponse.text(400, "Quint: the request leads back to this proxy."), "a loop");
      return;
    }
    context
        .dialer()
        .dial(channel.eventLoop(), target.host(), target.port(), true)
        .addListener(
            (io.netty.util.concurrent.Future<Dialer.Dialed> done) -> {
              if (done.isSuccess()) {
                dialed(done.getNow());
              } else {
                client
                    .owner()
                    .whenCompleteAsync(
                        (owner, error) -> unreachable(done.cause()), channel.eventLoop());
              }
            });
    client
        .owner()
        .whenComplete(
            (owner, error) ->
                channel
                    .eventLoop()
                    .execute(
                        () -> {
                          ownerKnown = true;
                          ready();
                        }));
  }

  /** Closes a connection to an observed host on which the client has not begun by now. */
  private void giveUp() {
    if (back == null && client.channel().pipeline().context(this) != null) {
      client.channel().close();
    }
  }

  private boolean isSelf() {
    java.net.InetSocketAddress own = (java.net.InetSocketAddress) client.channel().localAddress();
    if (target.port() != own.getPort()) {
      return false;
    }
    InetAddress address = own.getAddress();
    return target.host().equals("localhost") || target.host().equals(address.getHostAddress());
  }

  private void dialed(Dialer.Dialed dialed) {
    if (!client.channel().isActive()) {
      dialed.channel().close();
      return;
    }
    upstream = dialed;
    ready();
  }

  private void unreachable(Throwable cause) {
    String reason = Failure.reason(cause);
    context.event(
        ProxyEvent.Kind.UPSTREAM_UNREACHABLE, target.host(), target.port(), client.pid(), reason);
    answer(LocalAnswer.unreachable(target.host(), target.port(), reason));
  }

  /** Goes on once the host is dialled and the client's process known. */
  private void ready() {
    if (upstream == null || !ownerKnown || peeking || !client.channel().isActive()) {
      return;
    }
    peeking = true;
    if (!context.mayUse(client)) {
      upstream.channel().close();
      refuse(
          LocalResponse.text(403, "Quint: this proxy serves processes of its own user only."),
          "a process of another user");
      return;
    }
    client.channel().writeAndFlush(Unpooled.wrappedBuffer(ESTABLISHED));
    if (!context.observes(target.host(), target.port())) {
      // A server may speak first, so its direction is open while the client's first bytes are
      // awaited.
      back = new Tunnel(client.channel());
      upstream.channel().pipeline().addLast(back);
      HoldHandler.release(upstream.channel().pipeline());
      upstream.channel().config().setAutoRead(true);
    }
    peek();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (held.isReadable()) {
      held = Unpooled.wrappedBuffer(held, in);
    } else {
      held.release();
      held = in;
    }
    if (peeking) {
      peek();
    }
  }

  private void peek() {
    ClientHello.Kind kind = ClientHello.kind(held);
    boolean observed = context.observes(target.host(), target.port());
    if (kind == ClientHello.Kind.INCOMPLETE && held.readableBytes() < MAX_PEEK) {
      client.channel().config().setAutoRead(true);
      return;
    }
    client.channel().config().setAutoRead(false);
    if (kind == ClientHello.Kind.TLS) {
      ClientHello hello = ClientHello.parse(held);
      if (hello != null) {
        String name = hello.serverName() == null ? target.host() : hello.serverName();
        boolean untouched = back == null || back.bytes() == 0;
        if (untouched && (observed || context.observes(name, target.port()))) {
          if (context.pinned().take(name, target.port(), client.pid())) {
            context.event(
                ProxyEvent.Kind.PINNED_HOST_TUNNELLED,
                name,
                target.port(),
                client.pid(),
                "the client did not trust the certificate the last time; not observed this time");
            tunnel(name);
          } else {
            intercept(name, hello.protocols());
          }
          return;
        }
        tunnel(reported(name));
        return;
      }
    }
    if (observed && kind == ClientHello.Kind.HTTP && !startsWith(held, "PRI * ")) {
      relay(target.host(), "http");
      return;
    }
    if (observed) {
      context.event(
          ProxyEvent.Kind.NOT_OBSERVED,
          target.host(),
          target.port(),
          client.pid(),
          "the client speaks neither TLS nor HTTP/1 to this host; tunnelled");
    }
    tunnel(target.host());
  }

  /** The name to report for a tunnel: the hello's only where the request named an address. */
  private String reported(String serverName) {
    return HostNames.isAddress(target.host()) ? serverName : target.host();
  }

  private static boolean startsWith(ByteBuf in, String text) {
    return in.readableBytes() >= text.length()
        && in.toString(in.readerIndex(), text.length(), StandardCharsets.US_ASCII).equals(text);
  }

  private void tunnel(String host) {
    Channel near = client.channel();
    Channel far = upstream.channel();
    track(ConnectionInfo.Kind.TUNNELLED, host);
    near.pipeline()
        .addLast(
            new IdleStateHandler(
                0, 0, context.limits().tunnelIdleTimeout().toMillis(), TimeUnit.MILLISECONDS));
    near.pipeline().addLast(new Tunnel(far));
    if (back == null) {
      far.pipeline().addLast(new Tunnel(near));
      HoldHandler.release(far.pipeline());
    }
    ByteBuf first = take();
    near.pipeline().remove(this);
    far.writeAndFlush(first);
    far.config().setAutoRead(true);
    near.config().setAutoRead(true);
  }

  private ConnectionInfo track(ConnectionInfo.Kind kind, String host) {
    ConnectionInfo info = context.open(kind, client, host, target.port(), upstream.remote());
    client.channel().closeFuture().addListener(done -> context.closed(info));
    return info;
  }

  private void intercept(String name, List<String> offered) {
    client.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    Channel far = upstream.channel();
    if (back != null) {
      far.pipeline().remove(back);
      far.config().setAutoRead(false);
    }
    List<String> protocols = offered.stream().filter(PROTOCOLS::contains).toList();
    context
        .upstreamTls()
        .handler(far, name, target.port(), protocols)
        .whenCompleteAsync(
            (tls, error) -> {
              if (error != null) {
                upstreamTlsFailed(name, protocols, error);
                return;
              }
              HoldHandler.release(far.pipeline());
              far.pipeline().addLast(tls);
              far.pipeline().addLast(new HoldHandler());
              far.config().setAutoRead(true);
              tls.handshakeFuture()
                  .addListener(
                      done -> {
                        far.config().setAutoRead(false);
                        if (done.isSuccess()) {
                          openClientTls(name, tls.applicationProtocol(), null);
                        } else {
                          upstreamTlsFailed(name, protocols, done.cause());
                        }
                      });
            },
            client.channel().eventLoop());
  }

  private void upstreamTlsFailed(String name, List<String> protocols, Throwable cause) {
    String reason = Failure.reason(cause);
    context.event(ProxyEvent.Kind.UPSTREAM_TLS_FAILED, name, target.port(), client.pid(), reason);
    upstream.channel().close();
    boolean http1 = protocols.contains("http/1.1");
    if (!http1 && !protocols.isEmpty()) {
      client.channel().close(); // The client speaks HTTP/2 only; there is no one to explain it.
      return;
    }
    openClientTls(
        name, http1 ? "http/1.1" : null, LocalAnswer.unreachable(name, target.port(), reason));
  }

  private void openClientTls(String name, String protocol, LocalResponse failure) {
    Channel near = client.channel();
    context
        .clientTls()
        .handler(near, name, protocol)
        .whenCompleteAsync(
            (tls, error) -> {
              if (error != null || !near.isActive()) {
                near.close();
                return;
              }
              startClientTls(name, protocol, failure, tls);
            },
            near.eventLoop());
  }

  private void startClientTls(String name, String protocol, LocalResponse failure, SslHandler tls) {
    Channel near = client.channel();
    ByteBuf hello = take();
    near.pipeline().addFirst(tls);
    tls.handshakeFuture()
        .addListener(
            done -> {
              near.config().setAutoRead(false);
              if (!done.isSuccess()) {
                clientTlsFailed(name, done.cause());
              } else if (failure != null) {
                ByteBuf rest = take();
                near.pipeline().remove(this);
                Http1Relay.failed(context, client, failure).start(rest);
              } else if ("h2".equals(protocol)) {
                relayHttp2(name);
              } else {
                relay(name, "https");
              }
            });
    near.pipeline().fireChannelRead(hello);
    near.pipeline().fireChannelReadComplete();
    near.config().setAutoRead(true);
  }

  private void clientTlsFailed(String name, Throwable cause) {
    if (Failure.distrusts(cause)) {
      context.pinned().refused(name, target.port(), client.pid());
      context.event(
          ProxyEvent.Kind.CLIENT_REFUSED_CERTIFICATE,
          name,
          target.port(),
          client.pid(),
          "the client does not trust Quint's certificate; its next connection is tunnelled");
    }
    client.channel().close();
    upstream.channel().close();
  }

  private void relay(String name, String scheme) {
    ConnectionInfo info =
        track(
            scheme.equals("https")
                ? ConnectionInfo.Kind.INTERCEPTED
                : ConnectionInfo.Kind.PLAIN_OBSERVED,
            name);
    ByteBuf rest = take();
    client.channel().pipeline().remove(this);
    Http1Relay relay = Http1Relay.fixed(context, client, info, scheme, upstream.channel());
    relay.start(rest);
    HoldHandler.release(upstream.channel().pipeline());
  }

  private void relayHttp2(String name) {
    ConnectionInfo info = track(ConnectionInfo.Kind.INTERCEPTED, name);
    ByteBuf rest = take();
    client.channel().pipeline().remove(this);
    new Http2Relay(context, client.channel(), upstream.channel(), info).start(rest);
  }

  private ByteBuf take() {
    ByteBuf all = held;
    held = Unpooled.EMPTY_BUFFER;
    return all;
  }

  private void refuse(LocalResponse response, String detail) {
    context.event(
        ProxyEvent.Kind.CONNECTION_REFUSED, target.host(), target.port(), client.pid(), detail);
    answer(response);
  }

  private void answer(LocalResponse response) {
    Channel channel = client.channel();
    if (channel.isActive()) {
      channel.write(LocalAnswer.http1(channel.alloc(), response, true, false));
      Channels.closeOnFlush(channel);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (upstream != null) {
      upstream.channel().close();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    take().release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
