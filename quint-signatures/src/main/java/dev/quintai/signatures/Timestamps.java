package dev.quintai.signatures;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times of RFC 3339. */
final class Timestamps {
  // Digits beyond a nanosecond are allowed and mean nothing here.
  private static final Pattern RFC_3339 =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2})(\\.\\d{1,9})?\\d*(Z|[+-]\\d{2}:\\d{2})");

  private Timestamps() {}

  /** The instant that a text means, or null when it is no date and time of RFC 3339. */
  static Instant parse(String text) {
    if (text.length() > 64) {
      return null;
    }
    Matcher matcher = RFC_3339.matcher(text.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      return null;
    }
    String fraction = matcher.group(2) == null ? "" : matcher.group(2);
    try {
      return OffsetDateTime.parse(matcher.group(1) + fraction + matcher.group(3)).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
