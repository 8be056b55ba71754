package dev.quintai.fingerprint;

import java.util.Objects;

/**
 * How often each key was seen, in 2,048 bytes: a count-min sketch of 4 rows of 256 counters.
 *
 * <p>A count is never too low, and 0 means certainly never added. It is too high by more than e/256
 * = 1.06% of all additions with a probability of at most e<sup>-4</sup> = 1.8% a query; skewed
 * traffic fares far better. Counters are unsigned 16-bit numbers that stop at {@value #MAX_COUNT};
 * nothing ages, because then 0 would no longer mean never.
 *
 * <pre>
 *   0       512      1024     1536     2048
 *   +--------+--------+--------+--------+
 *   | row 0  | row 1  | row 2  | row 3  |   256 little-endian uint16 each
 *   +--------+--------+--------+--------+
 * </pre>
 *
 * <p>Not thread-safe. No method but the factories allocates.
 */
public final class CountMinSketch {
  // Cormode, Muthukrishnan: "An improved data stream summary: the count-min sketch and its
  // applications", J. Algorithms 55 (2005). With w = 256 columns and d = 4 rows, the error exceeds
  // (e/w) N with probability at most e^-d.
  //
  // The columns are four bytes of the remixed hash, so the rows are independent of each other, and
  // nearly independent of the bits that BloomFilter takes from the same hash: a key that collides
  // in one is no likelier to collide in the other.
  //
  // An attacker who knew the hash could find names that share all four counters with a common
  // name. The hash is therefore seeded with a secret, see HashSeed.

  /** Bytes of a sketch. */
  public static final int BYTES = 2048;

  /** Where a counter stops. */
  public static final int MAX_COUNT = 0xFFFF;

  private static final int ROW_BYTES = 512;
  private static final long REMIX = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio

  private final byte[] memory;
  private final int offset;

  private CountMinSketch(byte[] memory, int offset) {
    this.memory = memory;
    this.offset = offset;
  }

  /** An empty sketch in memory of its own. */
  public static CountMinSketch create() {
    return new CountMinSketch(new byte[BYTES], 0);
  }

  /**
   * The sketch whose bytes are {@code memory[offset .. offset + BYTES)}; zeros are an empty one.
   *
   * @throws IndexOutOfBoundsException when they are not all inside the array
   */
  public static CountMinSketch wrap(byte[] memory, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, memory.length);
    return new CountMinSketch(memory, offset);
  }

  /** Counts a key once. Takes 4 memory accesses. */
  public void add(long hash) {
    if (offset == 0) {
      add(memory, 0, hash); // with a constant the compiler needs fewer bounds checks
    } else {
      add(memory, offset, hash);
    }
  }

  /** How often the key was added: at least the truth up to {@value #MAX_COUNT}, 0 to that. */
  public int count(long hash) {
    return offset == 0 ? count(memory, 0, hash) : count(memory, offset, hash);
  }

  /**
   * Adds the counts of another sketch that was made with the same hash; exact, as if its keys had
   * been added here.
   */
  public void merge(CountMinSketch other) {
    merge(memory, offset, other.memory, other.offset);
  }

  static void add(byte[] m, int at, long hash) {
    long columns = hash * REMIX;
    increment(m, at + row0(columns));
    increment(m, at + row1(columns));
    increment(m, at + row2(columns));
    increment(m, at + row3(columns));
  }

  static int count(byte[] m, int at, long hash) {
    long columns = hash * REMIX;
    int first =
        Math.min(LittleEndian.u16(m, at + row0(columns)), LittleEndian.u16(m, at + row1(columns)));
    int second =
        Math.min(LittleEndian.u16(m, at + row2(columns)), LittleEndian.u16(m, at + row3(columns)));
    return Math.min(first, second);
  }

  /** Reads a byte of each counter of the key; what comes of it means nothing. */
  static int touch(byte[] m, int at, long hash) {
    long columns = hash * REMIX;
    return m[at + row0(columns)]
        + m[at + row1(columns)]
        + m[at + row2(columns)]
        + m[at + row3(columns)];
  }

  static void merge(byte[] m, int at, byte[] other, int otherAt) {
    for (int i = 0; i < BYTES; i += 2) {
      int sum = LittleEndian.u16(m, at + i) + LittleEndian.u16(other, otherAt + i);
      LittleEndian.u16(m, at + i, Math.min(sum, MAX_COUNT));
    }
  }

  // Where the key's counter of a row is: the upper four bytes of the remixed hash are the columns.

  private static int row0(long columns) {
    return (int) (columns >>> 31) & 0x1FE;
  }

  private static int row1(long columns) {
    return ROW_BYTES + ((int) (columns >>> 39) & 0x1FE);
  }

  private static int row2(long columns) {
    return 2 * ROW_BYTES + ((int) (columns >>> 47) & 0x1FE);
  }

  private static int row3(long columns) {
    return 3 * ROW_BYTES + ((int) (columns >>> 55) & 0x1FE);
  }

  private static void increment(byte[] m, int at) {
    int value = LittleEndian.u16(m, at);
    if (value != MAX_COUNT) {
      LittleEndian.u16(m, at, value + 1);
    }
  }
}
