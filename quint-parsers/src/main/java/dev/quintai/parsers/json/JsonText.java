package dev.quintai.parsers.json;

import java.nio.charset.StandardCharsets;

/**
 * A string of the wire: a view of its bytes between the quotes, decoded when somebody looks. Plain
 * ASCII is read in place, without allocation.
 */
public final class JsonText implements CharSequence {

  /** Longest string, in bytes, that may be one that comes again. */
  private static final int SHORT = 32;

  private byte[] bytes;
  private int from;
  private int length;
  private boolean plain;
  private boolean escaped;
  private boolean high;
  private boolean cut;
  private String decoded;

  private final Names known;

  /** An empty text. */
  JsonText() {
    this(null);
  }

  /** An empty text whose short strings are looked up in {@code known}, unless that is null. */
  JsonText(Names known) {
    this.known = known;
    set(new byte[0], 0, 0, false);
  }

  void set(byte[] newBytes, int start, int end, boolean isCut) {
    int kinds = JsonStrings.kinds(newBytes, start, end);
    set(
        newBytes,
        start,
        end,
        (kinds & JsonStrings.ESCAPES) != 0,
        (kinds & JsonStrings.HIGH) != 0,
        isCut);
  }

  private void set(
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

  /** Whether there are escapes among them. */
  boolean escaped() {
    return escaped;
  }

  /**
   * Copies the text to the beginning of {@code target} and lets {@code view} show it there. It
   * takes no more bytes there than here: what can be resolved of its escapes is, so that a view of
   * text with quotes and line ends is read without allocation too.
   */
  void copyTo(byte[] target, JsonText view) {
    if (escaped) {
      int resolved = JsonStrings.unescape(bytes, from, from + length, target);
      if (resolved >= 0) {
        view.set(target, 0, resolved, false, high, cut);
        return;
      }
    }
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

  /** Hands the bytes on the wire to {@code sink} as the only piece of a string. */
  public void asPiece(JsonSink sink) {
    sink.piece(bytes, from, from + length, true);
  }

  /** The text that stands between the quotes of a string as [from, to). */
  public static String decode(byte[] bytes, int from, int to) {
    return JsonStrings.unescape(bytes, from, to, true);
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
      if (escaped) {
        decoded = JsonStrings.unescape(bytes, from, from + length, high);
      } else if (!plain) {
        decoded = new String(bytes, from, length, StandardCharsets.UTF_8);
      } else if (known != null && length <= SHORT) {
        decoded = known.get(bytes, from, from + length, JsonStrings.hash(bytes, from, length));
      } else {
        decoded = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
      }
    }
    return decoded;
  }
}
