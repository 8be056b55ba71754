package dev.quintai.core.sensitive;

/** Questions about canonical absolute paths, answered without allocating. */
final class Paths {
  private static final String[] TEMPORARY = {
    "/tmp/",
    "/var/tmp/",
    "/dev/shm/",
    "/private/tmp/",
    "/private/var/tmp/",
    "/private/var/folders/",
    "/var/folders/"
  };

  private Paths() {}

  static String baseName(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
  }

  static boolean isTemporary(String path) {
    for (String folder : TEMPORARY) {
      if (path.startsWith(folder)) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code path} is strictly below {@code folder}; never below the root folder. */
  static boolean isBelow(String path, String folder) {
    int end = folder.length();
    while (end > 0 && folder.charAt(end - 1) == '/') {
      end--;
    }
    return end > 0
        && path.length() > end + 1
        && path.charAt(end) == '/'
        && path.regionMatches(0, folder, 0, end);
  }

  static boolean isHomeOrRoot(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return end == 0 || homeEnd(path) == end;
  }

  /**
   * Where the home directory that a path lies in (or is) ends, by the customs of Linux and macOS,
   * or -1: {@code /home/x}, {@code /var/home/x}, {@code /Users/x}, {@code /root}, {@code
   * /var/root}.
   */
  static int homeEnd(String path) {
    int from = afterPrivate(path);
    int end = folderBelow(path, from, "/home/");
    if (end < 0) {
      end = folderBelow(path, from, "/Users/");
    }
    if (end < 0) {
      end = folderBelow(path, from, "/var/home/");
    }
    if (end < 0) {
      end = exactFolder(path, from, "/root");
    }
    if (end < 0) {
      end = exactFolder(path, from, "/var/root");
    }
    return end;
  }

  /** 8 where macOS shows {@code /var}, {@code /tmp} or {@code /etc} by their place, else 0. */
  static int afterPrivate(String path) {
    return path.startsWith("/private/")
            && (path.startsWith("var/", 9)
                || path.startsWith("tmp/", 9)
                || path.startsWith("etc/", 9))
        ? 8
        : 0;
  }

  private static int folderBelow(String path, int from, String parent) {
    if (!path.startsWith(parent, from)) {
      return -1;
    }
    int start = from + parent.length();
    int slash = path.indexOf('/', start);
    int end = slash < 0 ? path.length() : slash;
    return end > start ? end : -1;
  }

  private static int exactFolder(String path, int from, String folder) {
    int end = from + folder.length();
    return path.startsWith(folder, from) && (path.length() == end || path.charAt(end) == '/')
        ? end
        : -1;
  }
}
