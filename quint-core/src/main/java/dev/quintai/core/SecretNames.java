package dev.quintai.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which names stand before secrets: fields, variables, options and headers. */
final class SecretNames {

  enum Kind {
    NONE,
    /** The value is a secret. */
    SECRET,
    /** A secret only where the name is not part of running text. */
    SHORT,
    /** A header whose value goes to the end of its line. */
    HEADER
  }

  private static final Set<String> HEADERS =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

  /** Words that make a secret of whatever they end. */
  private static final List<String> SECRETS =
      List.of("password", "passwd", "passphrase", "passcode", "secret", "token", "apikey");

  /** Words that make a secret of a following {@code key}. */
  private static final Set<String> KEYS =
      Set.of(
          "api",
          "access",
          "secret",
          "private",
          "signing",
          "encryption",
          "account",
          "auth",
          "master",
          "shared",
          "service",
          "storage",
          "license");

  private SecretNames() {}

  static Kind kindOf(String name) {
    if (name.length() < 3) {
      return Kind.NONE;
    }
    List<String> words = words(name);
    if (words.isEmpty()) {
      return Kind.NONE;
    }
    if (HEADERS.contains(String.join("-", words))) {
      return Kind.HEADER;
    }
    String last = words.get(words.size() - 1);
    String before = words.size() > 1 ? words.get(words.size() - 2) : "";
    for (String secret : SECRETS) {
      if (last.endsWith(secret)) {
        return Kind.SECRET;
      }
    }
    if (last.equals("key") && KEYS.contains(before)) {
      return Kind.SECRET;
    }
    if (last.equals("id") && before.equals("key") && words.contains("access")) {
      return Kind.SECRET;
    }
    boolean pwd = last.equals("pwd") && !before.isEmpty();
    boolean signature = last.equals("signature") || last.equals("sig");
    return pwd || signature || last.equals("auth") || last.equals("accesskey")
        ? Kind.SHORT
        : Kind.NONE;
  }

  /** Options of curl and wget-like programs that take {@code name:password}. */
  static boolean takesUserAndPassword(String option) {
    return option.equals("-u")
        || option.equals("-U")
        || option.equals("--user")
        || option.equals("--proxy-user");
  }

  /** The words of a name, split at dashes, underscores and changes of case, in lower case. */
  static List<String> words(String name) {
    List<String> words = new ArrayList<>(4);
    int start = 0;
    for (int i = 0; i <= name.length(); i++) {
      boolean end = i == name.length() || name.charAt(i) == '_' || name.charAt(i) == '-';
      boolean hump =
          !end
              && i > start
              && Character.isUpperCase(name.charAt(i))
              && (Character.isLowerCase(name.charAt(i - 1))
                  || (i + 1 < name.length() && Character.isLowerCase(name.charAt(i + 1))));
      if (end || hump) {
        if (i > start) {
          words.add(name.substring(start, i).toLowerCase(Locale.ROOT));
        }
        start = end ? i + 1 : i;
      }
    }
    return words;
  }
}
