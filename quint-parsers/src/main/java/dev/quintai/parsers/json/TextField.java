package dev.quintai.parsers.json;

import java.util.Arrays;

/**
 * Keeps a string as the bytes of the wire, so that one that is only passed on costs no allocation.
 * Any other value counts as absent.
 */
public final class TextField extends JsonSink {

  private byte[] bytes = new byte[64];
  private final JsonText view = new JsonText();
  private boolean present;

  /** An absent text. */
  public TextField() {}

  /** Forgets the text. */
  public void reset() {
    present = false;
  }

  /** The text, valid until the next document, or null. */
  public CharSequence get() {
    return present ? view : null;
  }

  @Override
  public void string(JsonText text) {
    int length = text.size();
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length));
    }
    text.copyTo(bytes, view);
    present = true;
  }
}
