package dev.quintai.daemon.proxy;

import dev.quintai.daemon.ca.SystemRoots;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS towards upstream hosts: the system's roots and the site's own, the host's name verified, and
 * the application protocols that the client offered. Thread-safe.
 */
final class UpstreamTls {
  private final CompletableFuture<TrustManagerFactory> trust;
  private final ConcurrentMap<List<String>, SslContext> contexts = new ConcurrentHashMap<>();
  private final Executor workers;
  private final long handshakeMillis;

  UpstreamTls(List<Path> roots, Executor workers, long handshakeMillis) {
    this.workers = workers;
    this.handshakeMillis = handshakeMillis;
    // The JDK's provider, ready before the first agent asks for it.
    this.trust =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                TrustManagerFactory factory = SystemRoots.trust(roots);
                context(factory, List.of("http/1.1"));
                context(factory, List.of("h2", "http/1.1"));
                return factory;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            workers);
  }

  /** Completes, on some thread, with a handler for one connection; the pipeline is the caller's. */
  CompletableFuture<SslHandler> handler(
      Channel channel, String host, int port, List<String> protocols) {
    return trust.thenApplyAsync(
        factory -> {
          SslHandler handler =
              context(factory, protocols).newHandler(channel.alloc(), host, port, workers);
          handler.setHandshakeTimeoutMillis(handshakeMillis);
          return handler;
        },
        workers);
  }

  private SslContext context(TrustManagerFactory factory, List<String> protocols) {
    return contexts.computeIfAbsent(List.copyOf(protocols), key -> build(factory, key));
  }

  private static SslContext build(TrustManagerFactory factory, List<String> protocols) {
    try {
      return SslContextBuilder.forClient()
          .sslProvider(SslProvider.JDK)
          .trustManager(factory)
          .endpointIdentificationAlgorithm("HTTPS")
          .applicationProtocolConfig(protocolConfig(protocols))
          .build();
    } catch (SSLException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ApplicationProtocolConfig protocolConfig(List<String> protocols) {
    return protocols.isEmpty()
        ? ApplicationProtocolConfig.DISABLED
        : new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            protocols);
  }
}
