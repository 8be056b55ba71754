package dev.quintai.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JensenShannonTest {

  /** The definition: the mean of the two relative entropies to the mixture. */
  private static double byDefinition(double[] p, double[] q) {
    double sumP = 0;
    double sumQ = 0;
    for (int i = 0; i < p.length; i++) {
      sumP += p[i];
      sumQ += q[i];
    }
    double divergence = 0;
    for (int i = 0; i < p.length; i++) {
      double a = p[i] / sumP;
      double b = q[i] / sumQ;
      double mixture = (a + b) / 2;
      divergence += a == 0 ? 0 : a / 2 * Math.log(a / mixture);
      divergence += b == 0 ? 0 : b / 2 * Math.log(b / mixture);
    }
    return divergence / Math.log(2);
  }

  @Provide
  Arbitrary<double[]> weights() {
    return Arbitraries.doubles().between(0, 1000).array(double[].class).ofSize(144);
  }

  @Property
  void agreesWithTheDefinition(
      @ForAll("weights") double[] p,
      @ForAll("weights") double[] q,
      @ForAll @IntRange(max = 144) int emptyUpTo) {
    p[143] += 1;
    q[0] += 1;
    for (int i = 0; i < emptyUpTo && i < 143; i++) {
      p[i] = i % 3 == 0 ? p[i] : 0;
    }
    double divergence = JensenShannon.divergence(p, q);
    assertThat(divergence).isCloseTo(byDefinition(p, q), within(1e-12));
    assertThat(divergence).isBetween(0.0, 1.0);
    assertThat(JensenShannon.divergence(q, p)).isCloseTo(divergence, within(1e-12));
  }

  @Test
  void knownValues() {
    // Half of the mass in common: 1 - 1/2 * (1.5 log2 1.5 - 0.5 log2 0.5).
    assertThat(JensenShannon.divergence(new double[] {1, 0}, new double[] {1, 1}))
        .isCloseTo(0.311278124459133, within(1e-12));
    // Coins of 1/4 and 3/4: H(1/2) - H(1/4), with H the binary entropy.
    assertThat(JensenShannon.divergence(new double[] {1, 3}, new double[] {3, 1}))
        .isCloseTo(0.188721875540867, within(1e-12));
  }

  @Test
  void equalIsZeroAndDisjointIsOne() {
    double[] p = {1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    double[] scaled = {10, 20, 30, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    double[] other = {0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7};
    assertThat(JensenShannon.divergence(p, scaled)).isCloseTo(0, within(1e-15));
    assertThat(JensenShannon.divergence(p, other)).isEqualTo(1);
  }

  @Test
  void countsAndWeightsAreTheSame() {
    JensenShannon.Prepared counts = JensenShannon.prepare(new long[] {1, 0, 3});
    JensenShannon.Prepared weights = JensenShannon.prepare(new double[] {0.25, 0, 0.75});
    assertThat(JensenShannon.divergence(counts, weights)).isCloseTo(0, within(1e-15));
    assertThat(counts.cells()).isEqualTo(3);
    assertThat(counts.share(2)).isEqualTo(0.75);
  }

  @Test
  void refusesWhatIsNoDistribution() {
    double[] good = {1, 1};
    for (double[] bad :
        new double[][] {
          {0, 0},
          {-1, 2},
          {Double.NaN, 1},
          {Double.POSITIVE_INFINITY, 1},
          {Double.MAX_VALUE, Double.MAX_VALUE},
          {}
        }) {
      assertThatThrownBy(() -> JensenShannon.prepare(bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> JensenShannon.divergence(good, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 cells against 1");
  }
}
