package dev.quintai.fingerprint;

import dev.quintai.core.Capability;
import java.util.Objects;

/**
 * What share of an agent's actions each capability has: twelve weights, in 48 bytes.
 *
 * <p>A weight is a number of actions, and a share is a weight over the sum of all. When one reaches
 * {@value #LIMIT}, all are halved, so that the mix follows an agent whose work changes and no
 * action falls below the precision of a 32-bit float. Up to there the shares are exact.
 *
 * <pre>
 *   0      4      8              44       48
 *   +------+------+-- ... -------+--------+
 *   | read | write|              | escal. |   float32 each, in the order of Capability
 *   +------+------+-- ... -------+--------+
 * </pre>
 *
 * <p>Not thread-safe. No method but the factories allocates.
 */
public final class CapabilityMix {
  // Jensen-Shannon divergence: Lin, "Divergence measures based on the Shannon entropy", IEEE
  // Trans. Inf. Theory 37 (1991). In bits it lies between 0 and 1. The form is that of core's
  // JensenShannon, written out for cells that are read in place: a query allocates nothing.
  //
  // Weights, not shares: an action then changes one cell in place of twelve.

  /** Bytes of the state. */
  public static final int BYTES = 48;

  /** The weight at which all are halved. */
  public static final int LIMIT = 65_536;

  private static final double LN2 = Math.log(2);

  private final byte[] memory;
  private final int offset;

  private CapabilityMix(byte[] memory, int offset) {
    this.memory = memory;
    this.offset = offset;
  }

  /** No actions yet, in memory of its own. */
  public static CapabilityMix create() {
    return new CapabilityMix(new byte[BYTES], 0);
  }

  /**
   * The state whose bytes are {@code memory[offset .. offset + BYTES)}; zeros are an empty one.
   *
   * @throws IndexOutOfBoundsException when they are not all inside the array
   */
  public static CapabilityMix wrap(byte[] memory, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, memory.length);
    return new CapabilityMix(memory, offset);
  }

  /** Takes the next action. */
  public void add(Capability capability) {
    add(memory, offset, capability.index());
  }

  /** Takes the actions of another mix; exact, as if they had been taken here. */
  public void merge(CapabilityMix other) {
    merge(memory, offset, other.memory, other.offset);
  }

  /** The capability's share, 0 to 1; 0 without actions. */
  public float share(Capability capability) {
    return share(memory, offset, capability.index());
  }

  /** The divergence of one action of the capability from the mix, in bits, 0 to 1. */
  public double jsd(Capability capability) {
    return jsd(memory, offset, capability.index());
  }

  /**
   * The divergence of a mix from this one, in bits, 0 to 1; 1 while this one is empty.
   *
   * @param incoming twelve weights of at least 0 with a positive, finite sum, in the order of
   *     {@link Capability}
   * @throws IllegalArgumentException when they are not
   */
  public double jsd(double[] incoming) {
    return jsd(memory, offset, incoming);
  }

  static void add(byte[] m, int at, int capability) {
    int cell = at + 4 * capability;
    float weight = LittleEndian.f32(m, cell) + 1;
    LittleEndian.f32(m, cell, weight);
    if (weight >= LIMIT) {
      halve(m, at);
    }
  }

  private static void halve(byte[] m, int at) {
    for (int cell = at; cell < at + BYTES; cell += 4) {
      LittleEndian.f32(m, cell, LittleEndian.f32(m, cell) / 2);
    }
  }

  static float share(byte[] m, int at, int capability) {
    double sum = sum(m, at);
    return sum == 0 ? 0 : (float) (LittleEndian.f32(m, at + 4 * capability) / sum);
  }

  private static double sum(byte[] m, int at) {
    double sum = 0;
    for (int cell = at; cell < at + BYTES; cell += 4) {
      sum += LittleEndian.f32(m, cell);
    }
    return sum;
  }

  /** For a one-hot P with its mass on a cell of share q the general form shrinks to this. */
  static double jsd(byte[] m, int at, int capability) {
    double q = share(m, at, capability);
    return clamp(1 - (xlog2x(1 + q) - xlog2x(q)) / 2);
  }

  static double jsd(byte[] m, int at, double[] incoming) {
    if (incoming.length != Capability.COUNT) {
      throw new IllegalArgumentException("12 weights are needed, not " + incoming.length);
    }
    double sum = 0;
    for (int i = 0; i < Capability.COUNT; i++) {
      if (!(incoming[i] >= 0)) {
        throw new IllegalArgumentException("weight " + i + " must be at least 0: " + incoming[i]);
      }
      sum += incoming[i];
    }
    double own = sum(m, at);
    if (!(sum > 0 && Double.isFinite(sum))) {
      throw new IllegalArgumentException("the weights need a positive, finite sum: " + sum);
    }
    if (own == 0) {
      return 1;
    }
    double common = 0;
    for (int i = 0; i < Capability.COUNT; i++) {
      double p = incoming[i] / sum;
      double q = LittleEndian.f32(m, at + 4 * i) / own;
      if (p > 0 && q > 0) {
        common += xlog2x(p + q) - xlog2x(p) - xlog2x(q);
      }
    }
    return clamp(1 - common / 2);
  }

  static void merge(byte[] m, int at, byte[] other, int otherAt) {
    float highest = 0;
    for (int i = 0; i < BYTES; i += 4) {
      float weight = LittleEndian.f32(m, at + i) + LittleEndian.f32(other, otherAt + i);
      LittleEndian.f32(m, at + i, weight);
      highest = Math.max(highest, weight);
    }
    if (highest >= LIMIT) {
      halve(m, at);
    }
  }

  private static double xlog2x(double x) {
    return x == 0 ? 0 : x * Math.log(x) / LN2;
  }

  private static double clamp(double x) {
    return Math.max(0, Math.min(1, x));
  }
}
