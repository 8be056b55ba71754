package dev.quintai.daemon.signatures;

import java.util.Arrays;

/** How well scores tell two groups apart. */
final class Roc {
  private Roc() {}

  /** The least score that at most that share of the scores exceeds; NaN of none. */
  static double threshold(double[] scores, double share) {
    if (scores.length == 0) {
      return Double.NaN;
    }
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    int allowed = (int) Math.floor(sorted.length * share);
    return sorted[sorted.length - 1 - allowed];
  }

  /** The share of the scores above a threshold; NaN of none. */
  static double over(double[] scores, double threshold) {
    if (scores.length == 0 || Double.isNaN(threshold)) {
      return Double.NaN;
    }
    int over = 0;
    for (double score : scores) {
      if (score > threshold) {
        over++;
      }
    }
    return (double) over / scores.length;
  }

  /** The chance that an attack scores higher than a benign session, ties counting half. */
  static double area(double[] attacks, double[] benign) {
    if (attacks.length == 0 || benign.length == 0) {
      return Double.NaN;
    }
    double[] sorted = benign.clone();
    Arrays.sort(sorted);
    double wins = 0;
    for (double attack : attacks) {
      int below = first(sorted, attack, false);
      int upTo = first(sorted, attack, true);
      wins += below + (upTo - below) / 2.0;
    }
    return wins / ((double) attacks.length * benign.length);
  }

  /** The first place whose value is above ({@code beyond}) or not below {@code value}. */
  private static int first(double[] sorted, double value, boolean beyond) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value || (beyond && sorted[middle] == value)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
