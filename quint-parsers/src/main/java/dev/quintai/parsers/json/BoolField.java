package dev.quintai.parsers.json;

/** Keeps a truth value; any other value counts as absent. */
public final class BoolField extends JsonSink {

  private boolean present;
  private boolean value;

  /** An absent value. */
  public BoolField() {}

  /** Forgets the value. */
  public void reset() {
    present = false;
    value = false;
  }

  /** Whether the value is true. */
  public boolean isTrue() {
    return value;
  }

  /** Whether there is a value. */
  public boolean present() {
    return present;
  }

  @Override
  public void bool(boolean newValue) {
    present = true;
    value = newValue;
  }
}
