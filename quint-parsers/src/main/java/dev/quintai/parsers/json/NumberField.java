package dev.quintai.parsers.json;

/** Keeps a whole number; any other value counts as absent. */
public final class NumberField extends JsonSink {

  private long value = -1;

  /** An absent number. */
  public NumberField() {}

  /** Forgets the value. */
  public void reset() {
    value = -1;
  }

  /** The value, or -1. */
  public long get() {
    return value;
  }

  @Override
  public void number(long number) {
    value = number;
  }

  @Override
  public void nothing() {
    value = -1;
  }
}
