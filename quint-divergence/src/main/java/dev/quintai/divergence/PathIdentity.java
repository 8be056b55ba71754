package dev.quintai.divergence;

import java.util.Locale;

/**
 * When two spellings of a path are the same file, as far as text can tell: {@code .} and {@code ..}
 * resolved, {@code ~} the home, relative paths below a working directory, {@code /private} of macOS
 * left out, {@code file:} URLs taken for paths. On macOS volumes case does not count.
 *
 * <p>Links are followed by the operating system: compare both names that an event has.
 */
final class PathIdentity {
  private static final String[] MAC_FOLDERS = {
    "/Users", "/Library", "/Applications", "/Volumes", "/System"
  };

  private PathIdentity() {}

  /**
   * The canonical form, or null when the path is relative and no base is known.
   *
   * @param path as written
   * @param cwd absolute, or null
   * @param home absolute, or null
   */
  static String canonical(String path, String cwd, String home) {
    String text = path;
    if (text.startsWith("file://")) {
      text = text.substring("file://".length());
    }
    if (text.startsWith("~")) {
      if (home == null || !(text.length() == 1 || text.charAt(1) == '/')) {
        return null;
      }
      text = home + text.substring(1);
    }
    if (!text.startsWith("/")) {
      if (cwd == null) {
        return null;
      }
      text = cwd + "/" + text;
    }
    return fold(withoutPrivate(normalize(text)));
  }

  /** The canonical form of an absolute path of an event. */
  static String canonical(String path) {
    return fold(withoutPrivate(simple(path) ? path : normalize(path)));
  }

  /** Whether nothing of an absolute path needs to be resolved; most need nothing. */
  private static boolean simple(String path) {
    if (path.isEmpty() || path.charAt(0) != '/' || path.length() == 1) {
      return false;
    }
    if (path.charAt(path.length() - 1) == '/') {
      return false;
    }
    for (int at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      if (at + 1 < path.length()) {
        char next = path.charAt(at + 1);
        if (next == '/' || (next == '.' && dots(path, at + 1))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean dots(String path, int at) {
    int end = path.indexOf('/', at);
    int length = (end < 0 ? path.length() : end) - at;
    return length == 1 || (length == 2 && path.charAt(at + 1) == '.');
  }

  static String normalize(String path) {
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

  private static String withoutPrivate(String path) {
    if (path.startsWith("/private/")
        && (path.startsWith("tmp", 9) || path.startsWith("var", 9) || path.startsWith("etc", 9))
        && (path.length() == 12 || path.charAt(12) == '/')) {
      return path.substring("/private".length());
    }
    return path;
  }

  /** The volumes of macOS ignore case; their top folders are named like nothing on Linux. */
  private static String fold(String path) {
    if (path.length() > 1 && path.charAt(1) <= 'Z') {
      for (String folder : MAC_FOLDERS) {
        if (within(path, folder)) {
          return path.toLowerCase(Locale.ROOT);
        }
      }
    }
    return path;
  }

  /** Whether the canonical path lies where the volumes of macOS ignore case. */
  static boolean folds(String canonical) {
    return canonical.startsWith("/users/")
        || canonical.startsWith("/library")
        || canonical.startsWith("/applications")
        || canonical.startsWith("/volumes/")
        || canonical.startsWith("/system");
  }

  /** Whether the canonical path is strictly below the canonical folder. */
  static boolean below(String path, String folder) {
    if (folder.equals("/")) {
      return path.length() > 1;
    }
    return path.length() > folder.length() + 1
        && path.charAt(folder.length()) == '/'
        && path.startsWith(folder);
  }

  /** Whether it is the folder or below it. */
  static boolean within(String path, String folder) {
    return path.equals(folder) || below(path, folder);
  }

  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A relative path that leaves the folder it starts in. */
  static boolean leaves(String written) {
    if (written.startsWith("/") || written.startsWith("~") || written.startsWith("file:")) {
      return false;
    }
    int depth = 0;
    int from = 0;
    while (from < written.length()) {
      int slash = written.indexOf('/', from);
      int to = slash < 0 ? written.length() : slash;
      if (to - from == 2 && written.startsWith("..", from)) {
        if (--depth < 0) {
          return true;
        }
      } else if (to > from && !(to - from == 1 && written.charAt(from) == '.')) {
        depth++;
      }
      from = to + 1;
    }
    return false;
  }

  /** The home that contains the path by the customs of Linux and macOS, or null. */
  static String homeOf(String path) {
    if (path == null) {
      return null;
    }
    if (path.equals("/root") || path.startsWith("/root/")) {
      return "/root";
    }
    if (path.equals("/var/root") || path.startsWith("/var/root/")) {
      return "/var/root";
    }
    for (String folder : new String[] {"/home/", "/Users/"}) {
      if (path.startsWith(folder) && path.length() > folder.length()) {
        int end = path.indexOf('/', folder.length());
        return end < 0 ? path : path.substring(0, end);
      }
    }
    return null;
  }

  /** Folders for temporary files, where anybody may put a program. */
  static boolean temporary(String path) {
    return path.startsWith("/tmp/")
        || path.startsWith("/var/tmp/")
        || path.startsWith("/dev/shm/")
        || path.startsWith("/var/folders/")
        || path.startsWith("/private/tmp/")
        || path.startsWith("/private/var/");
  }
}
