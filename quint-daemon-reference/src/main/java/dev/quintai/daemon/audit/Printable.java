package dev.quintai.daemon.audit;

/** Text from a log on its way to a person: a log is hostile input, and so may be its text. */
final class Printable {
  private static final int MAX = 200;

  private Printable() {}

  /** One line without control or formatting characters, cut to 200 characters. */
  static String of(String text) {
    if (text == null) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length() && out.length() < MAX) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int type = Character.getType(c);
      boolean hidden =
          type == Character.CONTROL
              || type == Character.FORMAT
              || type == Character.SURROGATE
              || type == Character.LINE_SEPARATOR
              || type == Character.PARAGRAPH_SEPARATOR
              || type == Character.UNASSIGNED
              || type == Character.PRIVATE_USE;
      out.appendCodePoint(hidden ? 0xFFFD : c);
    }
    return i < text.length() ? out.append('…').toString() : out.toString();
  }
}
