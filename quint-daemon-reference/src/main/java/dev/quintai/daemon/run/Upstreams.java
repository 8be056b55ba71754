package dev.quintai.daemon.run;

import dev.quintai.daemon.cli.Failure;
import dev.quintai.daemon.proxy.UpstreamMap;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that {@code run}, {@code demo} and {@code daemon} share. */
public final class Upstreams {

  @Option(
      names = "--upstream",
      paramLabel = "HOST=ADDR:PORT",
      description =
          "Connect there instead of to HOST; TLS is still verified for HOST. May be repeated.")
  List<String> upstream = new ArrayList<>();

  @Option(
      names = "--upstream-ca",
      paramLabel = "FILE",
      description = "PEM certificates that are trusted for upstream besides the system's.")
  List<Path> certificates = new ArrayList<>();

  /** For picocli. */
  public Upstreams() {}

  /** Without options, for callers that have none. */
  static Upstreams of(Map<String, InetSocketAddress> map, List<Path> certificates) {
    Upstreams made = new Upstreams();
    map.forEach(
        (host, address) ->
            made.upstream.add(
                host + "=" + address.getAddress().getHostAddress() + ":" + address.getPort()));
    made.certificates.addAll(certificates);
    return made;
  }

  /**
   * Where to connect for which host.
   *
   * @throws Failure when one is not of the form HOST=ADDR:PORT
   */
  UpstreamMap map() {
    try {
      return UpstreamMap.parse(upstream);
    } catch (IllegalArgumentException e) {
      throw new Failure("--upstream: " + e.getMessage(), e);
    }
  }

  /** Certificate files. */
  List<Path> certificates() {
    return certificates;
  }
}
