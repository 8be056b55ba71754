package dev.quintai.daemon.proxy;

import dev.quintai.daemon.ca.CertificateAuthority;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** A proxy in front of scripted hosts, with an authority of its own on either side. */
final class ProxyFixture implements AutoCloseable {
  private static final Logger LEAK_LOG = Logger.getLogger("io.netty.util.ResourceLeakDetector");
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  static final String HOST = "api.llm.example";

  static {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    LEAK_LOG.setLevel(Level.SEVERE);
    LEAK_LOG.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord leak) {
            LEAKS.add(leak.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
  }

  private interface Closing {
    void close() throws IOException;
  }

  final Path directory;
  final CertificateAuthority upstreamAuthority;
  final CertificateAuthority ownAuthority;
  final Recorder recorder = new Recorder();
  private final List<Closing> open = new ArrayList<>();
  int upstreamPort;
  ProxyServer proxy;

  ProxyFixture(Path directory) throws Exception {
    this.directory = directory;
    this.upstreamAuthority =
        CertificateAuthority.open(directory.resolve("upstream-ca"), InstantSource.system());
    this.ownAuthority =
        CertificateAuthority.open(directory.resolve("own-ca"), InstantSource.system());
  }

  /** Starts a proxy that observes {@link #HOST}, mapped to a TLS server with this script. */
  static ProxyFixture tls(Path directory, TestUpstream.Script script) throws Exception {
    ProxyFixture fixture = new ProxyFixture(directory);
    TestUpstream upstream =
        fixture.closing(TestUpstream.tls(fixture.upstreamAuthority.leaf(HOST), script));
    fixture.start(upstream.port(), settings -> settings);
    return fixture;
  }

  TestUpstream closing(TestUpstream one) {
    open.add(0, one::close);
    return one;
  }

  Http2Upstream closing(Http2Upstream one) {
    open.add(0, one::close);
    return one;
  }

  ProxyServer closing(ProxyServer one) {
    open.add(0, one::close);
    return one;
  }

  ProxyServer start(int upstreamPort, UnaryOperator<ProxyServer.Builder> settings)
      throws Exception {
    this.upstreamPort = upstreamPort;
    proxy =
        closing(
            settings
                .apply(
                    ProxyServer.builder(ownAuthority, recorder)
                        .policy(LlmHosts.exactly(Set.of(HOST)))
                        .upstreams(
                            UpstreamMap.parse(
                                List.of(
                                    HOST + "=127.0.0.1:" + upstreamPort,
                                    "other.example=127.0.0.1:" + upstreamPort)))
                        .upstreamRoots(
                            List.of(
                                directory
                                    .resolve("upstream-ca")
                                    .resolve(CertificateAuthority.CERTIFICATE_FILE))))
                .start());
    return proxy;
  }

  /** A client that goes through the proxy and trusts its authority. */
  HttpClient client(HttpClient.Version version) throws Exception {
    return HttpClient.newBuilder()
        .version(version)
        .proxy(ProxySelector.of(proxy.address()))
        .sslContext(TestUpstream.trusting(ownAuthority))
        .connectTimeout(Duration.ofSeconds(20))
        .build();
  }

  static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://" + HOST + path))
        .timeout(Duration.ofSeconds(60));
  }

  @Override
  public void close() throws IOException {
    for (Closing one : open) {
      one.close();
    }
    // A leak is reported by the first allocation after its buffer was collected.
    System.gc();
    PooledByteBufAllocator.DEFAULT.buffer().release();
    ByteBufAllocator.DEFAULT.buffer().release();
    if (!LEAKS.isEmpty()) {
      throw new AssertionError("a buffer leaked: " + LEAKS.poll());
    }
  }
}
