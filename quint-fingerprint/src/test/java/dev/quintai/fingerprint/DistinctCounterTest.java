package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistinctCounterTest {

  @Property(tries = 300)
  void isExactForFewKeys(@ForAll @Size(max = 300) List<@IntRange(max = 30) Integer> keys) {
    // 31 keys whose prefixes were checked to differ.
    DistinctCounter counter = DistinctCounter.create();
    Set<Integer> exact = new HashSet<>();
    for (int key : keys) {
      assertThat(counter.add(SplitMix.mix(key + 1))).isEqualTo(exact.add(key));
      assertThat(counter.estimate()).isEqualTo(exact.size());
    }
  }

  @Property(tries = 200)
  void aRepeatedKeyChangesNothing(@ForAll @Size(max = 400) List<Long> keys) {
    DistinctCounter counter = DistinctCounter.create();
    for (long key : keys) {
      counter.add(key);
      double before = counter.estimate();
      assertThat(counter.add(key)).isFalse();
      assertThat(counter.estimate()).isEqualTo(before);
    }
  }

  @Test
  void isExactToThirtyOneInNearlyAllSets() {
    SplitMix random = new SplitMix(31);
    int exact = 0;
    for (int set = 0; set < 20_000; set++) {
      DistinctCounter counter = DistinctCounter.create();
      for (int i = 0; i < 31; i++) {
        counter.add(random.next());
      }
      exact += counter.estimate() == 31 ? 1 : 0;
    }
    assertThat(exact / 20_000.0).isGreaterThanOrEqualTo(0.992);
  }

  @ParameterizedTest
  @CsvSource({"100, 0.059", "300, 0.066", "1000, 0.075", "10000, 0.081"})
  void errsNoMoreThanPromised(int distinct, double limit) {
    SplitMix random = new SplitMix(distinct + 77);
    int runs = distinct > 1000 ? 3_000 : 20_000;
    double sum = 0;
    double squares = 0;
    for (int run = 0; run < runs; run++) {
      DistinctCounter counter = DistinctCounter.create();
      for (int i = 0; i < distinct; i++) {
        counter.add(random.next());
      }
      double error = counter.estimate() / distinct - 1;
      sum += error;
      squares += error * error;
    }
    double rms = Math.sqrt(squares / runs);
    assertThat(rms).isLessThanOrEqualTo(limit).isGreaterThan(limit * 0.8);
    assertThat(sum / runs).isCloseTo(0, within(4 * rms / Math.sqrt(runs)));
  }

  @Test
  void keysOfTheListAreKnownToTheRegisters() {
    SplitMix random = new SplitMix(7);
    int recounted = 0;
    for (int run = 0; run < 500; run++) {
      DistinctCounter counter = DistinctCounter.create();
      long[] keys = new long[40];
      for (int i = 0; i < 40; i++) {
        keys[i] = random.next();
        counter.add(keys[i]);
      }
      for (long key : keys) {
        recounted += counter.add(key) ? 1 : 0;
      }
    }
    assertThat(recounted / (500 * 31.0)).isLessThan(2.0 / 1024);
  }

  @Property(tries = 200)
  void listsMergeExactly(
      @ForAll @Size(max = 15) Set<Long> first, @ForAll @Size(max = 15) Set<Long> second) {
    DistinctCounter a = counterOf(first);
    DistinctCounter together = counterOf(first);
    second.forEach(together::add);
    a.merge(counterOf(second));
    assertThat(a.estimate()).isEqualTo(together.estimate());
  }

  @ParameterizedTest
  @CsvSource({"20, 400, 0.07", "400, 20, 0.07", "500, 500, 0.1", "5000, 5000, 0.1"})
  void mergedEstimatesAreUnbiased(int left, int right, double limit) {
    SplitMix random = new SplitMix(left * 31L + right);
    int shared = Math.min(left, right) / 2;
    int union = left + right - shared;
    int runs = 2_000;
    double sum = 0;
    double squares = 0;
    for (int run = 0; run < runs; run++) {
      DistinctCounter a = DistinctCounter.create();
      DistinctCounter b = DistinctCounter.create();
      for (int i = 0; i < union; i++) {
        long key = random.next();
        if (i < left) {
          a.add(key);
        }
        if (i >= left - shared) {
          b.add(key);
        }
      }
      a.merge(b);
      double error = a.estimate() / union - 1;
      sum += error;
      squares += error * error;
    }
    assertThat(Math.sqrt(squares / runs)).isLessThan(limit);
    assertThat(sum / runs).isCloseTo(0, within(0.02));
  }

  @Test
  void mergingASubsetKeepsTheEstimate() {
    SplitMix random = new SplitMix(3);
    DistinctCounter all = DistinctCounter.create();
    DistinctCounter some = DistinctCounter.create();
    for (int i = 0; i < 1_000; i++) {
      long key = random.next();
      all.add(key);
      if (i < 100) {
        some.add(key);
      }
    }
    double before = all.estimate();
    all.merge(some);
    assertThat(all.estimate()).isEqualTo(before);
    some.merge(all);
    assertThat(some.estimate()).isEqualTo(before);
  }

  @Test
  void survivesExtremeHashes() {
    DistinctCounter counter = DistinctCounter.create();
    assertThat(counter.add(0)).isTrue();
    assertThat(counter.add(0)).isFalse();
    assertThat(counter.estimate()).isOne();
    for (long i = 0; i < 64; i++) {
      counter.add(i);
      counter.add(-1L >>> i);
      counter.add(i << 58);
    }
    assertThat(counter.estimate()).isFinite().isPositive();
  }

  @Test
  void wrapsMemoryAtAnOffset() {
    byte[] memory = new byte[DistinctCounter.BYTES + 10];
    DistinctCounter counter = DistinctCounter.wrap(memory, 3);
    for (long i = 1; i <= 500; i++) {
      counter.add(SplitMix.mix(i));
    }
    assertThat(DistinctCounter.wrap(memory, 3).estimate()).isCloseTo(500, within(150.0));
    assertThat(memory[2]).isZero();
    assertThat(memory[3 + DistinctCounter.BYTES]).isZero();
    assertThatThrownBy(() -> DistinctCounter.wrap(memory, 11))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static DistinctCounter counterOf(Set<Long> keys) {
    DistinctCounter counter = DistinctCounter.create();
    keys.forEach(counter::add);
    return counter;
  }
}
