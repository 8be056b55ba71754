package dev.quintai.daemon.proxy;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The proxy that was set in the environment before this one: what a site behind a firewall needs to
 * reach the network at all. Follows the variables' common reading: lower case before upper case,
 * {@code all_proxy} last, and {@code no_proxy} a list of hosts, domains, addresses, CIDR blocks or
 * {@code *}. Immutable.
 */
public final class ParentProxy {
  /**
   * One proxy.
   *
   * @param socks whether it speaks SOCKS 5, else HTTP
   * @param user user name, or null
   * @param password password, or null
   */
  record Endpoint(boolean socks, HostPort address, String user, String password) {
    @Override
    public String toString() {
      return (socks ? "socks5://" : "http://") + address;
    }
  }

  private final Endpoint forHttps;
  private final Endpoint forHttp;
  private final NoProxy exceptions;

  private ParentProxy(Endpoint forHttps, Endpoint forHttp, NoProxy exceptions) {
    this.forHttps = forHttps;
    this.forHttp = forHttp;
    this.exceptions = exceptions;
  }

  /** Returns none: every host is reached directly. */
  public static ParentProxy none() {
    return new ParentProxy(null, null, NoProxy.parse(""));
  }

  /**
   * Reads the environment. HTTP and SOCKS 5 proxies are supported.
   *
   * @throws IllegalArgumentException naming a variable that cannot be followed: to ignore it would
   *     send traffic past a proxy that the site requires
   */
  public static ParentProxy of(Map<String, String> environment) {
    return new ParentProxy(
        endpoint(environment, "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
        // HTTP_PROXY in upper case is honoured too: there is no CGI here that could set it.
        endpoint(environment, "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"),
        NoProxy.parse(first(environment, "no_proxy", "NO_PROXY").orElse("")));
  }

  /** The proxy to use for a host, or empty for a direct connection. */
  Optional<Endpoint> forHost(boolean https, String host, int port) {
    Endpoint endpoint = https ? forHttps : forHttp;
    return endpoint == null || exceptions.matches(host, port)
        ? Optional.empty()
        : Optional.of(endpoint);
  }

  private static Endpoint endpoint(Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.get(name);
      if (value != null && !value.isBlank()) {
        return parse(name, value.strip());
      }
    }
    return null;
  }

  private static Endpoint parse(String name, String value) {
    try {
      URI uri = URI.create(value.contains("://") ? value : "http://" + value);
      String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      boolean socks = Set.of("socks", "socks5", "socks5h").contains(scheme);
      if (uri.getHost() == null || !(socks || scheme.equals("http"))) {
        throw new IllegalArgumentException("scheme " + scheme);
      }
      int port = uri.getPort() > 0 ? uri.getPort() : socks ? 1080 : 80;
      HostPort address =
          HostPort.parse(uri.getHost() + ":" + port, port)
              .orElseThrow(() -> new IllegalArgumentException("host"));
      String[] login =
          uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
      return new Endpoint(
          socks,
          address,
          login.length > 0 ? decode(login[0]) : null,
          login.length > 0 ? (login.length > 1 ? decode(login[1]) : "") : null);
    } catch (IllegalArgumentException e) {
      // The value may hold a password: it is not shown.
      throw new IllegalArgumentException(
          "the proxy in the environment variable "
              + name
              + " cannot be used: it must be http://HOST:PORT or socks5://HOST:PORT",
          e);
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Optional<String> first(Map<String, String> environment, String... names) {
    return Arrays.stream(names)
        .map(environment::get)
        .filter(value -> value != null && !value.isBlank())
        .findFirst();
  }

  /** The hosts that are reached without a proxy. */
  static final class NoProxy {
    private final boolean all;
    private final List<Entry> entries;

    private record Entry(String host, int port, CidrBlock block) {}

    private NoProxy(boolean all, List<Entry> entries) {
      this.all = all;
      this.entries = entries;
    }

    static NoProxy parse(String list) {
      List<Entry> entries = new ArrayList<>();
      boolean all = false;
      for (String raw : list.split("[,\\s]+", -1)) {
        String text = raw.toLowerCase(Locale.ROOT);
        if (text.equals("*")) {
          all = true;
        } else if (text.indexOf('/') > 0) {
          CidrBlock.parse(text).ifPresent(block -> entries.add(new Entry(null, -1, block)));
        } else if (!text.isEmpty()) {
          String bare = text.startsWith("*.") ? text.substring(2) : text;
          bare = bare.startsWith(".") ? bare.substring(1) : bare;
          Optional<HostPort> withPort = HostPort.parse(bare, -1);
          if (withPort.isPresent()) {
            entries.add(new Entry(withPort.get().host(), withPort.get().port(), null));
          } else {
            HostPort.parse(bare, 1).ifPresent(h -> entries.add(new Entry(h.host(), -1, null)));
          }
        }
      }
      return new NoProxy(all, List.copyOf(entries));
    }

    boolean matches(String host, int port) {
      if (all) {
        return true;
      }
      for (Entry entry : entries) {
        if (entry.block != null) {
          if (entry.block.contains(host)) {
            return true;
          }
        } else if ((entry.port < 0 || entry.port == port)
            && (host.equals(entry.host) || host.endsWith("." + entry.host))) {
          return true;
        }
      }
      return false;
    }
  }
}
