package dev.quintai.fingerprint;

import dev.quintai.core.Capability;
import java.util.Objects;

/**
 * What share of an agent's actions each capability has: a running average over twelve cells, in 48
 * bytes.
 *
 * <p>Over the first {@value #WINDOW} actions it is their plain average, from then on an exponential
 * one of that window, so that it follows an agent whose work changes and no increment falls below
 * the precision of a 32-bit float. Each cell is 0 to 1; the error of the sum of all is below
 * 10<sup>-4</sup>.
 *
 * <pre>
 *   0      4      8              44       48
 *   +------+------+-- ... -------+--------+
 *   | read | write|              | escal. |   float32 each, in the order of Capability
 *   +------+------+-- ... -------+--------+
 * </pre>
 *
 * <p>The number of actions is kept by the caller. Not thread-safe. No method but the factories
 * allocates.
 */
public final class CapabilityMix {
  // Jensen-Shannon divergence: Lin, "Divergence measures based on the Shannon entropy", IEEE
  // Trans. Inf. Theory 37 (1991). In bits it lies between 0 and 1. The form is that of core's
  // JensenShannon, written out for cells that are read in place: a query allocates nothing.

  /** Bytes of the state. */
  public static final int BYTES = 48;

  /** From how many actions on the average becomes exponential. */
  public static final int WINDOW = 65_536;

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

  /**
   * Takes the next action.
   *
   * @param count how many there are with it, 1 or more
   */
  public void add(Capability capability, long count) {
    add(memory, offset, capability.index(), count);
  }

  /** The capability's share, 0 to 1. */
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

  static void add(byte[] m, int at, int capability, long count) {
    float weight = 1f / Math.min(count, WINDOW);
    float keep = 1 - weight;
    for (int cell = at; cell < at + BYTES; cell += 4) {
      LittleEndian.f32(m, cell, LittleEndian.f32(m, cell) * keep);
    }
    int cell = at + 4 * capability;
    LittleEndian.f32(m, cell, LittleEndian.f32(m, cell) + weight);
  }

  static float share(byte[] m, int at, int capability) {
    return LittleEndian.f32(m, at + 4 * capability);
  }

  /** For a one-hot P with its mass on a cell of share q the general form shrinks to this. */
  static double jsd(byte[] m, int at, int capability) {
    double q = Math.min(1, share(m, at, capability));
    return clamp(1 - (xlog2x(1 + q) - xlog2x(q)) / 2);
  }

  static double jsd(byte[] m, int at, double[] incoming) {
    if (incoming.length != Capability.COUNT) {
      throw new IllegalArgumentException("12 weights are needed, not " + incoming.length);
    }
    double sum = 0;
    double own = 0;
    for (int i = 0; i < Capability.COUNT; i++) {
      if (!(incoming[i] >= 0)) {
        throw new IllegalArgumentException("weight " + i + " must be at least 0: " + incoming[i]);
      }
      sum += incoming[i];
      own += share(m, at, i);
    }
    if (!(sum > 0 && Double.isFinite(sum))) {
      throw new IllegalArgumentException("the weights need a positive, finite sum: " + sum);
    }
    if (own == 0) {
      return 1;
    }
    double common = 0;
    for (int i = 0; i < Capability.COUNT; i++) {
      double p = incoming[i] / sum;
      double q = share(m, at, i) / own;
      if (p > 0 && q > 0) {
        common += xlog2x(p + q) - xlog2x(p) - xlog2x(q);
      }
    }
    return clamp(1 - common / 2);
  }

  /** The average of two mixes, weighted by their numbers of actions. */
  static void merge(byte[] m, int at, long count, byte[] other, int otherAt, long otherCount) {
    double total = (double) count + otherCount;
    if (total == 0) {
      return;
    }
    double weight = otherCount / total;
    for (int i = 0; i < BYTES; i += 4) {
      double mine = LittleEndian.f32(m, at + i);
      double theirs = LittleEndian.f32(other, otherAt + i);
      LittleEndian.f32(m, at + i, (float) (mine + (theirs - mine) * weight));
    }
  }

  private static double xlog2x(double x) {
    return x == 0 ? 0 : x * Math.log(x) / LN2;
  }

  private static double clamp(double x) {
    return Math.max(0, Math.min(1, x));
  }
}
