package dev.quintai.daemon.signatures;

import dev.quintai.core.capability.RegistrableDomain;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom or what a call is about, as one of its arguments says: the other party (a mailbox, a host,
 * an account), a place (a path, a page of a host, an identifier) or any other short value.
 *
 * @param kind what it is
 * @param key how it is known again: hosts by their registrable domain, separators and schemes left
 *     out, in lower case
 * @param mentioned it stood inside a longer text, not in a field of its own
 */
record Entity(Kind kind, String key, boolean mentioned) {

  /** What an entity is. */
  enum Kind {
    MAILBOX,
    HOST,
    ACCOUNT,
    PLACE,
    VALUE;

    /** Whether it is somebody to deal with. */
    boolean isParty() {
      return ordinal() <= ACCOUNT.ordinal();
    }
  }

  private static final Pattern MAILBOX =
      Pattern.compile("[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}");
  private static final Pattern ACCOUNT = Pattern.compile("(?:[a-z]{2})?\\d{8,34}");
  private static final Pattern HOST =
      Pattern.compile(
          "(https?://(?:www\\.)?|www\\.)?"
              + "(localhost|(?:[\\w-]{1,63}\\.){1,8}([a-z]{2,12})|\\d{1,3}(?:\\.\\d{1,3}){3})"
              + "(?::\\d+)?(/.*)?");

  /** Top-level domains by which a name without scheme is told from a file's or a person's. */
  private static final Set<String> TOP_LEVEL =
      Set.of(
          "ai", "app", "biz", "ch", "cloud", "cn", "co", "com", "de", "dev", "edu", "eu", "example",
          "fr", "gov", "in", "info", "io", "it", "jp", "link", "me", "net", "nl", "online", "org",
          "ru", "site", "store", "tech", "to", "uk", "us", "xyz");

  /** Names that belong to nobody (RFC 2606): a model writes them where it knows no better. */
  private static final Pattern NOBODYS = Pattern.compile("(?:.*@)?example\\.(?:com|org|net|edu)");

  /** What a value of an argument is; nothing for this machine. */
  static List<Entity> of(ArgumentValues.Kind found, String value) {
    boolean mentioned = found == ArgumentValues.Kind.EMBEDDED;
    if (MAILBOX.matcher(value).matches()) {
      return List.of(new Entity(Kind.MAILBOX, value, mentioned));
    }
    if (ACCOUNT.matcher(value).matches()) {
      return List.of(new Entity(Kind.ACCOUNT, value, mentioned));
    }
    Matcher url = HOST.matcher(value);
    if (url.matches()
        && (url.group(1) != null || url.group(3) == null || TOP_LEVEL.contains(url.group(3)))) {
      String host = url.group(2);
      if (host.equals("localhost") || host.startsWith("127.")) {
        return List.of();
      }
      String page = url.group(4) == null ? "" : trimmed(url.group(4));
      return page.isEmpty()
          ? List.of(host(host, mentioned))
          : List.of(
              host(host, mentioned), new Entity(Kind.PLACE, squashed(host) + page, mentioned));
    }
    return found == ArgumentValues.Kind.OTHER
        ? List.of(new Entity(Kind.VALUE, value, false))
        : List.of(new Entity(Kind.PLACE, trimmed(value), mentioned));
  }

  /** A host by its registrable domain. */
  static Entity host(String host, boolean mentioned) {
    return new Entity(Kind.HOST, squashed(RegistrableDomain.of(host)), mentioned);
  }

  /** Whether its name is one that belongs to nobody, such as {@code me@example.com}. */
  boolean isNobody() {
    return kind.isParty() && NOBODYS.matcher(key).matches();
  }

  /** The registrable domain of a mailbox, as a host's key. */
  String mailDomain() {
    return squashed(RegistrableDomain.of(key.substring(key.indexOf('@') + 1)));
  }

  /** The name in front of a mailbox's domain. */
  String mailName() {
    return key.substring(0, key.indexOf('@'));
  }

  /** Only letters, digits, dots and at signs, since people write the rest as they like. */
  static String squashed(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    String lower = text.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '@') {
        kept.append(c);
      }
    }
    return kept.toString();
  }

  private static String trimmed(String path) {
    int start = 0;
    int end = path.length();
    if (path.startsWith("//")) {
      start = 1;
    }
    while (end > start + 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(start, end).equals("/") ? "" : path.substring(start, end);
  }
}
