package dev.quintai.divergence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A pattern of paths: {@code *} within a name, {@code **} last for everything below, {@code **}
 * first for anywhere, {@code ~} first for the home, {@code @cwd} first for the working directory.
 */
final class PathPattern {
  private enum Root {
    ABSOLUTE,
    HOME,
    CWD,
    ANYWHERE
  }

  private final Root root;
  private final String prefix;
  private final List<String> names;
  private final boolean below;

  /**
   * A pattern.
   *
   * @param prefix literal folder in front, empty or starting with a slash
   * @param names the names after it, wildcards in them
   * @param below whether everything below matches, and not the place itself
   */
  private PathPattern(Root root, String prefix, List<String> names, boolean below) {
    this.root = root;
    this.prefix = prefix;
    this.names = names;
    this.below = below;
  }

  static PathPattern of(String pattern) {
    Root root;
    String rest;
    if (pattern.equals("~") || pattern.startsWith("~/")) {
      root = Root.HOME;
      rest = pattern.substring(1);
    } else if (pattern.equals("@cwd") || pattern.startsWith("@cwd/")) {
      root = Root.CWD;
      rest = pattern.substring("@cwd".length());
    } else if (pattern.startsWith("**/")) {
      root = Root.ANYWHERE;
      rest = pattern.substring(2);
    } else if (pattern.startsWith("/")) {
      root = Root.ABSOLUTE;
      rest = pattern;
    } else {
      throw new IllegalArgumentException("a pattern starts with / or ~ or @cwd or **: " + pattern);
    }
    boolean below = rest.endsWith("/**");
    if (below) {
      rest = rest.substring(0, rest.length() - 3);
    }
    StringBuilder prefix = new StringBuilder();
    List<String> names = new ArrayList<>();
    for (String name : rest.split("/")) {
      if (name.isEmpty()) {
        continue;
      }
      if (names.isEmpty() && name.indexOf('*') < 0) {
        prefix.append('/').append(name);
      } else {
        names.add(name);
      }
    }
    boolean lastName = names.size() == 1 && !below;
    if (root == Root.ANYWHERE && !names.isEmpty() && !lastName) {
      throw new IllegalArgumentException(
          "after **/ only the last name may have a wildcard: " + pattern);
    }
    return new PathPattern(root, prefix.toString(), List.copyOf(names), below);
  }

  /** Whether it starts at the home. */
  boolean ofHome() {
    return root == Root.HOME;
  }

  /** Whether it starts at the working directory. */
  boolean ofCwd() {
    return root == Root.CWD;
  }

  /**
   * The same for canonical paths, those below a home or a working directory taken from there on:
   * {@code ~/.claude} becomes {@code /.claude}.
   *
   * @param fold whether that folder lies where the volumes of macOS ignore case
   */
  PathPattern placed(boolean fold) {
    if (root == Root.ANYWHERE) {
      return this;
    }
    String canonical = prefix;
    if (root == Root.ABSOLUTE && !prefix.isEmpty()) {
      canonical = PathIdentity.canonical(prefix);
    } else if (fold) {
      canonical = prefix.toLowerCase(Locale.ROOT);
    }
    boolean lower = fold || (root == Root.ABSOLUTE && PathIdentity.folds(canonical));
    return new PathPattern(Root.ABSOLUTE, canonical, lower ? lower(names) : names, below);
  }

  private static List<String> lower(List<String> names) {
    List<String> out = new ArrayList<>();
    for (String name : names) {
      out.add(name.toLowerCase(Locale.ROOT));
    }
    return out;
  }

  /** The first name of every path that it matches, or null when that is not fixed. */
  String firstName() {
    if (root == Root.ANYWHERE || prefix.length() < 2) {
      return null;
    }
    int end = prefix.indexOf('/', 1);
    return prefix.substring(1, end < 0 ? prefix.length() : end);
  }

  boolean matches(String path) {
    if (root == Root.ANYWHERE) {
      if (!names.isEmpty()) {
        return name(names.get(0), PathIdentity.baseName(path))
            && PathIdentity.parent(path).endsWith(prefix);
      }
      if (below) {
        return path.contains(prefix + "/");
      }
      return path.endsWith(prefix);
    }
    if (!path.startsWith(prefix)) {
      return false;
    }
    int at = prefix.length();
    if (at < path.length() && path.charAt(at) != '/') {
      return false;
    }
    for (String name : names) {
      if (at >= path.length()) {
        return false;
      }
      int end = path.indexOf('/', at + 1);
      String actual = path.substring(at + 1, end < 0 ? path.length() : end);
      if (!name(name, actual)) {
        return false;
      }
      at = end < 0 ? path.length() : end;
    }
    return below ? at + 1 < path.length() : at == path.length();
  }

  /** Whether the name matches the pattern with {@code *} in it. */
  static boolean name(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int mark = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
