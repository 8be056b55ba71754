package dev.quintai.daemon.proxy;

import dev.quintai.daemon.ca.CertificateAuthority;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A forward proxy on the loopback interface that opens TLS to the hosts of a {@link HostPolicy} and
 * shows their exchanges to an {@link ExchangeObserver}; every other host is tunnelled untouched.
 *
 * <p>It serves CONNECT and plain {@code http://} requests, and reads HTTP/1.1, HTTP/2 and
 * WebSocket. It serves processes of its own user only. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes on the channel.
public final class ProxyServer implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final int WORKERS = 4;
  private static final int WORKER_QUEUE = 4096;

  /**
   * Netty's log goes to standard error by default, which is the agent's terminal. What matters of
   * it reaches the observer as an event. Held here, since the JDK holds loggers weakly.
   */
  private static final Logger NETTY = Logger.getLogger("io.netty");

  static {
    if (NETTY.getLevel() == null) {
      NETTY.setLevel(Level.OFF);
    }
  }

  private final EventLoopGroup loops;
  private final ThreadPoolExecutor workers;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ProxyContext context;
  private final Channel server;

  private ProxyServer(Builder settings) throws IOException {
    workers =
        new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WORKER_QUEUE),
            new DefaultThreadFactory("quint-proxy-worker", true));
    workers.allowCoreThreadTimeOut(true);
    loops = ProxyContext.loopGroup(LOOPS);
    ProxyLimits limits = settings.limits;
    context =
        new ProxyContext(
            settings.observer,
            settings.policy,
            limits,
            new Dialer(
                settings.upstreams,
                settings.parent,
                workers,
                Math.toIntExact(limits.connectTimeout().toMillis())),
            new UpstreamTls(settings.roots, workers, limits.handshakeTimeout().toMillis()),
            new ClientTls(settings.authority, workers, limits.handshakeTimeout().toMillis()),
            new ConnectionOwner(settings.tracked),
            workers,
            settings.clock);
    try {
      server = bind(settings.port);
    } catch (IOException e) {
      shutDown();
      throw e;
    }
  }

  private Channel bind(int port) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 256)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(64 * 1024, 256 * 1024))
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel);
                  }
                });
    try {
      return bootstrap.bind(address).syncUninterruptibly().channel();
    } catch (Exception e) {
      // Netty throws the checked cause from an unchecked call.
      if (e instanceof BindException) {
        throw new BindException(
            "The proxy cannot listen on 127.0.0.1:"
                + port
                + ": the port is in use or not permitted. Choose another, or 0 for any free one.");
      }
      throw new IOException("The proxy cannot listen on 127.0.0.1:" + port, e);
    }
  }

  private void accept(SocketChannel channel) {
    InetSocketAddress peer = channel.remoteAddress();
    if (connections.size() >= context.limits().connections()
        || !peer.getAddress().isLoopbackAddress()) {
      context.event(
          ProxyEvent.Kind.CONNECTION_REFUSED, "", 0, -1, "the proxy has too many connections");
      channel.close();
      return;
    }
    connections.add(channel);
    CompletableFuture<ConnectionOwner.Owner> owner = new CompletableFuture<>();
    InetSocketAddress own = channel.localAddress();
    try {
      workers.execute(() -> owner.complete(context.owner().find(peer, own)));
    } catch (RejectedExecutionException e) {
      owner.complete(ConnectionOwner.Owner.UNKNOWN);
    }
    Client client = new Client(channel, peer, owner);
    channel.pipeline().addLast(new FrontHandler(context, client));
  }

  /** Returns a builder with the required parts. */
  public static Builder builder(CertificateAuthority authority, ExchangeObserver observer) {
    return new Builder(authority, observer);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  /** The URL for proxy variables: {@code http://127.0.0.1:PORT}. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + address().getPort());
  }

  /** How often the observer, its policy or a gate has thrown. */
  public long observerFailures() {
    return context.observerFailures();
  }

  /** The number of client connections that are open. */
  public int openConnections() {
    return connections.size();
  }

  /** Stops listening and closes every connection; waits at most two seconds for that. */
  @Override
  public void close() {
    server.close().syncUninterruptibly();
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    shutDown();
  }

  private void shutDown() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    workers.shutdownNow();
  }

  /** The settings of a proxy. Not thread-safe. */
  public static final class Builder {
    private final CertificateAuthority authority;
    private final ExchangeObserver observer;
    private HostPolicy policy = LlmHosts.defaults();
    private ProxyLimits limits = ProxyLimits.defaults();
    private UpstreamMap upstreams = UpstreamMap.empty();
    private ParentProxy parent = ParentProxy.none();
    private List<Path> roots = List.of();
    private Supplier<? extends Collection<Long>> tracked = List::of;
    private InstantSource clock = InstantSource.system();
    private int port;

    private Builder(CertificateAuthority authority, ExchangeObserver observer) {
      this.authority = Objects.requireNonNull(authority, "authority");
      this.observer = Objects.requireNonNull(observer, "observer");
    }

    /** Which hosts are observed; by default those of {@link LlmHosts#defaults()}. */
    public Builder policy(HostPolicy hosts) {
      policy = Objects.requireNonNull(hosts, "hosts");
      return this;
    }

    /** The bounds. */
    public Builder limits(ProxyLimits bounds) {
      limits = Objects.requireNonNull(bounds, "bounds");
      return this;
    }

    /** Hosts to reach at another address. Mapping a host does not by itself observe it. */
    public Builder upstreams(UpstreamMap map) {
      upstreams = Objects.requireNonNull(map, "map");
      return this;
    }

    /** The proxy to reach the network through. */
    public Builder parent(ParentProxy proxy) {
      parent = Objects.requireNonNull(proxy, "proxy");
      return this;
    }

    /** PEM files with further roots to trust for upstream hosts. */
    public Builder upstreamRoots(List<Path> files) {
      roots = new ArrayList<>(files);
      return this;
    }

    /** The processes to look at first when a connection's owner is sought. */
    public Builder trackedProcesses(Supplier<? extends Collection<Long>> pids) {
      tracked = Objects.requireNonNull(pids, "pids");
      return this;
    }

    /** The clock for the times in {@link ConnectionInfo}. */
    public Builder clock(InstantSource source) {
      clock = Objects.requireNonNull(source, "source");
      return this;
    }

    /** The port on 127.0.0.1; 0, the default, for any free one. */
    public Builder port(int number) {
      if (number < 0 || number > 65535) {
        throw new IllegalArgumentException("port " + number + " is not within 0 to 65535");
      }
      port = number;
      return this;
    }

    /**
     * Starts listening.
     *
     * @throws IOException when the port cannot be had (a {@link BindException}) or a file of roots
     *     cannot be read; the message names it
     */
    public ProxyServer start() throws IOException {
      for (Path file : roots) {
        dev.quintai.daemon.ca.SystemRoots.read(file);
      }
      return new ProxyServer(this);
    }
  }
}
