package dev.quintai.core;

import java.util.List;
import java.util.Locale;

/**
 * Takes secrets out of text that leaves the machine or reaches a screen: values of keys that are
 * named like secrets, {@code Authorization} and {@code Cookie} headers, passwords in URLs and in
 * the usual command-line options, private key blocks, and tokens known by their prefix. What is
 * left tells a person where the secret stood and of what kind it was.
 *
 * <p>Deterministic and idempotent. It reads the text from left to right, in linear time and without
 * backtracking, so hostile text costs no more than other text. It finds secrets by their
 * surroundings, not by guessing at randomness: a bare random word stays. Thread-safe.
 */
public final class Redactor {

  /** What stands in the place of a secret. */
  public static final String MARK = "[redacted]";

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final int MAX_AUTHORITY = 2_048;

  /**
   * What one secret hid may be the name of the next; a second pass nearly always changes nothing.
   */
  private static final int MAX_PASSES = 8;

  private final String text;
  private final StringBuilder out;
  private final boolean netrc;
  private int copied;
  private boolean changed;

  private Redactor(String text) {
    this.text = text;
    this.out = new StringBuilder(text.length());
    this.netrc = text.contains("machine ") && text.contains("login ");
  }

  /** The text without its secrets; the text itself when it holds none, null for null. */
  public static String redact(String text) {
    if (text == null || text.length() < 4) {
      return text;
    }
    String before = text;
    for (int pass = 0; pass < MAX_PASSES; pass++) {
      Redactor redactor = new Redactor(before);
      redactor.run();
      if (!redactor.changed) {
        return before;
      }
      before = redactor.out.toString();
    }
    return before;
  }

  /** The words of a command, joined by spaces, without their secrets. */
  public static String redact(List<String> argv) {
    return redact(String.join(" ", argv));
  }

  /**
   * What is shown in place of the content of a file that holds secrets as a whole.
   *
   * @param name what the file is, for example {@code AWS credentials}
   * @param length how many characters it has
   */
  public static String withheld(String name, long length) {
    return "[" + length + " characters of " + name + " redacted]";
  }

  private void run() {
    int at = 0;
    int length = text.length();
    while (at < length) {
      char c = text.charAt(at);
      if (c == '-' && text.startsWith(BEGIN, at)) {
        at = privateKey(at);
      } else if (c == ':' && text.startsWith("://", at)) {
        at = userInfo(at + 3);
      } else if (isWord(c)) {
        at = word(at);
      } else {
        at++;
      }
    }
    out.append(text, copied, length);
  }

  /** Replaces what lies between, and goes on after it. */
  private int replace(int from, int to, String by) {
    out.append(text, copied, from).append(by);
    copied = to;
    changed = true;
    return to;
  }

  private int privateKey(int at) {
    int lineEnd = text.indexOf("-----", at + BEGIN.length());
    if (lineEnd < 0 || lineEnd - at > 80) {
      return at + BEGIN.length();
    }
    int body = lineEnd + 5;
    if (!text.substring(at, lineEnd).contains("PRIVATE KEY") || text.startsWith(MARK, body)) {
      return body;
    }
    int end = text.indexOf(END, body);
    return replace(body, end < 0 ? text.length() : end, MARK);
  }

  /** The part of a URL before the host; the name stays, the password goes. */
  private int userInfo(int start) {
    int colon = -1;
    int limit = Math.min(text.length(), start + MAX_AUTHORITY);
    for (int i = start; i < limit; i++) {
      char c = text.charAt(i);
      if (c == '@') {
        return colon < 0 || text.startsWith(MARK, colon + 1) || i == colon + 1
            ? start
            : replace(colon + 1, i, MARK);
      } else if (c == ':' && colon < 0) {
        colon = i;
      } else if (c == '/' || c == '?' || c == '#' || c <= ' ' || c == '"' || c == '\'') {
        return start;
      }
    }
    return start;
  }

  /** A run of letters, digits, underscores and dashes: a token, or the name of a secret. */
  private int word(int start) {
    int end = start;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    int token = SecretTokens.endOf(text, start, end);
    if (token > start) {
      return replace(start + SecretTokens.prefixLength(text, start), token, MARK);
    }
    if (end - start > 128) {
      return end;
    }
    String name = text.substring(start, end);
    SecretNames.Kind kind = SecretNames.kindOf(name);
    if (kind != SecretNames.Kind.NONE) {
      return value(kind, end);
    }
    if (netrc && (name.equals("password") || name.equals("account"))) {
      return plainValue(skipBlanks(end));
    }
    return SecretNames.takesUserAndPassword(name) ? userAndPassword(end) : end;
  }

  /** The value after the name of a secret, if one follows. */
  private int value(SecretNames.Kind kind, int nameEnd) {
    int at = nameEnd + quoteAt(nameEnd).length();
    boolean quotedName = at > nameEnd;
    if (at < text.length() && text.charAt(at) == ']') {
      at++; // config['password'] =
    }
    int separator = skipBlanks(at);
    char found = separator < text.length() ? text.charAt(separator) : ' ';
    if (found == '=' || found == ':') {
      int from = skipBlanks(separator + (text.startsWith("=>", separator) ? 2 : 1));
      return switch (kind) {
        case HEADER -> header(from);
        case SHORT -> found == '=' || quotedName ? plainValue(from) : nameEnd;
        default -> plainValue(from);
      };
    }
    int start = nameStart(nameEnd);
    boolean takesNextWord =
        text.charAt(start) == '-' // an option
            || (start >= 4 && text.startsWith("set ", start - 4)) // aws configure set NAME VALUE
            || netrc;
    return kind == SecretNames.Kind.SECRET && takesNextWord && separator > at
        ? plainValue(separator)
        : nameEnd;
  }

  private int nameStart(int nameEnd) {
    int start = nameEnd;
    while (start > 0 && isWord(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  /** The value of a header: what follows its scheme, else the rest of its line or string. */
  private int header(int from) {
    int at = from + quoteAt(from).length();
    int scheme = at;
    while (scheme < text.length() && Character.isLetter(text.charAt(scheme))) {
      scheme++;
    }
    boolean known =
        switch (text.substring(at, Math.min(scheme, at + 16)).toLowerCase(Locale.ROOT)) {
          case "bearer", "basic", "token" -> true;
          default -> false;
        };
    int secret = known ? skipBlanks(scheme) : at;
    if (isReference(secret)) {
      return secret;
    }
    String stops = known ? " \t\"'\\\r\n" : "\"'\\\r\n";
    int end = secret;
    while (end < text.length() && stops.indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return end == secret ? end : replace(secret, end, MARK);
  }

  private int plainValue(int from) {
    String quote = quoteAt(from);
    int start = from + quote.length();
    int end = start;
    if (isReference(start)) {
      return start;
    }
    if (quote.isEmpty()) {
      while (end < text.length()
          && (text.startsWith(MARK, end)
              || " \t\r\n,;&|)}]\"'<>\\`".indexOf(text.charAt(end)) < 0)) {
        end += text.startsWith(MARK, end) ? MARK.length() : 1;
      }
    } else {
      char last = quote.charAt(quote.length() - 1);
      while (end < text.length() && text.charAt(end) != last) {
        boolean escape = text.charAt(end) == '\\' && quote.length() == 1;
        end = Math.min(text.length(), end + (escape ? 2 : 1));
      }
      if (quote.length() == 2 && end > start && text.charAt(end - 1) == '\\') {
        end--;
      }
    }
    return end == start || isPlainWord(start, end) ? start : replace(start, end, MARK);
  }

  /** {@code -u name:password} of curl and its kind; numbers are user and group ids. */
  private int userAndPassword(int optionEnd) {
    int from = skipBlanks(optionEnd);
    if (from == optionEnd && !(from < text.length() && text.charAt(from) == '=')) {
      return optionEnd;
    }
    if (from < text.length() && text.charAt(from) == '=') {
      from++;
    }
    from += quoteAt(from).length();
    int colon = -1;
    int end = from;
    boolean numeric = true;
    while (end < text.length() && " \t\r\n\"'\\".indexOf(text.charAt(end)) < 0) {
      char c = text.charAt(end);
      if (c == ':' && colon < 0) {
        colon = end;
      } else if (c < '0' || c > '9') {
        numeric = false;
      }
      end++;
    }
    boolean url = colon >= 0 && text.startsWith("://", colon);
    return colon < 0 || numeric || url || end == colon + 1 || isReference(colon + 1)
        ? optionEnd
        : replace(colon + 1, end, MARK);
  }

  private String quoteAt(int at) {
    if (at >= text.length()) {
      return "";
    }
    if (text.startsWith("\\\"", at)) {
      return "\\\"";
    }
    char c = text.charAt(at);
    return c == '"' ? "\"" : c == '\'' ? "'" : "";
  }

  /** A variable, our own mark, or a structure, whose own names are read next. */
  private boolean isReference(int at) {
    return at < text.length() && "$[{(".indexOf(text.charAt(at)) >= 0;
  }

  /** Words of a language that are no secret. */
  private boolean isPlainWord(int from, int to) {
    if (to - from > 9) {
      return false;
    }
    return switch (text.substring(from, to)) {
      case "true", "false", "null", "None", "none", "undefined" -> true;
      default -> false;
    };
  }

  private int skipBlanks(int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
