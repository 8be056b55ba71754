package dev.quintai.parsers.json;

/** Keeps a string; any other value counts as absent. */
public final class StringField extends JsonSink {

  private String last;
  private boolean present;
  private boolean cut;

  /** An absent string. */
  public StringField() {}

  /** Forgets the value. */
  public void reset() {
    present = false;
    cut = false;
  }

  /** Keeps {@code value}. */
  public void set(String value) {
    last = value;
    present = value != null;
    cut = false;
  }

  /** The value, or null. */
  public String get() {
    return present ? last : null;
  }

  /** Whether the value was cut at the limit. */
  public boolean cut() {
    return cut;
  }

  /** The value, or {@code other} where it is absent. */
  public String or(String other) {
    return present ? last : other;
  }

  /** Whether the value is {@code other}. */
  public boolean is(String other) {
    return present && last.equals(other);
  }

  @Override
  public void string(JsonText text) {
    last = text.toString();
    present = true;
    cut = text.cut();
  }

  @Override
  public void nothing() {
    present = false;
  }
}
