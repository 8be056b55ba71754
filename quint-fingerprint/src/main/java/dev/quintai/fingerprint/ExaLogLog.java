package dev.quintai.fingerprint;

/**
 * The registers of a {@link DistinctCounter}: ExaLogLog with t = 2, d = 20, p = 4, that is 16
 * registers of 28 bits, and beside them the running martingale estimate.
 *
 * <p>A key with hash h goes to register {@code h mod 16}. Its update value is {@code k = 4 z + s +
 * 1} with s the next two bits and z the number of leading zeros, so value k has probability ρ(k) =
 * 2<sup>-min(3 + floor((k - 1) / 4), 60)</sup>. A register keeps the largest value u it has seen (8
 * bits) and, for each of the 20 values below u, whether that was seen too.
 */
final class ExaLogLog {
  // Ertl: "ExaLogLog: Space-Efficient and Practical Approximate Distinct Counting up to the
  // Exa-Scale", arXiv:2402.13726 (2024). Sections 2 (registers and update), 3.1 (likelihood), 3.3
  // (martingale).
  //
  // Martingale estimate: a change of state happens with a probability mu that follows from the
  // registers, so each change stands for 1/mu distinct keys. It needs no tables, is unbiased at
  // every n, and has 11% less error than maximum likelihood; it is lost when two counters that
  // saw overlapping keys are merged. mu is worked out from the registers at each change, not
  // carried along: changes become rare (about 4 per register each time n doubles), and a carried
  // value would have to be stored and would collect rounding errors.

  private static final int REGISTERS = 16;
  private static final int REGISTER_BITS = 28;
  private static final int REGISTER_MASK = (1 << REGISTER_BITS) - 1;
  private static final int WINDOW = 20; // d
  private static final int WINDOW_MASK = (1 << WINDOW) - 1;
  private static final int RAISE = 4;
  private static final int TOP = 1 << (WINDOW + RAISE);
  private static final int UNDER = (1 << (31 - WINDOW)) - 1;
  private static final int MAX_ZEROS = 58; // 64 - p - t

  private ExaLogLog() {}

  static void clear(byte[] m, int at) {
    for (int i = 0; i < DistinctCounter.BYTES; i += 8) {
      LittleEndian.i64(m, at + i, 0);
    }
  }

  static boolean add(byte[] m, int at, long hash) {
    if (knows(raised(m, at, index(hash)), value(hash))) {
      return false;
    }
    change(m, at, hash);
    return true;
  }

  /** What is done seldom, apart, so that the compiler keeps what is done always short. */
  private static void change(byte[] m, int at, long hash) {
    estimate(m, at, estimate(m, at) + 1 / changeProbability(m, at));
    int index = index(hash);
    register(m, at, index, update(register(m, at, index), value(hash)));
  }

  private static int index(long hash) {
    return (int) hash & (REGISTERS - 1);
  }

  /** 1 to 236. */
  private static int value(long hash) {
    return (Long.numberOfLeadingZeros(hash | 63) << 2 | ((int) hash >>> 4 & 3)) + 1;
  }

  /**
   * Whether the value changes nothing: it is the largest so far, or its bit of the window is set,
   * or it is below the window. One shift tells all three, with a bit for the largest on top of the
   * window and ones below it. What is further below is told by a branch, which is predictable: with
   * up to some thousand keys there is none, with many more there is little else.
   *
   * @param register in the upper 28 bits
   */
  private static boolean knows(int register, int value) {
    int below = (register >>> (WINDOW + RAISE)) - value;
    if ((below & ~31) != 0) {
      return below > 0;
    }
    return ((register | TOP) << (31 - WINDOW - RAISE) | UNDER) << below < 0;
  }

  private static int update(int register, int value) {
    int delta = value - (register >>> WINDOW);
    if (delta <= 0) {
      return register | 1 << (WINDOW + delta);
    }
    int seen = delta > WINDOW ? 0 : (1 << WINDOW | (register & WINDOW_MASK)) >>> delta;
    return value << WINDOW | seen;
  }

  /** The probability that the next distinct key changes a register. */
  private static double changeProbability(byte[] m, int at) {
    double sum = 0;
    for (int i = 0; i < REGISTERS; i++) {
      sum += openProbability(register(m, at, i));
    }
    return sum / REGISTERS;
  }

  /** The probability that a key of this register changes it: above u, or unseen in the window. */
  private static double openProbability(int register) {
    int u = register >>> WINDOW;
    double open = above(u);
    for (int unseen = ~register & WINDOW_MASK & reachable(u); unseen != 0; unseen &= unseen - 1) {
      open += probability(u - WINDOW + Integer.numberOfTrailingZeros(unseen));
    }
    return open;
  }

  /** The bits of the window that stand for values of at least 1. */
  private static int reachable(int u) {
    int below = Math.max(0, WINDOW + 1 - u); // bit b stands for value u - 20 + b
    return below > WINDOW ? 0 : -1 << below;
  }

  /** Of all values, the probability of those over u. */
  private static double above(int u) {
    if (u == 0) {
      return 1;
    }
    int zeros = (u - 1) >>> 2;
    double sameZeros = (3 - ((u - 1) & 3)) * probability(u);
    return zeros == MAX_ZEROS ? sameZeros : sameZeros + twoToMinus(zeros + 1);
  }

  private static double probability(int value) {
    return twoToMinus(Math.min(3 + ((value - 1) >>> 2), MAX_ZEROS + 2));
  }

  private static double twoToMinus(int exponent) {
    return Double.longBitsToDouble((long) (1023 - exponent) << 52);
  }

  /** Joins the registers of another counter; the estimate becomes that of maximum likelihood. */
  static void merge(byte[] m, int at, byte[] other, int otherAt) {
    boolean covers = true;
    boolean covered = true;
    for (int i = 0; i < REGISTERS; i++) {
      int mine = register(m, at, i);
      int theirs = register(other, otherAt, i);
      int joined = join(mine, theirs);
      covers &= joined == mine;
      covered &= joined == theirs;
      register(m, at, i, joined);
    }
    if (covered && !covers) {
      estimate(m, at, estimate(other, otherAt));
    } else if (!covers) {
      // Each one alone is a lower bound of the union, up to its own error.
      double atLeast = Math.max(estimate(m, at), estimate(other, otherAt));
      estimate(m, at, Math.max(atLeast, maximumLikelihood(m, at)));
    }
  }

  private static int join(int a, int b) {
    int high = Math.max(a >>> WINDOW, b >>> WINDOW);
    return high << WINDOW | window(a, high) | window(b, high);
  }

  /** What the register says about the 20 values below {@code high}. */
  private static int window(int register, int high) {
    int u = register >>> WINDOW;
    int delta = high - u;
    if (u == 0 || delta > WINDOW) {
      return 0;
    }
    int seen = register & WINDOW_MASK;
    return delta == 0 ? seen : (1 << WINDOW | seen) >>> delta;
  }

  /**
   * The n that makes the registers likeliest when keys come as a Poisson process: the root of sum
   * over seen values of rho / (e^(n rho / 16) - 1) = sum over unseen values of rho. The left side
   * falls with n, so bisection on log n finds it.
   */
  private static double maximumLikelihood(byte[] m, int at) {
    double low = 0; // log2 of n
    double high = 64;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (slope(m, at, Math.pow(2, middle)) > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.pow(2, low);
  }

  private static double slope(byte[] m, int at, double n) {
    double slope = 0;
    for (int i = 0; i < REGISTERS; i++) {
      int register = register(m, at, i);
      int u = register >>> WINDOW;
      slope -= openProbability(register);
      if (u > 0) {
        slope += seenTerm(u, n);
      }
      for (int seen = register & WINDOW_MASK & reachable(u); seen != 0; seen &= seen - 1) {
        slope += seenTerm(u - WINDOW + Integer.numberOfTrailingZeros(seen), n);
      }
    }
    return slope;
  }

  private static double seenTerm(int value, double n) {
    double rho = probability(value);
    return rho / Math.expm1(n * rho / REGISTERS);
  }

  /**
   * Two registers share the lower 56 bits of 8 bytes. No read crosses a cache line where the
   * counter begins at a multiple of 8, and no branch depends on the hash.
   */
  private static int register(byte[] m, int at, int index) {
    return (int) (LittleEndian.i64(m, at + word(index)) >>> shift(index)) & REGISTER_MASK;
  }

  /** The same in the upper 28 bits, with zeros below: one operation less. */
  private static int raised(byte[] m, int at, int index) {
    return (int) (LittleEndian.i64(m, at + word(index)) >>> shift(index)) << RAISE;
  }

  private static void register(byte[] m, int at, int index, int value) {
    int bytes = at + word(index);
    long others = LittleEndian.i64(m, bytes) & ~((long) REGISTER_MASK << shift(index));
    LittleEndian.i64(m, bytes, others | (long) value << shift(index));
  }

  private static int word(int index) {
    return (index & ~1) << 2;
  }

  private static int shift(int index) {
    return -(index & 1) & REGISTER_BITS;
  }

  /** The running estimate: its bytes are the upper ones of the 8 words, the highest first. */
  static double estimate(byte[] m, int at) {
    long bits = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      bits |= (m[at + 8 * i + 7] & 0xFFL) << (8 * (7 - i));
    }
    return Double.longBitsToDouble(bits);
  }

  static void estimate(byte[] m, int at, double value) {
    long bits = Double.doubleToRawLongBits(value);
    for (int i = 0; i < Long.BYTES; i++) {
      m[at + 8 * i + 7] = (byte) (bits >>> (8 * (7 - i)));
    }
  }
}
