package dev.quintai.daemon.audit;

/**
 * Makes text safe to hash and to store. A lone surrogate has no UTF-8 form and two different texts
 * would hash alike, so it becomes U+FFFD; so does NUL, at which SQLite's text functions and the
 * shell's dump stop. Text over the limit is cut at a character and says so itself.
 */
final class SafeText {
  private SafeText() {}

  /**
   * Returns {@code text} itself when nothing has to change.
   *
   * @param text the text, or null
   * @param maxBytes how many bytes of UTF-8 are kept; the mark that says so comes on top
   */
  static String of(String text, int maxBytes) {
    if (text == null) {
      return null;
    }
    int end = text.length();
    long bytes = 0;
    boolean unsafe = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int width;
      int step = 0;
      if (c == 0) {
        width = 3; // that of its replacement
        unsafe = true;
      } else if (c < 0x80) {
        width = 1;
      } else if (c < 0x800) {
        width = 2;
      } else if (isPair(text, i)) {
        width = 4;
        step = 1;
      } else {
        width = 3;
        unsafe |= Character.isSurrogate(c);
      }
      if (bytes <= maxBytes && bytes + width > maxBytes) {
        end = i;
      }
      bytes += width;
      i += step;
    }
    boolean cut = bytes > maxBytes;
    if (!cut && !unsafe) {
      return text;
    }
    if (!cut) {
      return replaceUnsafe(text, end);
    }
    String kept = unsafe ? replaceUnsafe(text, end) : text.substring(0, end);
    return kept + mark(maxBytes, bytes);
  }

  /** The mark at the end of text that was cut. */
  static String mark(int maxBytes, long bytes) {
    return "[quint: truncated to " + maxBytes + " of " + bytes + " bytes]";
  }

  private static boolean isPair(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1));
  }

  private static String replaceUnsafe(String text, int end) {
    StringBuilder out = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (i + 1 < end && isPair(text, i)) {
        out.append(c).append(text.charAt(++i));
      } else {
        out.append(c == 0 || Character.isSurrogate(c) ? '\uFFFD' : c);
      }
    }
    return out.toString();
  }
}
