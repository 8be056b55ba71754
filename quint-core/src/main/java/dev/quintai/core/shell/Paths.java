package dev.quintai.core.shell;

/** Textual path arithmetic; links are not looked at. */
final class Paths {
  private Paths() {}

  /**
   * The absolute path with {@code .} and {@code ..} resolved, or null without a base to start at.
   */
  static String resolve(String base, String path) {
    if (path.startsWith("/")) {
      return normalize(path);
    }
    return base == null ? null : normalize(base + "/" + path);
  }

  private static String normalize(String path) {
    StringBuilder out = new StringBuilder(path.length());
    int from = 0;
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      int length = to - from;
      if (length == 2 && path.startsWith("..", from)) {
        out.setLength(Math.max(0, out.lastIndexOf("/")));
      } else if (length > 0 && !(length == 1 && path.charAt(from) == '.')) {
        out.append('/').append(path, from, to);
      }
      from = to + 1;
    }
    return out.length() == 0 ? "/" : out.toString();
  }
}
