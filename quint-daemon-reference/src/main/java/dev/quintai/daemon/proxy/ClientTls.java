package dev.quintai.daemon.proxy;

import dev.quintai.daemon.ca.CertificateAuthority;
import dev.quintai.daemon.ca.LeafCertificate;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;

/**
 * TLS towards clients, with a leaf certificate of ours for the host they asked for. Thread-safe.
 */
final class ClientTls {
  private static final int MAX_CONTEXTS = 512;

  private record Key(LeafCertificate leaf, String protocol) {}

  private final CertificateAuthority authority;
  private final Executor workers;
  private final long handshakeMillis;
  private final Map<Key, SslContext> contexts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, SslContext> eldest) {
          return size() > MAX_CONTEXTS;
        }
      };

  ClientTls(CertificateAuthority authority, Executor workers, long handshakeMillis) {
    this.authority = authority;
    this.workers = workers;
    this.handshakeMillis = handshakeMillis;
  }

  /**
   * Completes, on some thread, with a handler for one connection.
   *
   * @param protocol the one application protocol to agree to, or null for none
   */
  CompletableFuture<SslHandler> handler(Channel channel, String host, String protocol) {
    return authority
        .leaf(host, workers)
        .toCompletableFuture()
        .thenApplyAsync(
            leaf -> {
              SslHandler handler =
                  context(new Key(leaf, protocol)).newHandler(channel.alloc(), workers);
              handler.setHandshakeTimeoutMillis(handshakeMillis);
              return handler;
            },
            workers);
  }

  private synchronized SslContext context(Key key) {
    return contexts.computeIfAbsent(key, ClientTls::build);
  }

  private static SslContext build(Key key) {
    try {
      return SslContextBuilder.forServer(key.leaf.key(), key.leaf.chain())
          .sslProvider(SslProvider.JDK)
          .applicationProtocolConfig(
              UpstreamTls.protocolConfig(key.protocol == null ? List.of() : List.of(key.protocol)))
          .build();
    } catch (SSLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
