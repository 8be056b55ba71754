package dev.quintai.core.capability;

import dev.quintai.core.shell.ResolvedWord;

/** Finds the host in what people write for one. */
final class HostParser {
  private HostParser() {}

  /** The host of a URL with a scheme, or null. */
  static String ofUrl(String text) {
    int scheme = text.indexOf("://");
    if (scheme <= 0 || scheme > 16 || text.startsWith("file:")) {
      return null;
    }
    return ofAuthority(text, scheme + 3);
  }

  /** The host of a URL with or without its scheme, as {@code curl} takes it; or null. */
  static String ofLooseUrl(String text) {
    if (text.contains("://")) {
      return ofUrl(text);
    }
    String host = ofAuthority(text, 0);
    return host != null && (host.indexOf('.') > 0 || host.equals("localhost")) ? host : null;
  }

  /**
   * The host of {@code user@host:path} or {@code host::module}, or null when it is a local path.
   */
  static String ofRemotePath(String text) {
    if (text.contains("://")) {
      return ofUrl(text);
    }
    int colon = text.indexOf(':');
    int slash = text.indexOf('/');
    if (colon <= 0 || (slash >= 0 && slash < colon)) {
      return null;
    }
    return clean(text.substring(text.lastIndexOf('@', colon) + 1, colon));
  }

  /** The host of {@code user@host}. */
  static String ofLogin(String text) {
    return text.contains("://") ? ofUrl(text) : clean(text.substring(text.lastIndexOf('@') + 1));
  }

  private static String ofAuthority(String text, int start) {
    int end = start;
    while (end < text.length() && "/?#\\ \t\r\n\"'<>".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String authority = text.substring(start, end);
    authority = authority.substring(authority.lastIndexOf('@') + 1);
    if (authority.startsWith("[")) {
      int close = authority.indexOf(']');
      return close < 0 ? null : clean(authority.substring(1, close));
    }
    int colon = authority.indexOf(':');
    return clean(colon < 0 ? authority : authority.substring(0, colon));
  }

  private static String clean(String host) {
    return host.isEmpty() || host.length() > 255 || host.indexOf(ResolvedWord.UNKNOWN) >= 0
        ? null
        : host;
  }
}
