package dev.quintai.daemon.proxy;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** What the connections of one proxy share. Thread-safe. */
final class ProxyContext {
  private final ExchangeObserver observer;
  private final HostPolicy policy;
  private final ProxyLimits limits;
  private final Dialer dialer;
  private final UpstreamTls upstreamTls;
  private final ClientTls clientTls;
  private final PinnedHosts pinned;
  private final ConnectionOwner owner;
  private final Executor workers;
  private final InstantSource clock;
  private final long ownUid = ConnectionOwner.ownUid();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong observerFailures = new AtomicLong();

  ProxyContext(
      ExchangeObserver observer,
      HostPolicy policy,
      ProxyLimits limits,
      Dialer dialer,
      UpstreamTls upstreamTls,
      ClientTls clientTls,
      ConnectionOwner owner,
      Executor workers,
      InstantSource clock) {
    this.observer = observer;
    this.policy = policy;
    this.limits = limits;
    this.dialer = dialer;
    this.upstreamTls = upstreamTls;
    this.clientTls = clientTls;
    this.pinned = new PinnedHosts();
    this.owner = owner;
    this.workers = workers;
    this.clock = clock;
  }

  ExchangeObserver observer() {
    return observer;
  }

  boolean observes(String host, int port) {
    return guard(() -> policy.observes(host, port), false);
  }

  ProxyLimits limits() {
    return limits;
  }

  Dialer dialer() {
    return dialer;
  }

  UpstreamTls upstreamTls() {
    return upstreamTls;
  }

  ClientTls clientTls() {
    return clientTls;
  }

  PinnedHosts pinned() {
    return pinned;
  }

  ConnectionOwner owner() {
    return owner;
  }

  Executor workers() {
    return workers;
  }

  /**
   * Whether a client may use the proxy: a process of our own user, of any user where we are root,
   * or one whose user cannot be told.
   */
  boolean mayUse(Client client) {
    long uid = client.owner().getNow(ConnectionOwner.Owner.UNKNOWN).uid();
    return uid < 0 || ownUid <= 0 || uid == ownUid || uid == 0;
  }

  ConnectionInfo open(
      ConnectionInfo.Kind kind, Client client, String host, int port, InetSocketAddress remote) {
    ConnectionInfo info =
        new ConnectionInfo(
            ids.incrementAndGet(),
            kind,
            host,
            port,
            Optional.ofNullable(remote),
            client.address(),
            client.pid(),
            clock.instant());
    guard(() -> observer.connectionOpened(info));
    return info;
  }

  void closed(ConnectionInfo info) {
    guard(() -> observer.connectionClosed(info));
  }

  void event(ProxyEvent.Kind kind, String host, int port, long pid, String detail) {
    guard(() -> observer.event(new ProxyEvent(kind, host, port, pid, detail)));
  }

  /** Reports a failure that is not just a socket that was closed or reset. */
  void failed(String host, int port, long pid, String side, Throwable cause) {
    boolean closed = cause instanceof IOException && !(cause instanceof SSLException);
    if (!closed) {
      event(
          ProxyEvent.Kind.CONNECTION_FAILED, host, port, pid, side + ": " + Failure.reason(cause));
    }
  }

  /** A client has ended an intercepted connection without having sent anything on it. */
  void leftAfterHandshake(ConnectionInfo info) {
    event(
        ProxyEvent.Kind.CLIENT_LEFT_AFTER_HANDSHAKE,
        info.host(),
        info.port(),
        info.ownerPid(),
        "the client left without a request; if it repeats, it may not trust the certificate");
  }

  long observerFailures() {
    return observerFailures.get();
  }

  /** Runs the observer's code; what it throws is counted and goes no further. */
  void guard(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      observerFailures.incrementAndGet();
    }
  }

  /** Runs the observer's code; where it throws, that is counted and the default returned. */
  <T> T guard(Supplier<T> call, T otherwise) {
    try {
      return call.get();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      observerFailures.incrementAndGet();
      return otherwise;
    }
  }

  /** The workers as an event loop group is given them. */
  static EventLoopGroup loopGroup(int threads) {
    return new io.netty.channel.MultiThreadIoEventLoopGroup(
        threads,
        new io.netty.util.concurrent.DefaultThreadFactory("quint-proxy", true),
        io.netty.channel.nio.NioIoHandler.newFactory());
  }
}
