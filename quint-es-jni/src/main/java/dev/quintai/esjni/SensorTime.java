package dev.quintai.esjni;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Times as sensors write them. */
final class SensorTime {

  /** What fits into 64 bits of nanoseconds: up to the year 2262. */
  private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000_000L - 1;

  private SensorTime() {}

  /** An RFC 3339 time, in nanoseconds since the Unix epoch. */
  static long nanos(String field, String text) throws BadLineException {
    Instant instant;
    try {
      instant = OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new BadLineException(field, "an RFC 3339 time");
    }
    return seconds(field, instant.getEpochSecond()) + instant.getNano();
  }

  /** Whole seconds since the Unix epoch, in nanoseconds. */
  static long seconds(String field, long seconds) throws BadLineException {
    if (seconds < 0 || seconds > MAX_SECONDS) {
      throw new BadLineException(field, "a time from 1970 to 2261");
    }
    return seconds * 1_000_000_000L;
  }
}
