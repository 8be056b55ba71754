package dev.quintai.parsers.json;

/** Keeps any value as text: strings decoded, objects and arrays as on the wire. */
public final class RawField extends JsonSink {

  private String text;
  private boolean json;
  private boolean cut;
  private boolean wanted = true;

  /** An absent value. */
  public RawField() {}

  /** Forgets the value. */
  public void reset() {
    text = null;
    json = false;
    cut = false;
  }

  /** The text, or null when absent or null. */
  public String get() {
    return text;
  }

  /** Whether the text is that of an object or array. */
  public boolean json() {
    return json;
  }

  /** Whether the text was cut at a limit. */
  public boolean cut() {
    return cut;
  }

  /** Whether objects and arrays are kept; they are unless told otherwise. */
  public void want(boolean value) {
    wanted = value;
  }

  @Override
  public boolean captures() {
    return wanted;
  }

  @Override
  public void raw(String newText, boolean wasCut) {
    text = newText;
    json = true;
    cut = wasCut;
  }

  @Override
  public void string(JsonText newText) {
    text = newText.toString();
    json = false;
    cut = newText.cut();
  }

  @Override
  public void number(long value) {
    text = Long.toString(value);
    json = false;
  }

  @Override
  public void bool(boolean value) {
    text = Boolean.toString(value);
    json = false;
  }

  @Override
  public void nothing() {
    reset();
  }
}
