package dev.quintai.core.snapshot;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads a snapshot as hostile input; see the package for the form. Each method checks what it
 * returns and throws {@link SnapshotException} instead of anything else; nothing is allocated that
 * the snapshot's own bytes do not pay for. Not thread-safe.
 */
public final class SnapshotReader {
  private final byte[] bytes;
  private final int end;
  private final long epoch;
  private final List<String> texts = new ArrayList<>();
  private int at = SnapshotWriter.HEAD;

  /**
   * Opens a snapshot.
   *
   * @param bytes the snapshot; must not change while it is read
   * @param magic whose state it must be
   * @param version the version that the caller can read
   * @param limit how many bytes it may have at most
   * @throws SnapshotException when it is of another kind or version, too long, cut, or damaged
   */
  public SnapshotReader(byte[] bytes, int magic, int version, int limit) throws SnapshotException {
    if (bytes.length > limit) {
      throw new SnapshotException(
          "the snapshot has " + bytes.length + " bytes, and " + limit + " are allowed");
    }
    if (bytes.length < SnapshotWriter.HEAD + 4) {
      throw new SnapshotException("the snapshot is cut: it has " + bytes.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.getInt(0) != magic) {
      throw new SnapshotException("it is no snapshot of this kind");
    }
    int found = Short.toUnsignedInt(buffer.getShort(4));
    if (found != version) {
      throw new SnapshotException(
          "the snapshot has version " + found + ", and only " + version + " is known");
    }
    if (buffer.getInt(6) != bytes.length - SnapshotWriter.HEAD - 4) {
      throw new SnapshotException("the snapshot is cut or has bytes too many");
    }
    this.bytes = bytes;
    this.end = bytes.length - 4;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, end);
    if (buffer.getInt(end) != (int) crc.getValue()) {
      throw new SnapshotException("the snapshot is damaged: its checksum does not hold");
    }
    this.epoch = number();
  }

  /** Refuses the snapshot at the present place. */
  public SnapshotException refuse(String why) {
    return new SnapshotException(why + " (byte " + at + " of the snapshot)");
  }

  private int raw() throws SnapshotException {
    if (at >= end) {
      throw refuse("the snapshot ends too early");
    }
    return bytes[at++] & 0xff;
  }

  private long unsigned() throws SnapshotException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = raw();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw refuse("a number has too many bytes");
  }

  /** Any number. */
  public long number() throws SnapshotException {
    long value = unsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A number from {@code least} to {@code most}. */
  public int number(int least, int most, String what) throws SnapshotException {
    long value = number();
    if (value < least || value > most) {
      throw refuse(what + " must be " + least + " to " + most + ", not " + value);
    }
    return (int) value;
  }

  /** A number of things to follow, each of one byte at least. */
  public int count(int most, String what) throws SnapshotException {
    return number(0, Math.min(most, end - at), "the number of " + what);
  }

  /** A time in nanoseconds. */
  public long time() throws SnapshotException {
    return number() + epoch;
  }

  /** A yes or no. */
  public boolean flag() throws SnapshotException {
    int value = raw();
    if (value > 1) {
      throw refuse("a flag must be 0 or 1, not " + value);
    }
    return value == 1;
  }

  /** A number with a fraction. */
  public double real() throws SnapshotException {
    long bits = 0;
    for (int i = 0; i < 8; i++) {
      bits = (bits << 8) | raw();
    }
    return Double.longBitsToDouble(bits);
  }

  /** One of an enumeration, never null. */
  public <E extends Enum<E>> E choice(Class<E> type) throws SnapshotException {
    E[] all = type.getEnumConstants();
    return all[number(0, all.length - 1, type.getSimpleName())];
  }

  /** One of an enumeration, or null. */
  public <E extends Enum<E>> E choiceOrNull(Class<E> type) throws SnapshotException {
    E[] all = type.getEnumConstants();
    int ordinal = number(-1, all.length - 1, type.getSimpleName());
    return ordinal < 0 ? null : all[ordinal];
  }

  /** A text, or null. */
  public String textOrNull() throws SnapshotException {
    long code = unsigned();
    if (code == 0) {
      return null;
    }
    if (code != 1) {
      if (code < 0 || code - 2 >= texts.size()) {
        throw refuse("a text is named that did not come before");
      }
      return texts.get((int) (code - 2));
    }
    long length = unsigned();
    if (length < 0 || length > end - at) {
      throw refuse("a text is longer than the snapshot");
    }
    char[] chars = new char[(int) length];
    for (int i = 0; i < chars.length; i++) {
      long unit = unsigned();
      if (unit < 0 || unit > Character.MAX_VALUE) {
        throw refuse("a text holds what is no character");
      }
      chars[i] = (char) unit;
    }
    String text = new String(chars);
    texts.add(text);
    return text;
  }

  /** A text, never null. */
  public String text(String what) throws SnapshotException {
    String text = textOrNull();
    if (text == null) {
      throw refuse(what + " is missing");
    }
    return text;
  }

  /** Texts, none of them null. */
  public List<String> texts(int most, String what) throws SnapshotException {
    int count = count(most, what);
    List<String> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(text(what));
    }
    return all;
  }

  /** Says that nothing may follow. */
  public void finish() throws SnapshotException {
    if (at != end) {
      throw refuse("the snapshot goes on after its end");
    }
  }
}
