package dev.quintai.core.shell;

/** The operators of <code>${name...}</code> on values that are known. */
final class ParameterOperators {
  /** Longer values are not matched against patterns. */
  private static final int MAX_MATCH = 512;

  private ParameterOperators() {}

  /**
   * The value after the operator, or null when it cannot be known.
   *
   * @param operator as in {@link WordPart.Parameter#operator()}
   * @param value the variable's value, or null when that cannot be known
   * @param operand the operator's word
   */
  static String apply(String operator, String value, ResolvedWord operand) {
    if (value == null) {
      return null; // set or not, in the environment or not: unknown either way
    }
    return switch (operator) {
      case "" -> value;
      case "length" -> String.valueOf(value.codePointCount(0, value.length()));
      case ":-", ":=", ":?" -> value.isEmpty() ? operand.exactText() : value;
      case "-", "=", "?" -> value;
      case ":+" -> value.isEmpty() ? "" : operand.exactText();
      case "+" -> operand.exactText();
      case "#" -> strip(value, operand.exactText(), true, false);
      case "##" -> strip(value, operand.exactText(), true, true);
      case "%" -> strip(value, operand.exactText(), false, false);
      case "%%" -> strip(value, operand.exactText(), false, true);
      case "^^" -> operand.text().isEmpty() ? value.toUpperCase(java.util.Locale.ROOT) : null;
      case ",," -> operand.text().isEmpty() ? value.toLowerCase(java.util.Locale.ROOT) : null;
      default -> null;
    };
  }

  private static String strip(String value, String pattern, boolean front, boolean longest) {
    if (pattern == null || value.length() > MAX_MATCH || pattern.length() > 64) {
      return null;
    }
    for (int i = 0; i <= value.length(); i++) {
      int length = longest ? value.length() - i : i;
      if (front && matches(pattern, value.substring(0, length))) {
        return value.substring(length);
      }
      if (!front && matches(pattern, value.substring(value.length() - length))) {
        return value.substring(0, value.length() - length);
      }
    }
    return value;
  }

  /** Whether the pattern of {@code *} and {@code ?} matches; brackets are plain text here. */
  private static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = t;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
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
