package dev.quintai.daemon.proxy;

import dev.quintai.daemon.ca.HostNames;
import java.util.Optional;

/** A normalised host and a port. */
record HostPort(String host, int port) {
  /**
   * Parses {@code host:port}, {@code [v6]:port}, or with a default port above 0 a host alone. Empty
   * when it is neither.
   */
  static Optional<HostPort> parse(String text, int defaultPort) {
    String host = text;
    int port = defaultPort;
    int colon = text.lastIndexOf(':');
    if (colon > text.lastIndexOf(']') && (text.startsWith("[") || text.indexOf(':') == colon)) {
      host = text.substring(0, colon);
      port = port(text.substring(colon + 1));
    }
    if (port < 1 || port > 65535) {
      return Optional.empty();
    }
    int checked = port;
    return HostNames.normalize(host).map(name -> new HostPort(name, checked));
  }

  private static int port(String digits) {
    if (digits.isEmpty() || digits.length() > 5) {
      return -1;
    }
    int port = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      port = port * 10 + (c - '0');
    }
    return port;
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
