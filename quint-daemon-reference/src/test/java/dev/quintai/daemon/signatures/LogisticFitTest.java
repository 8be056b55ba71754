package dev.quintai.daemon.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticFitTest {

  /** Outcomes drawn by known weights, one of them below zero, are fitted by weights near those. */
  @Test
  void findsTheWeightsThatMadeTheOutcomes() {
    Random random = new Random(4);
    List<double[]> rows = new ArrayList<>();
    boolean[] attack = new boolean[20_000];
    for (int i = 0; i < attack.length; i++) {
      double[] row = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
      rows.add(row);
      double p = LogisticFit.probability(new double[] {3, 0, 1.5, -2}, row);
      attack[i] = random.nextDouble() < p;
    }
    double[] weights = LogisticFit.weights(rows, attack);
    assertThat(weights[0]).isCloseTo(3, within(0.2));
    assertThat(weights[1]).isBetween(0.0, 0.2);
    assertThat(weights[2]).isCloseTo(1.5, within(0.2));
    assertThat(weights[3]).isCloseTo(-2, within(0.2));
  }

  @Test
  void noWeightIsNegative() {
    Random random = new Random(5);
    List<double[]> rows = new ArrayList<>();
    boolean[] attack = new boolean[2_000];
    for (int i = 0; i < attack.length; i++) {
      attack[i] = i % 2 == 0;
      rows.add(new double[] {attack[i] ? 0 : 1, random.nextDouble() + (attack[i] ? 1 : 0)});
    }
    double[] weights = LogisticFit.weights(rows, attack);
    assertThat(weights[0]).isZero();
    assertThat(weights[1]).isPositive();
  }
}
