package dev.quintai.signatures;

/**
 * The Jensen-Shannon divergence between a flow and a shape, in bits (Lin 1991): 0 for equal
 * distributions, 1 for those with nothing in common.
 *
 * <p>With {@code L(x) = x log2 x} it is {@code 1 - 1/2 sum(L(p+q) - L(p) - L(q))} over the cells in
 * which both are above zero, because in all others the three terms cancel to the probability
 * itself. So the cost is that of the shape's few cells, not of all 144.
 */
final class FlowDivergence {
  private static final double INVERSE_LN2 = 1 / Math.log(2);

  private FlowDivergence() {}

  /** The divergence; {@code flow} must hold a transition. Allocates nothing. */
  static double bits(FlowMatrix flow, SparseShape shape) {
    double total = flow.total();
    double common = 0;
    for (int i = 0; i < shape.size(); i++) {
      int count = flow.countAt(shape.cell(i));
      if (count > 0) {
        double p = count / total;
        double q = shape.probability(i);
        common += l(p + q) - l(p) - l(q);
      }
    }
    // Rounding may leave the range by some 1e-16.
    return Math.max(0, Math.min(1, 1 - common / 2));
  }

  private static double l(double x) {
    return x * (Math.log(x) * INVERSE_LN2);
  }
}
