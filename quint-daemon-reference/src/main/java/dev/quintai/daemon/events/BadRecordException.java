package dev.quintai.daemon.events;

/** A line that cannot be read as an event. It says which field is wrong and what was expected. */
public final class BadRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A line that is wrong in {@code field}; an empty field name means the line as a whole. */
  public BadRecordException(String field, String expected) {
    super(field.isEmpty() ? expected : "\"" + field + "\": " + expected);
  }
}
