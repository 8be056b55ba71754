package dev.quintai.signatures.json;

/** Makes foreign text fit for a message: one line, no control characters, bounded. */
public final class Clean {
  private static final int MAX = 200;

  private Clean() {}

  /** The text with control characters replaced by spaces, cut at 200 characters. */
  public static String text(String raw) {
    if (raw == null) {
      return "";
    }
    StringBuilder out = new StringBuilder(Math.min(raw.length(), MAX));
    for (int i = 0; i < raw.length() && out.length() < MAX; i++) {
      char c = raw.charAt(i);
      out.append(Character.isISOControl(c) || Character.isSurrogate(c) ? ' ' : c);
    }
    return out.toString();
  }
}
