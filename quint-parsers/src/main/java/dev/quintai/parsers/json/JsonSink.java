package dev.quintai.parsers.json;

/**
 * Receives one JSON value. A sink is asked for the sinks of its parts, so that what nobody asks for
 * is passed over. Sinks are reused from document to document.
 */
public class JsonSink {

  /** A sink that ignores its value but counts as wanted. */
  protected JsonSink() {}

  /** The sink of a field's value; null passes over it. */
  public JsonSink field(String name) {
    return null;
  }

  /** The sink of the next element; null passes over it. */
  public JsonSink element() {
    return null;
  }

  /** Whether an object or array is to be handed over whole, by {@link #raw}. */
  public boolean captures() {
    return false;
  }

  /**
   * Asked of the sink at the root when its object is over: how the next document is read if it
   * differs in one string only. Null where that cannot be said.
   */
  public Repeat repeat() {
    return null;
  }

  /** An object begins. */
  public void beginObject() {}

  /** The object is over. */
  public void endObject() {}

  /** An array begins. */
  public void beginArray() {}

  /** The array is over. */
  public void endArray() {}

  /** The value is a string. The text is valid during the call only. */
  public void string(JsonText text) {}

  /**
   * Whether a string is to be handed over by {@link #piece} instead of {@link #string}: nothing of
   * it is kept then, and no limit applies to it.
   */
  public boolean inPieces() {
    return false;
  }

  /**
   * The next piece of a string, as on the wire; how a string is divided has no meaning.
   *
   * @param last whether the string ends here
   */
  public void piece(byte[] bytes, int from, int to, boolean last) {}

  /** The value is a whole number. */
  public void number(long value) {}

  /** The value is a number with a fraction or beyond the range of long. */
  public void fraction(double value) {
    if (Math.abs(value) < 1e18) {
      number((long) value);
    }
  }

  /** The value is true or false. */
  public void bool(boolean value) {}

  /** The value is null. */
  public void nothing() {}

  /**
   * The text of an object or array, after {@link #captures}.
   *
   * @param text as on the wire
   * @param cut whether it was cut at the limit
   */
  public void raw(String text, boolean cut) {}
}
