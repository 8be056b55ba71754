package dev.quintai.fingerprint;

import java.util.Objects;

/**
 * Which action follows which, and how often: the 32 transitions that are kept of a first-order
 * Markov chain, in 384 bytes.
 *
 * <p>The table is 4 sets of 8 slots; the two actions together choose the set. When a set is full,
 * the transition with the lowest count gives way. A count is never higher than the truth. It is
 * lower when the transition was evicted in between; while at most 8 belong to its set it is exact.
 *
 * <pre>
 *   0     4     8       12                               384
 *   +-----+-----+-------+-----+-----+-------+-- ... -----+
 *   | from| to  | count | from| to  | count |            |   uint32 each; count 0 = free
 *   +-----+-----+-------+-----+-----+-------+-- ... -----+
 *     slot 0 of set 0     slot 1 of set 0
 * </pre>
 *
 * <p>Not thread-safe. No method but the factories allocates.
 */
public final class TransitionTable {
  // On recorded sessions of agents with up to 30 tools, 4 sets of 8 keep nearly the transitions
  // that
  // one set of 32 would (0.87 to 1.00 of those seen three times before, against 0.89 to 1.00) and
  // touch two cache lines in place of six. Choosing the set by one of the two actions alone keeps
  // fewer: many transitions lead to a favourite tool, and would all compete for its set.
  //
  // Replacing the lowest count with 1, not with the lowest count + 1 as Space-Saving does
  // (Metwally, Agrawal, El Abbadi 2005), keeps counts truthful at the price of forgetting: in a set
  // with many rare transitions one slot churns and the other three keep the frequent ones. An
  // agent cannot push out a frequent transition of its past except by repeating others more often.

  /** Bytes of a table. */
  public static final int BYTES = 384;

  /** How many transitions it keeps. */
  public static final int SLOTS = 32;

  private static final int SLOT_BYTES = 12;
  private static final int WAYS = 8;
  private static final int SET_BYTES = WAYS * SLOT_BYTES;
  private static final int COUNT = 8;
  private static final int REMIX = 0x9E3779B9; // 2^32 / golden ratio

  private final byte[] memory;
  private final int offset;

  private TransitionTable(byte[] memory, int offset) {
    this.memory = memory;
    this.offset = offset;
  }

  /** An empty table in memory of its own. */
  public static TransitionTable create() {
    return new TransitionTable(new byte[BYTES], 0);
  }

  /**
   * The table whose bytes are {@code memory[offset .. offset + BYTES)}; zeros are an empty one.
   *
   * @throws IndexOutOfBoundsException when they are not all inside the array
   */
  public static TransitionTable wrap(byte[] memory, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, memory.length);
    return new TransitionTable(memory, offset);
  }

  /** Counts one transition between two hashed actions. */
  public void add(int from, int to) {
    add(memory, offset, from, to);
  }

  /** How often the transition was counted since it is in the table; 0 when it is not. */
  public long count(int from, int to) {
    return count(memory, offset, from, to);
  }

  /** The sum of the counts of the transitions from this action. */
  public long outgoing(int from) {
    return outgoing(memory, offset, from);
  }

  /**
   * How surprising it is that {@code to} follows {@code from}: -log2 of its probability, in bits,
   * at least 0.
   *
   * <p>The probability is (c + 1) / (n + s + 1) with c the transition's count, n the counts of all
   * s kept transitions from the same action (Laplace's rule with one place for all that was never
   * seen). It is 0 bits when nothing is known of {@code from}: no knowledge, no surprise.
   */
  public double surprise(int from, int to) {
    return surprise(memory, offset, from, to);
  }

  /**
   * Adds the transitions of another table. Counts of the same transition add up; where a set would
   * hold more than 8, the highest counts stay, so rare transitions may be lost as in eviction.
   */
  public void merge(TransitionTable other) {
    merge(memory, offset, other.memory, other.offset);
  }

  static void add(byte[] m, int at, int from, int to) {
    int set = set(at, from, to);
    long pair = pair(from, to);
    for (int slot = set; slot < set + SET_BYTES; slot += SLOT_BYTES) {
      if (LittleEndian.i64(m, slot) == pair) {
        add(m, slot, 1);
        return;
      }
    }
    int lowest = lowest(m, set);
    LittleEndian.i64(m, lowest, pair);
    LittleEndian.i32(m, lowest + COUNT, 1);
  }

  /** Adds to a slot's count; that of a free slot is 0. */
  private static void add(byte[] m, int slot, long count) {
    LittleEndian.i32(m, slot + COUNT, (int) Math.min(countAt(m, slot) + count, 0xFFFF_FFFFL));
  }

  private static int lowest(byte[] m, int set) {
    int lowest = set;
    for (int slot = set + SLOT_BYTES; slot < set + SET_BYTES; slot += SLOT_BYTES) {
      lowest = countAt(m, slot) < countAt(m, lowest) ? slot : lowest;
    }
    return lowest;
  }

  static long count(byte[] m, int at, int from, int to) {
    int set = set(at, from, to);
    long pair = pair(from, to);
    for (int slot = set; slot < set + SET_BYTES; slot += SLOT_BYTES) {
      if (LittleEndian.i64(m, slot) == pair) {
        return countAt(m, slot);
      }
    }
    return 0;
  }

  /** Both actions as they stand in a slot. */
  private static long pair(int from, int to) {
    return (from & 0xFFFF_FFFFL) | (long) to << 32;
  }

  static long outgoing(byte[] m, int at, int from) {
    long sum = 0;
    for (int slot = at; slot < at + BYTES; slot += SLOT_BYTES) {
      sum += LittleEndian.i32(m, slot) == from ? countAt(m, slot) : 0;
    }
    return sum;
  }

  static double surprise(byte[] m, int at, int from, int to) {
    long all = 1;
    for (int slot = at; slot < at + BYTES; slot += SLOT_BYTES) {
      long count = countAt(m, slot);
      all += count != 0 && LittleEndian.i32(m, slot) == from ? count + 1 : 0;
    }
    return log2((double) all / (count(m, at, from, to) + 1));
  }

  static void merge(byte[] m, int at, byte[] other, int otherAt) {
    for (int slot = otherAt; slot < otherAt + BYTES; slot += SLOT_BYTES) {
      long count = countAt(other, slot);
      if (count != 0) {
        merge(m, at, LittleEndian.i64(other, slot), count);
      }
    }
  }

  private static void merge(byte[] m, int at, long pair, long count) {
    int set = set(at, (int) pair, (int) (pair >>> 32));
    for (int slot = set; slot < set + SET_BYTES; slot += SLOT_BYTES) {
      if (LittleEndian.i64(m, slot) == pair) {
        add(m, slot, count);
        return;
      }
    }
    int lowest = lowest(m, set);
    if (countAt(m, lowest) < count) {
      LittleEndian.i64(m, lowest, pair);
      LittleEndian.i32(m, lowest + COUNT, (int) count);
    }
  }

  static int touch(byte[] m, int at, int from, int to) {
    int set = set(at, from, to);
    return m[set] + m[set + SET_BYTES / 2] + m[set + SET_BYTES - 1]; // two or three cache lines
  }

  private static long countAt(byte[] m, int slot) {
    return LittleEndian.i32(m, slot + COUNT) & 0xFFFF_FFFFL;
  }

  private static int set(int at, int from, int to) {
    return at + (((from * 31 + to) * REMIX) >>> 30) * SET_BYTES;
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
