package dev.quintai.core.platform;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of paths by which signatures know their programs. Each begins with a slash, so a walk
 * from slash to slash finds all that a path holds; the letter behind the slash tells which of them
 * to compare.
 */
final class PathParts {
  private static final int LETTERS = 128;

  /**
   * A part.
   *
   * @param order the place of its signature: where several match, the first one wins
   * @param below whether anything may follow
   */
  private record Part(
      String text, boolean below, boolean scriptOnly, int order, PlatformSignature signature) {
    boolean in(String path, int at) {
      if (!path.startsWith(text, at) || path.indexOf(text) != at) {
        return false;
      }
      int end = at + text.length();
      if (below) {
        return path.length() > end;
      }
      return text.endsWith("/")
          ? end < path.length() && path.indexOf('/', end) < 0
          : end == path.length();
    }
  }

  private final List<List<Part>> byLetter = new ArrayList<>();

  PathParts(List<PlatformSignature> signatures) {
    for (int i = 0; i < LETTERS; i++) {
      byLetter.add(new ArrayList<>(0));
    }
    for (int i = 0; i < signatures.size(); i++) {
      PlatformSignature each = signatures.get(i);
      for (String part : each.paths()) {
        add(part, false, i, each);
      }
      for (String part : each.scriptPaths()) {
        add(part, true, i, each);
      }
    }
  }

  private void add(String part, boolean scriptOnly, int order, PlatformSignature signature) {
    boolean below = part.endsWith("**");
    String text = below ? part.substring(0, part.length() - 2) : part;
    Part added = new Part(text, below, scriptOnly, order, signature);
    if (text.length() == 1) {
      byLetter.forEach(some -> some.add(added)); // any letter may follow
    } else {
      byLetter.get(letter(text, 1)).add(added);
    }
  }

  private static int letter(String path, int at) {
    return at < path.length() ? path.charAt(at) % LETTERS : 0;
  }

  /** The first signature that has a part in the path, or null. */
  PlatformSignature find(String path, boolean script) {
    Part best = null;
    for (int at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      List<Part> some = byLetter.get(letter(path, at + 1));
      for (int i = 0; i < some.size(); i++) {
        Part part = some.get(i);
        if ((script || !part.scriptOnly)
            && (best == null || part.order < best.order)
            && part.in(path, at)) {
          best = part;
        }
      }
    }
    return best == null ? null : best.signature;
  }
}
