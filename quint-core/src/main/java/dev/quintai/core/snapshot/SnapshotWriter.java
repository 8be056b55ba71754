package dev.quintai.core.snapshot;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes a snapshot; see the package for the form. The same calls give the same bytes. Grows as
 * needed: the state that is written is bounded by its owner. Not thread-safe.
 */
public final class SnapshotWriter {
  static final int HEAD = 10;

  private final long epoch;
  private final Map<String, Integer> texts = new HashMap<>();
  private byte[] bytes = new byte[1024];
  private int size = HEAD;

  /**
   * Starts a snapshot.
   *
   * @param magic whose state it is
   * @param version of the payload, 1 to 65,535
   * @param epoch the time that {@link #time} counts from, so that times are short
   */
  public SnapshotWriter(int magic, int version, long epoch) {
    if (version < 1 || version > 0xffff) {
      throw new IllegalArgumentException("version must be 1 to 65535: " + version);
    }
    ByteBuffer.wrap(bytes).putInt(magic).putShort((short) version);
    this.epoch = epoch;
    number(epoch);
  }

  private void raw(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length + (bytes.length >> 1));
    }
    bytes[size++] = (byte) value;
  }

  private void unsigned(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      raw(((int) rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    raw((int) rest);
  }

  /** Any number; small ones of either sign are short. */
  public SnapshotWriter number(long value) {
    unsigned((value << 1) ^ (value >> 63));
    return this;
  }

  /** A time in nanoseconds; any value is kept. */
  public SnapshotWriter time(long nanos) {
    return number(nanos - epoch);
  }

  /** A yes or no. */
  public SnapshotWriter flag(boolean value) {
    raw(value ? 1 : 0);
    return this;
  }

  /** A number with a fraction, bit for bit. */
  public SnapshotWriter real(double value) {
    long bits = Double.doubleToRawLongBits(value);
    for (int shift = 56; shift >= 0; shift -= 8) {
      raw((int) (bits >>> shift));
    }
    return this;
  }

  /** One of an enumeration, or null. */
  public SnapshotWriter choice(Enum<?> value) {
    return number(value == null ? -1 : value.ordinal());
  }

  /** A text, or null. Every {@code char} is kept, lone surrogates too. */
  public SnapshotWriter text(String text) {
    if (text == null) {
      unsigned(0);
      return this;
    }
    Integer known = texts.get(text);
    if (known != null) {
      unsigned(known + 2L);
      return this;
    }
    texts.put(text, texts.size());
    unsigned(1);
    unsigned(text.length());
    for (int i = 0; i < text.length(); i++) {
      unsigned(text.charAt(i));
    }
    return this;
  }

  /** Texts in their order, with their number in front. */
  public SnapshotWriter texts(Collection<String> all) {
    number(all.size());
    all.forEach(this::text);
    return this;
  }

  /** The snapshot. The writer is of no more use afterwards. */
  public byte[] seal() {
    byte[] out = Arrays.copyOf(bytes, size + 4);
    ByteBuffer buffer = ByteBuffer.wrap(out);
    buffer.putInt(6, size - HEAD);
    CRC32C crc = new CRC32C();
    crc.update(out, 0, size);
    buffer.putInt(size, (int) crc.getValue());
    return out;
  }
}
