package dev.quintai.divergence;

import java.util.Locale;

/** Names and addresses of network targets in one text form, and which of them are outside. */
final class HostIdentity {
  private HostIdentity() {}

  /** The host of a URL, of {@code host:port}, of {@code user@host:path} or of a bare host; null. */
  static String of(String text) {
    String rest = text.trim();
    int scheme = rest.indexOf("://");
    if (scheme >= 0) {
      rest = rest.substring(scheme + 3);
    }
    int end = rest.length();
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (c == '/' || c == '?' || c == '#' || c == '\\') {
        end = i;
        break;
      }
    }
    rest = rest.substring(0, end);
    rest = rest.substring(rest.lastIndexOf('@') + 1);
    if (rest.startsWith("[")) {
      int close = rest.indexOf(']');
      return close < 0 ? null : canonical(rest.substring(1, close));
    }
    int colon = rest.indexOf(':');
    if (colon >= 0 && rest.indexOf(':', colon + 1) < 0) {
      rest = rest.substring(0, colon);
    }
    return rest.isEmpty() || rest.indexOf(' ') >= 0 ? null : canonical(rest);
  }

  /** Lower case, no final dot, no brackets; an IPv4-mapped address as IPv4. */
  static String canonical(String host) {
    String text = host.toLowerCase(Locale.ROOT);
    if (text.startsWith("[") && text.endsWith("]")) {
      text = text.substring(1, text.length() - 1);
    }
    if (text.startsWith("::ffff:") && text.indexOf('.') > 0) {
      text = text.substring("::ffff:".length());
    }
    while (text.endsWith(".")) {
      text = text.substring(0, text.length() - 1);
    }
    return text;
  }

  /** Whether the observed host is the declared one; {@code www.} in front is the same site. */
  static boolean same(String declared, String observed) {
    return declared.equals(observed)
        || (observed.length() == declared.length() + 4
            && observed.startsWith("www.")
            && observed.endsWith(declared))
        || (declared.length() == observed.length() + 4
            && declared.startsWith("www.")
            && declared.endsWith(observed));
  }

  static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || ipv4(host) >= 0;
  }

  /** Loopback by name or address. */
  static boolean loopback(String host) {
    if (host.equals("localhost") || host.endsWith(".localhost") || host.equals("::1")) {
      return true;
    }
    long v4 = ipv4(host);
    return v4 >= 0 && (v4 >>> 24 == 127 || v4 == 0);
  }

  /** Not loopback, RFC 1918, RFC 4193, or link-local; names other than localhost are external. */
  static boolean external(String host) {
    if (loopback(host) || host.equals("::")) {
      return false;
    }
    long v4 = ipv4(host);
    if (v4 >= 0) {
      return !(v4 >>> 24 == 10
          || v4 >>> 20 == (172 << 4 | 1)
          || v4 >>> 16 == (192 << 8 | 168)
          || v4 >>> 16 == (169 << 8 | 254));
    }
    if (host.indexOf(':') >= 0) {
      return !(host.startsWith("fc")
          || host.startsWith("fd")
          || host.startsWith("fe8")
          || host.startsWith("fe9")
          || host.startsWith("fea")
          || host.startsWith("feb"));
    }
    return true;
  }

  private static long ipv4(String host) {
    long value = 0;
    int parts = 0;
    int at = 0;
    while (at < host.length()) {
      int digits = 0;
      int part = 0;
      while (at < host.length() && Character.isDigit(host.charAt(at)) && digits < 3) {
        part = part * 10 + (host.charAt(at) - '0');
        at++;
        digits++;
      }
      if (digits == 0 || part > 255) {
        return -1;
      }
      value = value << 8 | part;
      parts++;
      if (at == host.length()) {
        break;
      }
      if (host.charAt(at) != '.' || at + 1 == host.length()) {
        return -1;
      }
      at++;
    }
    return parts == 4 ? value : -1;
  }
}
