package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WelfordTest {

  @Property(tries = 300)
  void agreesWithExactArithmetic(
      @ForAll @Size(min = 2, max = 200) List<@DoubleRange(min = -1e6, max = 1e6) Double> values) {
    Welford welford = Welford.create();
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      welford.add(value);
      sum = sum.add(new BigDecimal(value));
    }
    BigDecimal n = BigDecimal.valueOf(values.size());
    BigDecimal mean = sum.divide(n, MathContext.DECIMAL128);
    BigDecimal m2 = BigDecimal.ZERO;
    for (double value : values) {
      m2 = m2.add(new BigDecimal(value).subtract(mean).pow(2));
    }
    double variance = m2.doubleValue() / (values.size() - 1);
    assertThat(welford.count()).isEqualTo(values.size());
    assertThat(welford.mean()).isCloseTo(mean.doubleValue(), within(1e-6));
    assertThat(welford.variance()).isCloseTo(variance, within(1e-9 * variance + 1e-6));
    assertThat(welford.min())
        .isEqualTo((float) values.stream().mapToDouble(d -> d).min().orElse(0));
    assertThat(welford.max())
        .isEqualTo((float) values.stream().mapToDouble(d -> d).max().orElse(0));
  }

  @Property(tries = 200)
  void mergingIsAddingToOne(
      @ForAll @Size(max = 50) List<@DoubleRange(min = 0, max = 1) Double> first,
      @ForAll @Size(max = 50) List<@DoubleRange(min = 0, max = 1) Double> second) {
    Welford a = Welford.create();
    Welford b = Welford.create();
    Welford together = Welford.create();
    first.forEach(a::add);
    second.forEach(b::add);
    first.forEach(together::add);
    second.forEach(together::add);
    a.merge(b);
    assertThat(a.count()).isEqualTo(together.count());
    assertThat(a.mean()).isCloseTo(together.mean(), within(1e-12));
    assertThat(a.variance()).isCloseTo(together.variance(), within(1e-12));
    assertThat(a.min()).isEqualTo(together.min());
    assertThat(a.max()).isEqualTo(together.max());
  }

  @Test
  void doesNotDriftOverAMillionUpdates() {
    // A large offset is what breaks the sum-of-squares formula: it leaves no digit at 10^8.
    assertThat(AccuracyReport.welfordErrors(0, 1_000_000)[0]).isLessThan(1e-12);
    assertThat(AccuracyReport.welfordErrors(0, 1_000_000)[1]).isLessThan(1e-10);
    assertThat(AccuracyReport.welfordErrors(100_000_000, 1_000_000)[0]).isLessThan(1e-12);
    assertThat(AccuracyReport.welfordErrors(100_000_000, 1_000_000)[1]).isLessThan(1e-6);
  }

  @Test
  void refusesWhatIsNoNumber() {
    Welford welford = Welford.create();
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> welford.add(bad)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(welford.count()).isZero();
    assertThat(welford.variance()).isZero();
  }
}
