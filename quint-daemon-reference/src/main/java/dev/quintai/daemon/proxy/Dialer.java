package dev.quintai.daemon.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Opens connections to upstream hosts: to the address that a host is mapped to, else through the
 * parent proxy, else directly, trying the host's addresses in turn. Names are resolved off the
 * event loop. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes on the channel.
final class Dialer {
  /** Trying more addresses than this makes a client wait longer than it would by itself. */
  private static final int MAX_ADDRESSES = 4;

  /**
   * An open connection.
   *
   * @param channel connected and not reading by itself; a {@link HoldHandler} has what came already
   * @param remote the upstream address, or null where a parent proxy resolves the name
   * @param absoluteForm whether requests must name the whole URL, since a parent proxy reads them
   * @param authorization the parent proxy's Proxy-Authorization for these, or null
   */
  record Dialed(
      Channel channel, InetSocketAddress remote, boolean absoluteForm, String authorization) {}

  private final UpstreamMap map;
  private final ParentProxy parent;
  private final Executor workers;
  private final int timeoutMillis;

  Dialer(UpstreamMap map, ParentProxy parent, Executor workers, int timeoutMillis) {
    this.map = map;
    this.parent = parent;
    this.workers = workers;
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * Connects on the given event loop.
   *
   * @param tunnel whether bytes will be passed on as they are; else plain HTTP requests will be
   *     sent
   */
  Future<Dialed> dial(EventLoop loop, String host, int port, boolean tunnel) {
    Promise<Dialed> promise = loop.newPromise();
    Optional<HostPort> mapped = map.target(host);
    if (mapped.isPresent()) {
      resolve(loop, mapped.get(), promise, address -> direct(loop, address));
      return promise;
    }
    Optional<ParentProxy.Endpoint> proxy = parent.forHost(tunnel, host, port);
    if (proxy.isEmpty()) {
      resolve(loop, new HostPort(host, port), promise, address -> direct(loop, address));
      return promise;
    }
    ParentProxy.Endpoint endpoint = proxy.get();
    HostPort target = new HostPort(host, port);
    resolve(
        loop, endpoint.address(), promise, address -> via(loop, endpoint, address, target, tunnel));
    return promise;
  }

  private interface Connector {
    Attempt connect(InetSocketAddress address);
  }

  private record Attempt(
      ChannelFuture future, InetSocketAddress remote, boolean absoluteForm, String authorization) {}

  private Attempt direct(EventLoop loop, InetSocketAddress address) {
    return new Attempt(bootstrap(loop, null).connect(address), address, false, null);
  }

  private Attempt via(
      EventLoop loop,
      ParentProxy.Endpoint endpoint,
      InetSocketAddress address,
      HostPort target,
      boolean tunnel) {
    boolean login = endpoint.user() != null;
    if (endpoint.socks() || tunnel) {
      ChannelHandler handler =
          endpoint.socks()
              ? new Socks5ProxyHandler(address, endpoint.user(), endpoint.password())
              : login
                  ? new HttpProxyHandler(address, endpoint.user(), endpoint.password())
                  : new HttpProxyHandler(address);
      InetSocketAddress unresolved =
          InetSocketAddress.createUnresolved(target.host(), target.port());
      return new Attempt(bootstrap(loop, handler).connect(unresolved), null, false, null);
    }
    String authorization = login ? HttpBasic.value(endpoint.user(), endpoint.password()) : null;
    return new Attempt(bootstrap(loop, null).connect(address), null, true, authorization);
  }

  private Bootstrap bootstrap(EventLoop loop, ChannelHandler first) {
    return new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .resolver(NoopAddressResolverGroup.INSTANCE)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.AUTO_READ, first != null)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (first != null) {
                  channel.pipeline().addLast(first);
                  // A host may speak with the parent proxy's very answer.
                  channel.pipeline().addLast(new HoldHandler());
                }
              }
            });
  }

  private void resolve(
      EventLoop loop, HostPort target, Promise<Dialed> promise, Connector connector) {
    try {
      workers.execute(
          () -> {
            try {
              InetAddress[] all = InetAddress.getAllByName(target.host());
              List<InetSocketAddress> addresses =
                  Arrays.stream(all)
                      .limit(MAX_ADDRESSES)
                      .map(address -> new InetSocketAddress(address, target.port()))
                      .toList();
              loop.execute(() -> next(addresses.iterator(), promise, connector, null));
            } catch (UnknownHostException e) {
              promise.tryFailure(new UnknownHostException(target.host()));
            } catch (RuntimeException e) {
              promise.tryFailure(e);
            }
          });
    } catch (RejectedExecutionException e) {
      promise.tryFailure(new IOException("the proxy is over its limits or closing", e));
    }
  }

  private void next(
      Iterator<InetSocketAddress> addresses,
      Promise<Dialed> promise,
      Connector connector,
      Throwable last) {
    if (!addresses.hasNext()) {
      promise.tryFailure(last);
      return;
    }
    Attempt attempt = connector.connect(addresses.next());
    attempt.future.addListener(
        (ChannelFuture done) -> {
          if (!done.isSuccess()) {
            next(addresses, promise, connector, done.cause());
            return;
          }
          Channel channel = done.channel();
          channel.config().setAutoRead(false);
          Dialed dialed =
              new Dialed(channel, attempt.remote, attempt.absoluteForm, attempt.authorization);
          if (!promise.trySuccess(dialed)) {
            channel.close();
          }
        });
  }
}
