package dev.quintai.daemon.signatures;

import java.util.ArrayList;
import java.util.List;

/**
 * A logistic regression with weights that are not negative (what stands out never speaks for a
 * session), by Newton's method with a ridge: weights that come out negative are left out, one after
 * the other. Deterministic.
 */
final class LogisticFit {
  private static final double RIDGE = 3;
  private static final int STEPS = 25;
  private static final double ENOUGH = 1e-6;

  private LogisticFit() {}

  /**
   * Finds the weights.
   *
   * @param rows the measures of each session
   * @param attack whether it is an attack
   * @return a weight for each measure and the constant behind them
   */
  static double[] weights(List<double[]> rows, boolean[] attack) {
    int width = rows.get(0).length;
    List<Integer> used = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      used.add(i);
    }
    while (true) {
      double[] found = newton(rows, attack, used);
      int worst = -1;
      for (int i = 0; i < used.size(); i++) {
        if (found[i] < 0 && (worst < 0 || found[i] < found[worst])) {
          worst = i;
        }
      }
      if (worst < 0) {
        double[] weights = new double[width + 1];
        for (int i = 0; i < used.size(); i++) {
          weights[used.get(i)] = found[i];
        }
        weights[width] = found[used.size()];
        return weights;
      }
      used.remove(worst);
    }
  }

  /** The probability that the weights give a session. */
  static double probability(double[] weights, double[] row) {
    double z = weights[row.length];
    for (int i = 0; i < row.length; i++) {
      z += weights[i] * row[i];
    }
    return 1 / (1 + Math.exp(-z));
  }

  private static double[] newton(List<double[]> rows, boolean[] attack, List<Integer> used) {
    int n = used.size() + 1;
    double[] weights = new double[n];
    double[] x = new double[n];
    for (int step = 0; step < STEPS; step++) {
      double[] gradient = new double[n];
      double[][] hessian = new double[n][n];
      for (int i = 0; i < n - 1; i++) {
        gradient[i] = RIDGE * weights[i];
        hessian[i][i] = RIDGE;
      }
      for (int r = 0; r < attack.length; r++) {
        double z = 0;
        for (int i = 0; i < n; i++) {
          x[i] = i == n - 1 ? 1 : rows.get(r)[used.get(i)];
          z += weights[i] * x[i];
        }
        double p = 1 / (1 + Math.exp(-z));
        double off = p - (attack[r] ? 1 : 0);
        double slope = p * (1 - p);
        for (int i = 0; i < n; i++) {
          gradient[i] += off * x[i];
          for (int j = 0; j < n; j++) {
            hessian[i][j] += slope * x[i] * x[j];
          }
        }
      }
      double[] move = solve(hessian, gradient);
      double farthest = 0;
      for (int i = 0; i < n; i++) {
        weights[i] -= move[i];
        farthest = Math.max(farthest, Math.abs(move[i]));
      }
      if (farthest < ENOUGH) {
        break;
      }
    }
    return weights;
  }

  /** Solves a system whose matrix is positive definite, by elimination; overwrites both. */
  private static double[] solve(double[][] matrix, double[] right) {
    int n = right.length;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        double factor = matrix[j][i] / matrix[i][i];
        for (int k = i; k < n; k++) {
          matrix[j][k] -= factor * matrix[i][k];
        }
        right[j] -= factor * right[i];
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        right[i] -= matrix[i][k] * right[k];
      }
      right[i] /= matrix[i][i];
    }
    return right;
  }
}
