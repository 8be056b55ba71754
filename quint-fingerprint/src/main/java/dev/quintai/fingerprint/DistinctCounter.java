package dev.quintai.fingerprint;

import java.util.Objects;

/**
 * How many distinct keys were seen, in 64 bytes.
 *
 * <p>Up to 31 the answer is exact, unless two keys share a 16-bit prefix (at 31 keys 0.7% of all
 * sets; it is then one too low). From there on it is an estimate with a relative root-mean-square
 * error of about 5.7% at 100, 6.5% at 300, 7.4% at 1,000 and 7.9% from 10,000 on, without bias and
 * without an upper end in practice.
 *
 * <pre>
 * up to 31 distinct
 *   0              6        8                                              64
 *   +--------------+--------+----------------------------------------------+
 *   | 3 prefixes   | count  | 28 prefixes                                  |  16 bits each
 *   +--------------+--------+----------------------------------------------+
 * from 32 on (count would be over 31: the upper bits of a double of at least 2), 8 of these
 *   0                                              56      64 bits
 *   +----------------------+-----------------------+-------+
 *   | register, 28 bits    | register, 28 bits     | byte  |  of the estimate, float64,
 *   +----------------------+-----------------------+-------+  the highest byte first
 * </pre>
 *
 * <p>All little-endian. Not thread-safe. No method but the factories allocates.
 */
public final class DistinctCounter {
  // A prefix is 10 bits from the top of the hash and 6 from its bottom: exactly what ExaLogLog
  // needs
  // of a hash whose first 10 bits are not all zero, so the step from the list to the registers
  // loses
  // nothing (for one key in 1,024 the register holds the least that is possible; that key counts
  // once more when it comes again). The count of 31 known keys starts the estimate, whose error
  // therefore grows from 0.
  //
  // The list is compared four prefixes at a time: x has a zero 16-bit lane exactly when
  // (x - 0x0001..) & ~x & 0x8000.. is not 0 (Warren, Hacker's Delight, 6-1). Unused lanes hold 0,
  // so the prefix 0 is stored as 64, which costs one collision in 65,536.

  /** Bytes of a counter. */
  public static final int BYTES = 64;

  /** Up to how many distinct keys the answer is a count, not an estimate. */
  public static final int EXACT_UP_TO = 31;

  private static final int COUNT = 6;
  private static final long LANES = 0x0001_0001_0001_0001L;
  private static final long LANE_TOPS = 0x8000_8000_8000_8000L;
  private static final long COUNT_LANE = 0xFFFF_0000_0000_0000L;

  private final byte[] memory;
  private final int offset;

  private DistinctCounter(byte[] memory, int offset) {
    this.memory = memory;
    this.offset = offset;
  }

  /** An empty counter in memory of its own. */
  public static DistinctCounter create() {
    return new DistinctCounter(new byte[BYTES], 0);
  }

  /**
   * The counter whose bytes are {@code memory[offset .. offset + BYTES)}; zeros are an empty one.
   *
   * @throws IndexOutOfBoundsException when they are not all inside the array
   */
  public static DistinctCounter wrap(byte[] memory, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, memory.length);
    return new DistinctCounter(memory, offset);
  }

  /**
   * Adds a key.
   *
   * @return whether the counter changed; if so the key was certainly new (but for one key in 1,024
   *     when it comes the first time after the count has passed 31)
   */
  public boolean add(long hash) {
    if (offset == 0) {
      return add(memory, 0, hash); // with a constant the compiler needs fewer bounds checks
    }
    return add(memory, offset, hash);
  }

  /** How many distinct keys were added; 0 or more, whole up to {@value #EXACT_UP_TO}. */
  public double estimate() {
    return estimate(memory, offset);
  }

  /**
   * Whether the key may have been added. False means certainly not. Up to {@value #EXACT_UP_TO}
   * distinct keys true is wrong for at most one new key in 2,000; beyond, it is always true.
   */
  public boolean mightContain(long hash) {
    return mightContain(memory, offset, hash);
  }

  /**
   * Adds the keys of another counter that was made with the same hash. Exact while both are lists;
   * when both are over {@value #EXACT_UP_TO} the new estimate is the one of maximum likelihood,
   * whose error is about 9% in place of 7.9%.
   */
  public void merge(DistinctCounter other) {
    merge(memory, offset, other.memory, other.offset);
  }

  static boolean add(byte[] m, int at, long hash) {
    int count = LittleEndian.u16(m, at + COUNT);
    return count > EXACT_UP_TO
        ? ExaLogLog.add(m, at, hash)
        : addPrefix(m, at, hash, prefix(hash), count);
  }

  static boolean mightContain(byte[] m, int at, long hash) {
    int count = LittleEndian.u16(m, at + COUNT);
    return count > EXACT_UP_TO || inList(m, at, prefix(hash), count);
  }

  static double estimate(byte[] m, int at) {
    int count = LittleEndian.u16(m, at + COUNT);
    return count > EXACT_UP_TO ? ExaLogLog.estimate(m, at) : count;
  }

  static void merge(byte[] m, int at, byte[] other, int otherAt) {
    int otherCount = LittleEndian.u16(other, otherAt + COUNT);
    if (otherCount > EXACT_UP_TO) {
      int count = LittleEndian.u16(m, at + COUNT);
      if (count > EXACT_UP_TO) {
        ExaLogLog.merge(m, at, other, otherAt);
        return;
      }
      // The list goes into the registers: adding its keys one by one keeps the better estimate.
      byte[] list = new byte[BYTES];
      System.arraycopy(m, at, list, 0, BYTES);
      System.arraycopy(other, otherAt, m, at, BYTES);
      addAll(m, at, list, 0, count);
      return;
    }
    addAll(m, at, other, otherAt, otherCount);
  }

  private static void addAll(byte[] m, int at, byte[] list, int listAt, int count) {
    for (int i = 0; i < count; i++) {
      int prefix = LittleEndian.u16(list, slot(listAt, i));
      int present = LittleEndian.u16(m, at + COUNT);
      long hash = hashOf(prefix);
      if (present > EXACT_UP_TO) {
        ExaLogLog.add(m, at, hash);
      } else {
        addPrefix(m, at, hash, prefix, present);
      }
    }
  }

  private static boolean inList(byte[] m, int at, int prefix, int count) {
    long wanted = prefix * LANES;
    long found =
        zeroLane((LittleEndian.i64(m, at) ^ wanted) | COUNT_LANE)
            | zeroLane(LittleEndian.i64(m, at + 8) ^ wanted)
            | zeroLane(LittleEndian.i64(m, at + 16) ^ wanted)
            | zeroLane(LittleEndian.i64(m, at + 24) ^ wanted);
    if (count > 15) {
      found |=
          zeroLane(LittleEndian.i64(m, at + 32) ^ wanted)
              | zeroLane(LittleEndian.i64(m, at + 40) ^ wanted)
              | zeroLane(LittleEndian.i64(m, at + 48) ^ wanted)
              | zeroLane(LittleEndian.i64(m, at + 56) ^ wanted);
    }
    return (found & LANE_TOPS) != 0;
  }

  private static long zeroLane(long lanes) {
    return (lanes - LANES) & ~lanes;
  }

  private static boolean addPrefix(byte[] m, int at, long hash, int prefix, int count) {
    if (inList(m, at, prefix, count)) {
      return false;
    }
    if (count < EXACT_UP_TO) {
      LittleEndian.u16(m, slot(at, count), prefix);
      LittleEndian.u16(m, at + COUNT, count + 1);
    } else {
      becomeRegisters(m, at);
      ExaLogLog.add(m, at, hash);
    }
    return true;
  }

  private static void becomeRegisters(byte[] m, int at) {
    byte[] list = new byte[BYTES];
    System.arraycopy(m, at, list, 0, BYTES);
    ExaLogLog.clear(m, at);
    for (int i = 0; i < EXACT_UP_TO; i++) {
      ExaLogLog.add(m, at, hashOf(LittleEndian.u16(list, slot(0, i))));
    }
    ExaLogLog.estimate(m, at, EXACT_UP_TO);
  }

  private static int slot(int at, int index) {
    return at + (index < 3 ? index << 1 : (index << 1) + 2);
  }

  private static int prefix(long hash) {
    int prefix = (int) (hash >>> 54) << 6 | ((int) hash & 63);
    return prefix == 0 ? 64 : prefix;
  }

  /** The hash with this prefix that changes a register the least. */
  private static long hashOf(int prefix) {
    return (long) (prefix >>> 6) << 54 | 1L << 53 | (prefix & 63);
  }
}
