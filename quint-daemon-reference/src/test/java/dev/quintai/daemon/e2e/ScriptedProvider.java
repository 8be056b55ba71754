package dev.quintai.daemon.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.quintai.daemon.ca.CertificateAuthority;
import dev.quintai.daemon.ca.LeafCertificate;
import dev.quintai.daemon.events.JsonTree;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A provider on loopback whose model follows a script: a request that carries n tool results gets
 * the answer after the calls that they belong to. Its certificate is for the real host's name, from
 * an authority of its own.
 */
public final class ScriptedProvider implements Closeable {

  private final WireFormat format;
  private final Path certificate;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Step> script;
  private final AtomicInteger served = new AtomicInteger();

  /** Called after the head of an answer has gone out and before its body; may cut it. */
  volatile Cut cut = (exchange, body) -> false;

  /** The calls that were sent whole, in order. */
  public final List<Step.Call> sent = new CopyOnWriteArrayList<>();

  /** Something that ends an answer before its time. */
  interface Cut {
    boolean cuts(HttpExchange exchange, String body) throws IOException;
  }

  public ScriptedProvider(Path folder, WireFormat format, List<Step> script)
      throws IOException, GeneralSecurityException {
    this.format = format;
    this.script = List.copyOf(script);
    CertificateAuthority authority = CertificateAuthority.open(folder, InstantSource.system());
    certificate = folder.resolve(CertificateAuthority.CERTIFICATE_FILE);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(authority.leaf(format.host()))));
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private static SSLContext tls(LeafCertificate leaf) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setKeyEntry("leaf", leaf.key(), new char[0], leaf.chain().toArray(new Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  String host() {
    return format.host();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The authority's certificate, PEM. */
  Path certificate() {
    return certificate;
  }

  /** The options of {@code quint run} that lead to this provider. */
  public List<String> options() {
    return List.of(
        "--upstream", host() + "=127.0.0.1:" + port(), "--upstream-ca", certificate.toString());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestHeaders().containsKey("Upgrade")) {
        exchange.sendResponseHeaders(426, -1); // no WebSocket: clients fall back to POST
        return;
      }
      String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getPath();
      Map<?, ?> request = text.isBlank() ? Map.of() : (Map<?, ?>) JsonTree.read(text);
      if (!format.isTurn(path, request)) {
        boolean stream = path.endsWith(":streamGenerateContent");
        answer(exchange, stream, format.other(path, request));
        return;
      }
      Step step = next(format.results(request));
      String body = format.stream(path, step, served.incrementAndGet() + "x");
      if (cut.cuts(exchange, body)) {
        return;
      }
      sent.addAll(step.calls());
      answer(exchange, true, body);
    }
  }

  /** The answer to a request with so many results: the one after the calls that gave them. */
  private Step next(int results) {
    int calls = 0;
    for (Step step : script) {
      calls += step.calls().size();
      if (calls > results || step.calls().isEmpty()) {
        return step;
      }
    }
    return script.get(script.size() - 1);
  }

  private static void answer(HttpExchange exchange, boolean stream, String body)
      throws IOException {
    exchange
        .getResponseHeaders()
        .set("content-type", stream ? "text/event-stream" : "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
