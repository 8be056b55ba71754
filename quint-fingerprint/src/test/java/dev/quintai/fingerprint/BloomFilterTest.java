package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BloomFilterTest {

  @Property(tries = 300)
  void neverSaysNeverFalsely(
      @ForAll @net.jqwik.api.constraints.Size(max = 400) List<Long> keys,
      @ForAll BloomFilter.Size size) {
    BloomFilter filter = BloomFilter.create(size);
    Set<Long> exact = new HashSet<>();
    for (long key : keys) {
      boolean changed = filter.add(key);
      if (changed) {
        assertThat(exact).doesNotContain(key);
      }
      exact.add(key);
      assertThat(filter.add(key)).isFalse();
    }
    for (long key : exact) {
      assertThat(filter.mightContain(key)).isTrue();
    }
  }

  @Property(tries = 100)
  void mergingIsAddingToOne(
      @ForAll @net.jqwik.api.constraints.Size(max = 60) List<Long> first,
      @ForAll @net.jqwik.api.constraints.Size(max = 60) List<Long> second,
      @ForAll List<Long> probes,
      @ForAll BloomFilter.Size size) {
    BloomFilter a = BloomFilter.create(size);
    BloomFilter b = BloomFilter.create(size);
    BloomFilter together = BloomFilter.create(size);
    first.forEach(a::add);
    second.forEach(b::add);
    first.forEach(together::add);
    second.forEach(together::add);
    a.merge(b);
    for (long probe : probes) {
      assertThat(a.mightContain(probe)).isEqualTo(together.mightContain(probe));
    }
    for (long probe : second) {
      assertThat(a.mightContain(probe)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BYTES_64, 30",
    "BYTES_64, 55",
    "BYTES_64, 100",
    "BYTES_64, 300",
    "BYTES_128, 55",
    "BYTES_128, 100",
    "BYTES_128, 300"
  })
  void falsePositivesFollowTheory(BloomFilter.Size size, int keys) {
    SplitMix random = new SplitMix(keys);
    int filters = 400;
    int probes = 500;
    int falsePositives = 0;
    double told = 0;
    for (int i = 0; i < filters; i++) {
      BloomFilter filter = BloomFilter.create(size);
      for (int k = 0; k < keys; k++) {
        filter.add(random.next());
      }
      told += filter.falsePositiveRate() / filters;
      for (int p = 0; p < probes; p++) {
        falsePositives += filter.mightContain(random.next()) ? 1 : 0;
      }
    }
    double rate = (double) falsePositives / (filters * probes);
    double bits = size.bytes() * 8;
    double theory = Math.pow(1 - Math.exp(-(double) size.probes() * keys / bits), size.probes());
    double noise = Math.sqrt(theory / (filters * probes)); // the filters' own spread adds to it
    assertThat(rate).isCloseTo(theory, within(4 * noise + 0.04 * theory));
    assertThat(told).isCloseTo(theory, within(0.04 * theory));
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyFilterContainsNothing(BloomFilter.Size size) {
    BloomFilter filter = BloomFilter.create(size);
    assertThat(filter.mightContain(0)).isFalse();
    assertThat(filter.falsePositiveRate()).isZero();
  }

  @Test
  void refusesToMergeAnotherSize() {
    BloomFilter small = BloomFilter.create(BloomFilter.Size.BYTES_64);
    BloomFilter large = BloomFilter.create(BloomFilter.Size.BYTES_128);
    assertThatThrownBy(() -> small.merge(large)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void wrapsMemoryAtAnOffset() {
    byte[] memory = new byte[200];
    BloomFilter.wrap(memory, 70, BloomFilter.Size.BYTES_128).add(-1L);
    assertThat(BloomFilter.wrap(memory, 70, BloomFilter.Size.BYTES_128).mightContain(-1L)).isTrue();
    assertThat(memory[69]).isZero();
    assertThat(memory[198]).isZero();
    assertThatThrownBy(() -> BloomFilter.wrap(memory, 137, BloomFilter.Size.BYTES_64))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
