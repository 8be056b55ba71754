package dev.quintai.core.shell;

import java.util.Objects;

/**
 * A word after the expansions that can be done without running anything.
 *
 * @param text its text; each piece that cannot be known stands as one {@link #UNKNOWN}
 * @param many whether it may become any number of words, none included (an unquoted expansion)
 * @param glob whether it holds a pattern that the shell replaces by the names of files
 */
public record ResolvedWord(String text, boolean many, boolean glob) {

  /** Stands for a piece that cannot be known: OBJECT REPLACEMENT CHARACTER. */
  public static final char UNKNOWN = '\uFFFC';

  public ResolvedWord {
    Objects.requireNonNull(text, "text");
  }

  /** A word that is known throughout. */
  public static ResolvedWord of(String text) {
    return new ResolvedWord(text, false, false);
  }

  /** Whether it is known throughout. */
  public boolean exact() {
    return !many && text.indexOf(UNKNOWN) < 0;
  }

  /** Whether nothing of it is known. */
  public boolean opaque() {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != UNKNOWN) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** The text where it is known throughout, else null. */
  public String exactText() {
    return exact() ? text : null;
  }

  /** Whether the actual word can have come from this one: unknown pieces match any text. */
  public boolean matches(String actual) {
    int gap = text.indexOf(UNKNOWN);
    if (gap < 0) {
      return text.equals(actual);
    }
    if (!actual.startsWith(text.substring(0, gap))) {
      return false;
    }
    int at = gap;
    int from = gap + 1;
    while (true) {
      int next = text.indexOf(UNKNOWN, from);
      if (next < 0) {
        String tail = text.substring(from);
        return actual.length() - at >= tail.length() && actual.endsWith(tail);
      }
      String piece = text.substring(from, next);
      int found = actual.indexOf(piece, at);
      if (found < 0) {
        return false;
      }
      at = found + piece.length();
      from = next + 1;
    }
  }

  @Override
  public String toString() {
    return text.replace(UNKNOWN, '\u2026');
  }
}
