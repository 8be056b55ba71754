package dev.quintai.fingerprint;

import java.util.Objects;

/**
 * Exponentially weighted mean and variance of a stream of numbers, in 16 bytes.
 *
 * <p>The weight of a number falls by the factor 1 - α = 0.9 with each number after it, so half of
 * what the mean knows comes from the last 6.6. The first number sets the mean, so there is no pull
 * towards 0. For independent numbers of variance s² the mean varies around the true one with
 * variance s² α / (2 - α), and the expected variance is s² (1 - α) / (1 - α / 2) = 0.947 s².
 *
 * <pre>
 *   0        8        16
 *   +--------+--------+
 *   | mean   | var    |   float64 each
 *   +--------+--------+
 * </pre>
 *
 * <p>Cannot be merged: the weights depend on the order of all numbers. Not thread-safe. No method
 * but the factories allocates.
 */
public final class Ewma {
  // Finch: "Incremental calculation of weighted mean and variance" (2009), section 9.

  /** Bytes of the state. */
  public static final int BYTES = 16;

  /** The weight of the newest number. */
  public static final double ALPHA = 0.1;

  private static final int MEAN = 0;
  private static final int VARIANCE = 8;

  private final byte[] memory;
  private final int offset;

  private Ewma(byte[] memory, int offset) {
    this.memory = memory;
    this.offset = offset;
  }

  /** No numbers yet, in memory of its own. */
  public static Ewma create() {
    return new Ewma(new byte[BYTES], 0);
  }

  /**
   * The state whose bytes are {@code memory[offset .. offset + BYTES)}.
   *
   * @throws IndexOutOfBoundsException when they are not all inside the array
   */
  public static Ewma wrap(byte[] memory, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, memory.length);
    return new Ewma(memory, offset);
  }

  /**
   * Takes the next number.
   *
   * @param first whether it is the first; what the memory held is then forgotten
   * @throws IllegalArgumentException when the number is infinite or not a number
   */
  public void add(double value, boolean first) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a finite number is needed: " + value);
    }
    add(memory, offset, value, first);
  }

  /** The weighted mean. */
  public double mean() {
    return mean(memory, offset);
  }

  /** The weighted variance, at least 0. */
  public double variance() {
    return variance(memory, offset);
  }

  static void add(byte[] m, int at, double value, boolean first) {
    if (first) {
      LittleEndian.f64(m, at + MEAN, value);
      LittleEndian.f64(m, at + VARIANCE, 0);
      return;
    }
    double mean = LittleEndian.f64(m, at + MEAN);
    double delta = value - mean;
    double step = ALPHA * delta;
    LittleEndian.f64(m, at + MEAN, mean + step);
    LittleEndian.f64(
        m, at + VARIANCE, (1 - ALPHA) * (LittleEndian.f64(m, at + VARIANCE) + delta * step));
  }

  static double mean(byte[] m, int at) {
    return LittleEndian.f64(m, at + MEAN);
  }

  static double variance(byte[] m, int at) {
    return LittleEndian.f64(m, at + VARIANCE);
  }
}
