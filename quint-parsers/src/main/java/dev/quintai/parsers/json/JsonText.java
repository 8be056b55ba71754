package dev.quintai.parsers.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A string of the wire: a view of its bytes between the quotes, decoded when somebody looks. Plain
 * ASCII is read in place, without allocation.
 */
public final class JsonText implements CharSequence {

  private byte[] bytes;
  private int from;
  private int length;
  private boolean plain;
  private boolean escaped;
  private boolean high;
  private boolean cut;
  private String decoded;

  /** An empty text. */
  JsonText() {
    set(new byte[0], 0, 0, false, false, false);
  }

  void set(
      byte[] newBytes, int start, int end, boolean hasEscapes, boolean hasHigh, boolean isCut) {
    bytes = newBytes;
    from = start;
    length = end - start;
    escaped = hasEscapes;
    plain = !hasEscapes && !hasHigh;
    high = hasHigh;
    cut = isCut;
    decoded = null;
  }

  /** Bytes on the wire. */
  int size() {
    return length;
  }

  /** Copies the bytes to the beginning of {@code target} and lets {@code view} show them there. */
  void copyTo(byte[] target, JsonText view) {
    System.arraycopy(bytes, from, target, 0, length);
    view.set(target, 0, length, escaped, high, cut);
  }

  /** Whether the string was cut at the limit. */
  public boolean cut() {
    return cut;
  }

  /** Whether the text is exactly {@code other}. */
  public boolean is(String other) {
    if (!plain) {
      return toString().equals(other);
    }
    if (other == null || other.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if ((char) bytes[from + i] != other.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether one of the words stands in the bytes on the wire. */
  public boolean holds(Words words) {
    return words.stand(bytes, from, from + length);
  }

  /** The bytes of a plain text, or null where decoding it is more than widening. */
  byte[] plainBytes() {
    return plain ? Arrays.copyOfRange(bytes, from, from + length) : null;
  }

  /** Whether the text is plain and has these bytes. */
  boolean hasBytes(byte[] known) {
    return plain
        && known != null
        && Arrays.equals(bytes, from, from + length, known, 0, known.length);
  }

  /** Appends the text to {@code target}. */
  public void appendTo(StringBuilder target) {
    if (plain) {
      for (int i = 0; i < length; i++) {
        target.append((char) bytes[from + i]);
      }
    } else {
      target.append(toString());
    }
  }

  @Override
  public boolean isEmpty() {
    return length == 0;
  }

  @Override
  public int length() {
    return plain ? length : toString().length();
  }

  @Override
  public char charAt(int index) {
    if (plain) {
      if (index < 0 || index >= length) {
        throw new IndexOutOfBoundsException(index);
      }
      return (char) bytes[from + index];
    }
    return toString().charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return toString().substring(start, end);
  }

  @Override
  public String toString() {
    if (decoded == null) {
      decoded =
          escaped
              ? JsonStrings.unescape(bytes, from, from + length, high)
              : new String(
                  bytes,
                  from,
                  length,
                  plain ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }
    return decoded;
  }
}
