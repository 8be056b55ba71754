package dev.quintai.daemon.signatures;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values in a call's arguments that say whom or what it is about: fields that name a
 * destination or a target, short values, and addresses, hosts, paths and account numbers inside
 * longer text.
 */
final class ArgumentValues {

  /** What a value was found as. */
  enum Kind {
    /** The value of a field that names a destination or target. */
    TARGET,
    /** An address, host, path or number inside a longer text. */
    EMBEDDED,
    /** Any other short value. */
    OTHER
  }

  /** Takes the values one by one, in lower case. */
  interface Taker {
    void take(Kind kind, String value);
  }

  private static final int MAX_VALUES = 512;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_TARGET = 200;
  private static final int MAX_OTHER = 40;
  private static final int MAX_TEXT = 16_384;

  private static final Pattern TARGET_FIELD =
      Pattern.compile(
          "recipient|^to$|email|url|user|channel|participant|path|dir|file|host|address|account"
              + "|iban|domain|server|^id$|_id$",
          Pattern.CASE_INSENSITIVE);

  // Quantifiers are possessive or bounded by what follows, so that no text takes long.
  private static final Pattern EMBEDDED =
      Pattern.compile(
          "[\\w.+-]{1,64}+@[\\w-]{1,63}+(?:\\.[\\w-]{1,63}+){1,8}+"
              + "|(?:https?://)?+[\\w-]{1,63}+(?:\\.[\\w-]{1,63}+){1,8}+(?:/[\\w./-]{0,200}+)?+"
              + "|/[\\w./-]{2,200}+"
              + "|\\b[A-Z]{2}\\d{8,34}+\\b"
              + "|\\b\\d{6,34}+\\b");

  private int left = MAX_VALUES;
  private final Taker taker;

  private ArgumentValues(Taker taker) {
    this.taker = taker;
  }

  /** Delivers the values of an argument tree; the first 512 of them. */
  static void each(Object arguments, Taker taker) {
    new ArgumentValues(taker).walk("", arguments, 0);
  }

  private void walk(String field, Object value, int depth) {
    if (left <= 0 || depth > MAX_DEPTH) {
      return;
    }
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        walk((String) entry.getKey(), entry.getValue(), depth + 1);
      }
    } else if (value instanceof List<?> list) {
      for (Object item : list) {
        walk(field, item, depth + 1);
      }
    } else if (value != null && !(value instanceof Boolean)) {
      text(field, value.toString());
    }
  }

  private void text(String field, String raw) {
    String text = raw.length() > MAX_TEXT ? raw.substring(0, MAX_TEXT) : raw;
    String whole = text.strip().toLowerCase(Locale.ROOT);
    if (whole.isEmpty()) {
      return;
    }
    if (whole.length() < MAX_TARGET && TARGET_FIELD.matcher(field).find()) {
      take(Kind.TARGET, whole);
    } else if (whole.length() < MAX_OTHER) {
      take(Kind.OTHER, whole);
    }
    Matcher matcher = EMBEDDED.matcher(text);
    while (left > 0 && matcher.find()) {
      String found = trimDots(matcher.group().toLowerCase(Locale.ROOT));
      if (!found.equals(whole)) {
        take(Kind.EMBEDDED, found);
      }
    }
  }

  private void take(Kind kind, String value) {
    if (left > 0) {
      left--;
      taker.take(kind, value);
    }
  }

  private static String trimDots(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && text.charAt(start) == '.') {
      start++;
    }
    while (end > start && text.charAt(end - 1) == '.') {
      end--;
    }
    return text.substring(start, end);
  }
}
