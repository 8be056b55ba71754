package dev.quintai.fingerprint;

import java.util.Objects;

/**
 * Whether a key was ever seen, in 64 or 128 bytes.
 *
 * <p>"Not contained" is certain. "Contained" is wrong for a key that was never added with a
 * probability that grows with the number of distinct keys n, (1 - e<sup>-kn/m</sup>)<sup>k</sup>
 * for m bits and k probes: a false positive <em>misses</em> a novelty. {@link #falsePositiveRate}
 * tells the present value from the bits that are set.
 *
 * <table>
 * <caption>False positives by distinct keys</caption>
 * <tr><th></th><th>10</th><th>30</th><th>55</th><th>100</th><th>300</th></tr>
 * <tr><td>{@link Size#BYTES_64}, k = 4</td><td>0.003%</td><td>0.19%</td><td>1.5%</td><td>8.6%</td>
 * <td>67%</td></tr>
 * <tr><td>{@link Size#BYTES_128}, k = 5</td><td>0.00002%</td><td>0.005%</td><td>0.07%</td>
 * <td>0.86%</td><td>27%</td></tr>
 * </table>
 *
 * <p>Bit b of the filter is bit b mod 8 of byte b / 8. Not thread-safe. No method but the factories
 * allocates.
 */
public final class BloomFilter {
  // Bloom: "Space/time trade-offs in hash coding with allowable errors", CACM 13 (1970).
  // Probe i is bits [i * log2(m), (i + 1) * log2(m)) of the 64-bit hash: 36 bits of it for the
  // small
  // filter, 50 for the large one, so the probes are independent without a second hash.
  // The number of probes is the best for what is expected of each: an agent talks to few domains,
  // so k = 4 in 64 bytes is right for 55 keys at 1.5%, and k = 5 in 128 bytes is within 0.15% of
  // the
  // best k at 100 keys for two memory accesses less.

  /** The two sizes that a fingerprint uses. */
  public enum Size {
    /** 512 bits, 4 probes. */
    BYTES_64(64, 9, 4),
    /** 1,024 bits, 5 probes. */
    BYTES_128(128, 10, 5);

    private final int bytes;
    private final int log2Bits;
    private final int probes;

    Size(int bytes, int log2Bits, int probes) {
      this.bytes = bytes;
      this.log2Bits = log2Bits;
      this.probes = probes;
    }

    /** Bytes of a filter of this size. */
    public int bytes() {
      return bytes;
    }

    /** Bits that a key sets. */
    public int probes() {
      return probes;
    }
  }

  private final byte[] memory;
  private final int offset;
  private final Size size;

  private BloomFilter(byte[] memory, int offset, Size size) {
    this.memory = memory;
    this.offset = offset;
    this.size = size;
  }

  /** An empty filter in memory of its own. */
  public static BloomFilter create(Size size) {
    return new BloomFilter(new byte[size.bytes], 0, size);
  }

  /**
   * The filter whose bytes begin at {@code memory[offset]}; zeros are an empty one.
   *
   * @throws IndexOutOfBoundsException when they are not all inside the array
   */
  public static BloomFilter wrap(byte[] memory, int offset, Size size) {
    Objects.checkFromIndexSize(offset, size.bytes, memory.length);
    return new BloomFilter(memory, offset, size);
  }

  /**
   * Adds a key.
   *
   * @return whether the filter changed; if so the key was certainly new
   */
  public boolean add(long hash) {
    return size == Size.BYTES_64 ? add64(memory, offset, hash) : add128(memory, offset, hash);
  }

  /** Whether the key may have been added; false means certainly not. */
  public boolean mightContain(long hash) {
    return size == Size.BYTES_64
        ? contains64(memory, offset, hash)
        : contains128(memory, offset, hash);
  }

  /** The present probability, 0 to 1, that a key which was never added seems contained. */
  public double falsePositiveRate() {
    return falsePositiveRate(memory, offset, size);
  }

  /**
   * Adds the keys of another filter that was made with the same hash; exact, as if they had been
   * added here.
   *
   * @throws IllegalArgumentException when the sizes differ
   */
  public void merge(BloomFilter other) {
    if (other.size != size) {
      throw new IllegalArgumentException("cannot merge " + other.size + " into " + size);
    }
    merge(memory, offset, other.memory, other.offset, size.bytes);
  }

  static boolean add64(byte[] m, int at, long hash) {
    if (contains64(m, at, hash)) {
      return false;
    }
    set(m, at, (int) hash & 511);
    set(m, at, (int) (hash >>> 9) & 511);
    set(m, at, (int) (hash >>> 18) & 511);
    set(m, at, (int) (hash >>> 27) & 511);
    return true;
  }

  static boolean contains64(byte[] m, int at, long hash) {
    long all =
        atBit(m, at, (int) hash & 511)
            & atBit(m, at, (int) (hash >>> 9) & 511)
            & atBit(m, at, (int) (hash >>> 18) & 511)
            & atBit(m, at, (int) (hash >>> 27) & 511);
    return (all & 1) != 0;
  }

  static boolean add128(byte[] m, int at, long hash) {
    if (contains128(m, at, hash)) {
      return false;
    }
    set(m, at, (int) hash & 1023);
    set(m, at, (int) (hash >>> 10) & 1023);
    set(m, at, (int) (hash >>> 20) & 1023);
    set(m, at, (int) (hash >>> 30) & 1023);
    set(m, at, (int) (hash >>> 40) & 1023);
    return true;
  }

  static boolean contains128(byte[] m, int at, long hash) {
    long all =
        atBit(m, at, (int) hash & 1023)
            & atBit(m, at, (int) (hash >>> 10) & 1023)
            & atBit(m, at, (int) (hash >>> 20) & 1023)
            & atBit(m, at, (int) (hash >>> 30) & 1023)
            & atBit(m, at, (int) (hash >>> 40) & 1023);
    return (all & 1) != 0;
  }

  static double falsePositiveRate(byte[] m, int at, Size size) {
    int ones = 0;
    for (int i = 0; i < size.bytes; i += 8) {
      ones += Long.bitCount(LittleEndian.i64(m, at + i));
    }
    return Math.pow((double) ones / (1 << size.log2Bits), size.probes);
  }

  static void merge(byte[] m, int at, byte[] other, int otherAt, int bytes) {
    for (int i = 0; i < bytes; i += 8) {
      LittleEndian.i64(
          m, at + i, LittleEndian.i64(m, at + i) | LittleEndian.i64(other, otherAt + i));
    }
  }

  // Nothing is stored for a key whose bits are all set: a filter in its steady state is read, not
  // dirtied, and takes one branch, not one a probe.
  private static void set(byte[] m, int at, int bit) {
    m[at + (bit >>> 3)] |= (byte) (1 << (bit & 7));
  }

  /** The filter's bits from this one to the end of its 64-bit word; the lowest is the bit. */
  private static long atBit(byte[] m, int at, int bit) {
    return LittleEndian.i64(m, at + ((bit >>> 6) << 3)) >>> bit;
  }
}
