package dev.quintai.signatures;

/**
 * A distribution over the cells of a flow matrix, as the cells above zero in rising order. Attack
 * shapes have 3 to 10 of 144. Immutable.
 */
final class SparseShape {
  private final byte[] cells;
  private final double[] probabilities;

  private SparseShape(byte[] cells, double[] probabilities) {
    this.cells = cells;
    this.probabilities = probabilities;
  }

  /** The shape of a distribution over all cells. */
  static SparseShape of(double[] dense) {
    int size = 0;
    for (double share : dense) {
      size += share > 0 ? 1 : 0;
    }
    byte[] cells = new byte[size];
    double[] probabilities = new double[size];
    int next = 0;
    for (int cell = 0; cell < dense.length; cell++) {
      if (dense[cell] > 0) {
        cells[next] = (byte) cell;
        probabilities[next] = dense[cell];
        next++;
      }
    }
    return new SparseShape(cells, probabilities);
  }

  int size() {
    return cells.length;
  }

  int cell(int i) {
    return cells[i] & 0xff;
  }

  double probability(int i) {
    return probabilities[i];
  }

  double at(int cell) {
    for (int i = 0; i < cells.length; i++) {
      if (cell(i) == cell) {
        return probabilities[i];
      }
    }
    return 0;
  }

  double[] dense() {
    double[] dense = new double[FlowMatrix.CELLS];
    for (int i = 0; i < cells.length; i++) {
      dense[cell(i)] = probabilities[i];
    }
    return dense;
  }
}
