package dev.quintai.core.event;

/**
 * Which sensor delivered an event, and its place in that sensor's own sequence.
 *
 * @param source the sensor's name, for example {@code proxy}, {@code trace} or {@code es}; null
 *     when unknown
 * @param seq gap-free number the sensor gave the event, or {@link #NO_SEQ}
 */
public record Origin(String source, long seq) {

  /** The value of {@link #seq} for sensors that do not number their events. */
  public static final long NO_SEQ = -1;

  /** An event whose sensor is not known. */
  public static final Origin UNKNOWN = new Origin(null, NO_SEQ);

  /** The origin of an event of a sensor that does not number its events. */
  public static Origin of(String source) {
    return source == null ? UNKNOWN : new Origin(source, NO_SEQ);
  }
}
