package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EwmaTest {

  @Property(tries = 300)
  void agreesWithTheWeightedSums(
      @ForAll @Size(min = 1, max = 100) List<@DoubleRange(min = 0, max = 1e4) Double> values) {
    Ewma ewma = Ewma.create();
    for (int i = 0; i < values.size(); i++) {
      ewma.add(values.get(i), i == 0);
    }
    // Weight (1-a)^(n-1) for the first value, a (1-a)^(n-1-i) for the others.
    double mean = 0;
    double square = 0;
    for (int i = 0; i < values.size(); i++) {
      double weight = Math.pow(1 - Ewma.ALPHA, values.size() - 1 - i) * (i == 0 ? 1 : Ewma.ALPHA);
      mean += weight * values.get(i);
      square += weight * values.get(i) * values.get(i);
    }
    assertThat(ewma.mean()).isCloseTo(mean, within(1e-7));
    assertThat(ewma.variance()).isCloseTo(square - mean * mean, within(1e-3));
  }

  @Test
  void variesAsTheorySays() {
    SplitMix random = new SplitMix(5);
    Ewma ewma = Ewma.create();
    int n = 400_000;
    double squares = 0;
    double variance = 0;
    for (int i = 0; i < n; i++) {
      ewma.add(random.nextDouble(), i == 0); // uniform: mean 1/2, variance 1/12
      squares += Math.pow(ewma.mean() - 0.5, 2);
      variance += ewma.variance();
    }
    assertThat(squares / n).isCloseTo(0.1 / 1.9 / 12, within(0.0003));
    assertThat(variance / n).isCloseTo(0.9 / 0.95 / 12, within(0.002));
  }

  @Test
  void theFirstNumberForgetsWhatWasThere() {
    Ewma ewma = Ewma.create();
    ewma.add(3, true);
    ewma.add(9, false);
    ewma.add(5, true);
    assertThat(ewma.mean()).isEqualTo(5);
    assertThat(ewma.variance()).isZero();
    assertThatThrownBy(() -> ewma.add(Double.NaN, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
