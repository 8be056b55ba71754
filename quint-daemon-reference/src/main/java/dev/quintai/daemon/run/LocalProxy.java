package dev.quintai.daemon.run;

import dev.quintai.core.Mode;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.daemon.ca.CaBundle;
import dev.quintai.daemon.ca.CertificateAuthority;
import dev.quintai.daemon.llm.LlmTraffic;
import dev.quintai.daemon.llm.Trail;
import dev.quintai.daemon.proxy.ChildEnvironment;
import dev.quintai.daemon.proxy.LlmHosts;
import dev.quintai.daemon.proxy.ParentProxy;
import dev.quintai.daemon.proxy.ProxyServer;
import dev.quintai.daemon.proxy.UpstreamMap;
import dev.quintai.esjni.BootClock;
import dev.quintai.parsers.StandardParsers;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The proxy of a run with its certificate authority, and the environment that leads to it. */
final class LocalProxy implements Closeable {

  private final ProxyServer server;
  private final LlmTraffic traffic;
  private final Path bundle;
  private final Path directory;
  private boolean closed;

  private LocalProxy(ProxyServer server, LlmTraffic traffic, Path bundle, Path directory) {
    this.server = server;
    this.traffic = traffic;
    this.bundle = bundle;
    this.directory = directory;
  }

  /**
   * What it does.
   *
   * @param upstreams where to connect for which host
   * @param environment names a parent proxy and certificates
   * @param mode what becomes of verdicts
   * @param port where it listens, 0 for any free port
   */
  record Settings(Upstreams upstreams, Map<String, String> environment, Mode mode, int port) {}

  /**
   * Starts the proxy.
   *
   * @param runtime a folder of this run alone, for the certificates that the agent is given
   */
  static LocalProxy start(
      Settings settings,
      CertificateAuthority authority,
      Path runtime,
      QuintEngine engine,
      BootClock clock,
      Trail trail,
      Consumer<String> notices)
      throws IOException {
    Path bundle = runtime.resolve("ca-bundle.pem");
    Path directory = runtime.resolve("certs");
    CaBundle.writeDirectory(directory, authority.certificate());
    for (Path unread :
        CaBundle.write(
            bundle,
            authority.certificate(),
            ChildEnvironment.presetBundles(settings.environment()))) {
      notices.accept(
          unread + " holds no certificate that could be read; left out of the agent's bundle");
    }
    LlmTraffic traffic =
        new LlmTraffic(
            engine,
            StandardParsers.all(),
            LlmLimits.DEFAULT,
            clock::nowNanos,
            trail,
            settings.mode(),
            event -> notices.accept(event.host() + ": " + event.detail()));
    UpstreamMap upstreams = settings.upstreams().map();
    List<Path> roots = new ArrayList<>(settings.upstreams().certificates());
    ChildEnvironment.presetBundles(settings.environment()).stream()
        .filter(file -> Files.isRegularFile(file) && Files.isReadable(file))
        .forEach(roots::add);
    ProxyServer server =
        ProxyServer.builder(authority, traffic)
            .policy(LlmHosts.defaults().or(LlmHosts.exactly(upstreams.hosts())))
            .upstreams(upstreams)
            .upstreamRoots(roots)
            .parent(ParentProxy.of(settings.environment()))
            .trackedProcesses(() -> roots(engine))
            .port(settings.port())
            .start();
    return new LocalProxy(server, traffic, bundle, directory);
  }

  private static List<Long> roots(QuintEngine engine) {
    return engine.sessions().sessions().stream()
        .map(Session::agentProcess)
        .map(process -> (long) process.pid())
        .toList();
  }

  /** The agent's environment: the inherited one, with the proxy and its certificates. */
  Map<String, String> environment(Map<String, String> inherited) {
    return ChildEnvironment.of(inherited, server.url(), bundle, directory);
  }

  /** Where it listens. */
  URI url() {
    return server.url();
  }

  /** Connections whose owner cannot be found are this process's. */
  void fallback(ProcessId process) {
    traffic.fallback(process);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      server.close();
    }
  }
}
