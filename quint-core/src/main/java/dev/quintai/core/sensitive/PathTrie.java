package dev.quintai.core.sensitive;

import java.util.ArrayList;
import java.util.List;

/**
 * Path patterns as a trie over path segments. A look-up walks the path once and allocates nothing,
 * since it runs for every file event.
 *
 * <p>A pattern is a list of segments: literal names; {@code *} for any one name; as the last one
 * also {@code prefix*suffix} for names, or {@code **} for everything below. The most specific
 * pattern wins: the deepest, then literal before {@code prefix*suffix} before {@code *} before
 * {@code **}.
 */
final class PathTrie<T> {

  private record Glob<T>(String prefix, String suffix, T value) {
    boolean matches(String path, int start, int end, boolean ignoreCase) {
      int length = end - start;
      return length >= prefix.length() + suffix.length()
          && path.regionMatches(ignoreCase, start, prefix, 0, prefix.length())
          && path.regionMatches(ignoreCase, end - suffix.length(), suffix, 0, suffix.length());
    }
  }

  /** A folder or file of the patterns. The children are an open-addressed table of names. */
  private static final class Node<T> {
    private String[] names = new String[4];
    private Object[] children = new Object[4];
    private int size;
    private Node<T> any;
    private final List<Glob<T>> globs = new ArrayList<>(0);
    private T value;
    private T below;

    private Node<T> child(String path, int start, int end, boolean ignoreCase) {
      int mask = names.length - 1;
      for (int i = hash(path, start, end) & mask; names[i] != null; i = (i + 1) & mask) {
        if (names[i].length() == end - start
            && path.regionMatches(ignoreCase, start, names[i], 0, end - start)) {
          return at(i);
        }
      }
      return null;
    }

    @SuppressWarnings("unchecked") // only Node<T> is ever put there
    private Node<T> at(int i) {
      return (Node<T>) children[i];
    }

    private Node<T> childForWriting(String name) {
      Node<T> found = child(name, 0, name.length(), false);
      if (found != null) {
        return found;
      }
      if ((size + 1) * 2 > names.length) {
        grow();
      }
      Node<T> added = new Node<>();
      put(name, added);
      size++;
      return added;
    }

    private void put(String name, Object node) {
      int mask = names.length - 1;
      int i = hash(name, 0, name.length()) & mask;
      while (names[i] != null) {
        i = (i + 1) & mask;
      }
      names[i] = name;
      children[i] = node;
    }

    private void grow() {
      String[] oldNames = names;
      Object[] oldChildren = children;
      names = new String[oldNames.length * 2];
      children = new Object[oldNames.length * 2];
      for (int i = 0; i < oldNames.length; i++) {
        if (oldNames[i] != null) {
          put(oldNames[i], oldChildren[i]);
        }
      }
    }

    private T leaf(String path, int start, int end, boolean ignoreCase) {
      Node<T> literal = child(path, start, end, ignoreCase);
      if (literal != null && literal.value != null) {
        return literal.value;
      }
      for (int i = 0; i < globs.size(); i++) {
        if (globs.get(i).matches(path, start, end, ignoreCase)) {
          return globs.get(i).value;
        }
      }
      return any != null ? any.value : null;
    }
  }

  private final Node<T> root = new Node<>();

  /**
   * Adds a pattern; a later one replaces an equal earlier one.
   *
   * @throws IllegalArgumentException when a wildcard stands where none can be
   */
  void add(String pattern, T value) {
    Node<T> node = root;
    String[] segments = pattern.split("/");
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      boolean last = i == segments.length - 1;
      if (segment.isEmpty()) {
        continue;
      }
      int star = segment.indexOf('*');
      if (segment.equals("**") && last) {
        node.below = value;
        return;
      } else if (segment.equals("*")) {
        if (node.any == null) {
          node.any = new Node<>();
        }
        node = node.any;
      } else if (star >= 0) {
        if (!last || segment.indexOf('*', star + 1) >= 0) {
          throw new IllegalArgumentException(
              "one wildcard in the last name only, or * for a whole name: " + pattern);
        }
        Glob<T> glob = new Glob<>(segment.substring(0, star), segment.substring(star + 1), value);
        node.globs.removeIf(
            g -> g.prefix().equals(glob.prefix()) && g.suffix().equals(glob.suffix()));
        node.globs.add(0, glob);
        return;
      } else {
        node = node.childForWriting(segment);
      }
    }
    node.value = value;
  }

  /** The value of the most specific pattern that matches the path from {@code from}, or null. */
  T find(String path, int from, boolean ignoreCase) {
    int length = path.length();
    while (length > from && path.charAt(length - 1) == '/') {
      length--;
    }
    Node<T> node = root;
    T best = null;
    int start = from;
    while (node != null && start < length) {
      if (path.charAt(start) == '/') {
        start++;
        continue;
      }
      int slash = path.indexOf('/', start);
      int end = slash < 0 || slash > length ? length : slash;
      if (node.below != null) {
        best = node.below;
      }
      if (end == length) {
        T leaf = node.leaf(path, start, end, ignoreCase);
        return leaf != null ? leaf : best;
      }
      Node<T> next = node.child(path, start, end, ignoreCase);
      node = next != null ? next : node.any;
      start = end + 1;
    }
    return best;
  }

  /** Case is folded, so that both kinds of look-up find the same slot. */
  private static int hash(String text, int start, int end) {
    int h = 0;
    for (int i = start; i < end; i++) {
      h = 31 * h + lower(text.charAt(i));
    }
    return h ^ (h >>> 15);
  }

  private static char lower(char c) {
    if (c < 128) {
      return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
    return Character.toLowerCase(Character.toUpperCase(c));
  }
}
