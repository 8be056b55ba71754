package dev.quintai.esjni;

/** A line of a sensor's stream is not what its format promises. */
final class BadLineException extends Exception {

  private static final long serialVersionUID = 1L;

  /** A field that is not what it should be. */
  BadLineException(String field, String expected) {
    super(field + ": " + expected + " was expected");
  }

  /** A line that cannot be read at all. */
  BadLineException(String message) {
    super(message);
  }
}
