package dev.quintai.fingerprint;

import java.util.Objects;

/**
 * Mean, variance, minimum and maximum of a stream of numbers, in 24 bytes beside their count.
 *
 * <p>Numerically stable: after 10<sup>6</sup> updates the mean is within 10<sup>-12</sup> and the
 * variance within 10<sup>-10</sup> of the exact ones, relative to their size. Minimum and maximum
 * are rounded to 32-bit floats.
 *
 * <pre>
 *   0        8        16     20     24       32
 *   +--------+--------+------+------+--------+
 *   | mean   | m2     | min  | max  | count  |   float64, float64, float32, float32, int64
 *   +--------+--------+------+------+--------+
 * </pre>
 *
 * <p>Not thread-safe. No method but the factories allocates.
 */
public final class Welford {
  // Welford: "Note on a method for calculating corrected sums of squares and products",
  // Technometrics 4 (1962). Merging: Chan, Golub, LeVeque: "Updating formulae and a pairwise
  // algorithm for computing sample variances" (1979).
  // A fingerprint keeps the count elsewhere, so the static methods take it.

  /** Bytes with the count. */
  public static final int BYTES = 32;

  private static final int MEAN = 0;
  private static final int M2 = 8;
  private static final int MIN = 16;
  private static final int MAX = 20;
  private static final int COUNT = 24;

  private final byte[] memory;
  private final int offset;

  private Welford(byte[] memory, int offset) {
    this.memory = memory;
    this.offset = offset;
  }

  /** No numbers yet, in memory of its own. */
  public static Welford create() {
    return new Welford(new byte[BYTES], 0);
  }

  /**
   * The state whose bytes are {@code memory[offset .. offset + BYTES)}; zeros are an empty one.
   *
   * @throws IndexOutOfBoundsException when they are not all inside the array
   */
  public static Welford wrap(byte[] memory, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, memory.length);
    return new Welford(memory, offset);
  }

  /**
   * Takes the next number.
   *
   * @throws IllegalArgumentException when it is infinite or not a number
   */
  public void add(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a finite number is needed: " + value);
    }
    long count = count() + 1;
    LittleEndian.i64(memory, offset + COUNT, count);
    add(memory, offset, count, value);
  }

  /** How many numbers were taken. */
  public long count() {
    return LittleEndian.i64(memory, offset + COUNT);
  }

  /** Their mean; 0 without numbers. */
  public double mean() {
    return mean(memory, offset);
  }

  /** Their sample variance (divided by n - 1), at least 0; 0 for fewer than two. */
  public double variance() {
    return variance(memory, offset, count());
  }

  /** The least of them; 0 without numbers. */
  public float min() {
    return min(memory, offset);
  }

  /** The greatest of them; 0 without numbers. */
  public float max() {
    return max(memory, offset);
  }

  /** Takes the numbers of another one; exact up to rounding, as if they had been added here. */
  public void merge(Welford other) {
    long count = count();
    long otherCount = other.count();
    merge(memory, offset, count, other.memory, other.offset, otherCount);
    LittleEndian.i64(memory, offset + COUNT, count + otherCount);
  }

  /** Takes the {@code count}th number. */
  static void add(byte[] m, int at, long count, double value) {
    double mean = LittleEndian.f64(m, at + MEAN);
    double delta = value - mean;
    mean += delta / count;
    LittleEndian.f64(m, at + MEAN, mean);
    LittleEndian.f64(m, at + M2, LittleEndian.f64(m, at + M2) + delta * (value - mean));
    float rounded = (float) value;
    if (count == 1 || rounded < LittleEndian.f32(m, at + MIN)) {
      LittleEndian.f32(m, at + MIN, rounded);
    }
    if (count == 1 || rounded > LittleEndian.f32(m, at + MAX)) {
      LittleEndian.f32(m, at + MAX, rounded);
    }
  }

  static double mean(byte[] m, int at) {
    return LittleEndian.f64(m, at + MEAN);
  }

  static double variance(byte[] m, int at, long count) {
    return count < 2 ? 0 : Math.max(0, LittleEndian.f64(m, at + M2)) / (count - 1);
  }

  static float min(byte[] m, int at) {
    return LittleEndian.f32(m, at + MIN);
  }

  static float max(byte[] m, int at) {
    return LittleEndian.f32(m, at + MAX);
  }

  static void merge(byte[] m, int at, long count, byte[] other, int otherAt, long otherCount) {
    if (otherCount == 0) {
      return;
    }
    if (count == 0) {
      System.arraycopy(other, otherAt, m, at, COUNT);
      return;
    }
    double total = (double) count + otherCount;
    double mean = LittleEndian.f64(m, at + MEAN);
    double delta = LittleEndian.f64(other, otherAt + MEAN) - mean;
    LittleEndian.f64(m, at + MEAN, mean + delta * (otherCount / total));
    LittleEndian.f64(
        m,
        at + M2,
        LittleEndian.f64(m, at + M2)
            + LittleEndian.f64(other, otherAt + M2)
            + delta * delta * (count * (otherCount / total)));
    LittleEndian.f32(m, at + MIN, Math.min(min(m, at), min(other, otherAt)));
    LittleEndian.f32(m, at + MAX, Math.max(max(m, at), max(other, otherAt)));
  }
}
