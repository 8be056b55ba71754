package dev.quintai.core;

import java.util.Objects;

/**
 * The Jensen-Shannon divergence between two distributions, in bits: 0 for equal ones, 1 for those
 * that share no cell. J. Lin, "Divergence measures based on the Shannon entropy", IEEE Transactions
 * on Information Theory 37(1), 1991.
 *
 * <p>Distributions are given as weights (counts, for example) over cells; they are normalised to
 * sum 1 here. With L(x) = x log2 x the divergence of normalised p and q is
 *
 * <pre>JSD = 1 - 1/2 * sum over the cells that both have of (L(p + q) - L(p) - L(q))</pre>
 *
 * since cells of one side only contribute exactly their share of the 1. {@link #prepare} computes
 * L(p) ahead, after which a comparison takes one logarithm for each common cell. The error against
 * exact arithmetic is below 1e-12 for up to a thousand cells.
 *
 * <p>Thread-safe: no state.
 */
public final class JensenShannon {
  private static final double BITS = 1 / Math.log(2);

  private JensenShannon() {}

  /**
   * A distribution with the terms that depend on it alone. Immutable; comparing two allocates
   * nothing.
   */
  public static final class Prepared {
    private final double[] share;
    private final double[] entropyTerm;

    private Prepared(double[] share) {
      this.share = share;
      this.entropyTerm = new double[share.length];
      for (int i = 0; i < share.length; i++) {
        entropyTerm[i] = share[i] > 0 ? share[i] * Math.log(share[i]) : 0;
      }
    }

    /** How many cells it has. */
    public int cells() {
      return share.length;
    }

    /** The share of a cell, 0 to 1; all of them sum to 1. */
    public double share(int cell) {
      return share[cell];
    }
  }

  /**
   * Normalises weights.
   *
   * @throws IllegalArgumentException when a weight is negative or not finite, or all are 0
   */
  public static Prepared prepare(double[] weights) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0 && weights[i] <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "weight " + i + " is no finite number >= 0: " + weights[i]);
      }
      sum += weights[i];
    }
    if (!(sum > 0 && sum <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("the weights must have a finite sum above 0: " + sum);
    }
    double[] share = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      share[i] = weights[i] / sum;
    }
    return new Prepared(share);
  }

  /**
   * Normalises counts.
   *
   * @throws IllegalArgumentException when a count is negative or all are 0
   */
  public static Prepared prepare(long[] counts) {
    double[] weights = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      weights[i] = counts[i];
    }
    return prepare(weights);
  }

  /**
   * The divergence of two distributions over the same cells, in bits, 0 to 1.
   *
   * @throws IllegalArgumentException when they have not the same number of cells
   */
  public static double divergence(Prepared a, Prepared b) {
    Objects.requireNonNull(b, "b");
    double[] p = a.share;
    double[] q = b.share;
    if (p.length != q.length) {
      throw new IllegalArgumentException(p.length + " cells against " + q.length);
    }
    double common = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] > 0 && q[i] > 0) {
        double both = p[i] + q[i];
        common += both * Math.log(both) - a.entropyTerm[i] - b.entropyTerm[i];
      }
    }
    return Math.min(1, Math.max(0, 1 - 0.5 * BITS * common));
  }

  /**
   * The divergence of two distributions given as weights, in bits, 0 to 1.
   *
   * @throws IllegalArgumentException as {@link #prepare(double[])} and {@link #divergence(Prepared,
   *     Prepared)} do
   */
  public static double divergence(double[] p, double[] q) {
    return divergence(prepare(p), prepare(q));
  }
}
