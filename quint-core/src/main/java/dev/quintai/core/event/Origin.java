package dev.quintai.core.event;

/**
 * Which sensor delivered an event, and its place in that sensor's own sequence.
 *
 * @param source the sensor's name, for example {@code proxy}, {@code trace} or {@code es}, followed
 *     by {@link #REFUSED} for an act that it refused; null when unknown
 * @param seq gap-free number the sensor gave the event, or {@link #NO_SEQ}
 */
public record Origin(String source, long seq) {

  /** The value of {@link #seq} for sensors that do not number their events. */
  public static final long NO_SEQ = -1;

  /** An event whose sensor is not known. */
  public static final Origin UNKNOWN = new Origin(null, NO_SEQ);

  /** Ends the source of an act that the sensor refused, so that it did not happen. */
  public static final String REFUSED = "/refused";

  /** Whether the sensor refused the act: it was tried and did not happen. */
  public boolean refused() {
    return source != null && source.endsWith(REFUSED);
  }

  /** The sensor's name, whether it refused the act or not; null when unknown. */
  public String sensor() {
    return refused() ? source.substring(0, source.length() - REFUSED.length()) : source;
  }

  /** The origin of an event of a sensor that does not number its events. */
  public static Origin of(String source) {
    return source == null ? UNKNOWN : new Origin(source, NO_SEQ);
  }
}
