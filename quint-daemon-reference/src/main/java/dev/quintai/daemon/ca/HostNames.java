package dev.quintai.daemon.ca;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.util.Locale;
import java.util.Optional;

/** One spelling for each host, so that caches, policies and certificates agree on it. */
public final class HostNames {
  private static final int MAX_LENGTH = 253;

  private HostNames() {}

  /**
   * Returns the host in lower case and ASCII (RFC 5891 A-labels), without a trailing dot and, for
   * an IPv6 literal, without brackets. Empty when it is not a host name that a certificate can
   * carry: empty, over 253 characters, or with characters other than letters, digits, hyphen,
   * underscore and dot.
   */
  public static Optional<String> normalize(String host) {
    String name = host;
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
      return NetUtil.isValidIpV6Address(name) && name.indexOf('%') < 0
          ? Optional.of(name.toLowerCase(Locale.ROOT))
          : Optional.empty();
    }
    if (NetUtil.isValidIpV6Address(name)) {
      return name.indexOf('%') < 0 ? Optional.of(name.toLowerCase(Locale.ROOT)) : Optional.empty();
    }
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    try {
      name = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (name.isEmpty() || name.length() > MAX_LENGTH || name.startsWith(".")) {
      return Optional.empty();
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      if (!fits && !(c == '.' && name.charAt(i - 1) != '.')) {
        return Optional.empty();
      }
    }
    return Optional.of(name);
  }

  /** Whether the normalised host is an IPv4 or IPv6 literal. */
  public static boolean isAddress(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }
}
