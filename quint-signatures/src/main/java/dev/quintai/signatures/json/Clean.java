package dev.quintai.signatures.json;

/** Makes foreign text fit for a message: one line, no control characters, bounded. */
public final class Clean {
  private static final int MAX = 200;

  private Clean() {}

  /**
   * The text with spaces in place of what is not seen or changes how the rest is seen (control
   * characters, marks of direction, other kinds of line ends), cut at 200 characters.
   */
  public static String text(String raw) {
    if (raw == null) {
      return "";
    }
    StringBuilder out = new StringBuilder(Math.min(raw.length(), MAX));
    for (int i = 0; i < raw.length() && out.length() < MAX; i++) {
      char c = raw.charAt(i);
      out.append(isHidden(c) || Character.isSurrogate(c) ? ' ' : c);
    }
    return out.toString();
  }

  /** Whether a character is not seen itself, but changes how others are. */
  public static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
