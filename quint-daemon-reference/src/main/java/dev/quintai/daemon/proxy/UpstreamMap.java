package dev.quintai.daemon.proxy;

import dev.quintai.daemon.ca.HostNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Hosts to be reached at another address, as a site with its own gateway to a language model needs:
 * {@code HOST=ADDR:PORT}. TLS is still verified for HOST. Immutable.
 */
public final class UpstreamMap {
  private final Map<String, HostPort> targets;

  private UpstreamMap(Map<String, HostPort> targets) {
    this.targets = Map.copyOf(targets);
  }

  /** Returns a map without entries. */
  public static UpstreamMap empty() {
    return new UpstreamMap(Map.of());
  }

  /**
   * Reads entries of the form {@code HOST=ADDR:PORT}; an IPv6 address stands in brackets.
   *
   * @throws IllegalArgumentException naming the entry that is not of this form, or a host that is
   *     mapped twice
   */
  public static UpstreamMap parse(List<String> entries) {
    Map<String, HostPort> targets = new LinkedHashMap<>();
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      Optional<String> host =
          equals < 1 ? Optional.empty() : HostNames.normalize(entry.substring(0, equals).strip());
      Optional<HostPort> target =
          equals < 1 ? Optional.empty() : HostPort.parse(entry.substring(equals + 1).strip(), -1);
      if (host.isEmpty() || target.isEmpty()) {
        throw new IllegalArgumentException(
            "\"" + entry + "\" is not HOST=ADDR:PORT, as in api.example.com=127.0.0.1:8443");
      }
      if (targets.put(host.get(), target.get()) != null) {
        throw new IllegalArgumentException("host " + host.get() + " is mapped twice");
      }
    }
    return new UpstreamMap(targets);
  }

  /** The normalised names of the mapped hosts. */
  public Set<String> hosts() {
    return targets.keySet();
  }

  /** Where to connect instead of to the host, or empty. */
  Optional<HostPort> target(String host) {
    return Optional.ofNullable(targets.get(host));
  }
}
