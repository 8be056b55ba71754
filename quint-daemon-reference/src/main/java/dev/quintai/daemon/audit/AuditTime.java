package dev.quintai.daemon.audit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Timestamps of the log: RFC 3339, UTC, milliseconds, so that text order is time order. */
final class AuditTime {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final long FIRST_MS = Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
  private static final long LAST_MS = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
  private static final String PATTERN = "0000-00-00T00:00:00.000Z";

  private AuditTime() {}

  /** A time outside the years 0 to 9999, which RFC 3339 cannot write, becomes the nearest. */
  static String format(Instant time) {
    Instant clamped = time;
    if (time.isBefore(Instant.ofEpochMilli(FIRST_MS))) {
      clamped = Instant.ofEpochMilli(FIRST_MS);
    } else if (time.isAfter(Instant.ofEpochMilli(LAST_MS))) {
      clamped = Instant.ofEpochMilli(LAST_MS);
    }
    return FORMAT.format(clamped);
  }

  /** Whether {@code text} has exactly the form that {@link #format} writes. */
  static boolean hasForm(String text) {
    if (text == null || text.length() != PATTERN.length()) {
      return false;
    }
    for (int i = 0; i < PATTERN.length(); i++) {
      char c = text.charAt(i);
      char p = PATTERN.charAt(i);
      if (p == '0' ? c < '0' || c > '9' : c != p) {
        return false;
      }
    }
    return true;
  }

  static String plusOneMillisecond(String time) {
    return format(Instant.parse(time).plusMillis(1));
  }

  static String later(String a, String b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
