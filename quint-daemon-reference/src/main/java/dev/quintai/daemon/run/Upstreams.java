package dev.quintai.daemon.run;

import dev.quintai.daemon.cli.Failure;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
            made.upstream.add(host + "=" + address.getHostString() + ":" + address.getPort()));
    made.certificates.addAll(certificates);
    return made;
  }

  /**
   * Where to connect for which host.
   *
   * @throws Failure when one is not of the form HOST=ADDR:PORT
   */
  Map<String, InetSocketAddress> map() {
    Map<String, InetSocketAddress> map = new LinkedHashMap<>();
    for (String one : upstream) {
      int equals = one.indexOf('=');
      int colon = one.lastIndexOf(':');
      int port = -1;
      try {
        port = Integer.parseInt(one.substring(colon + 1));
      } catch (NumberFormatException e) {
        port = -1;
      }
      if (equals < 1 || colon < equals + 2 || port < 1 || port > 65_535) {
        throw new Failure("--upstream " + one + ": HOST=ADDR:PORT was expected");
      }
      String address = one.substring(equals + 1, colon).replaceAll("^\\[|\\]$", "");
      map.put(
          one.substring(0, equals).toLowerCase(Locale.ROOT),
          InetSocketAddress.createUnresolved(address, port));
    }
    return map;
  }

  /** Certificate files. */
  List<Path> certificates() {
    return certificates;
  }
}
