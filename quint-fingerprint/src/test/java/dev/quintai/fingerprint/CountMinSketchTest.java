package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CountMinSketchTest {

  @Property(tries = 200)
  void neverCountsTooFew(@ForAll @Size(max = 2000) List<@IntRange(max = 400) Integer> keys) {
    CountMinSketch sketch = CountMinSketch.create();
    Map<Integer, Integer> exact = new HashMap<>();
    for (int key : keys) {
      sketch.add(SplitMix.mix(key + 1));
      exact.merge(key, 1, Integer::sum);
    }
    exact.forEach(
        (key, count) ->
            assertThat(sketch.count(SplitMix.mix(key + 1))).isGreaterThanOrEqualTo(count));
  }

  @Property(tries = 200)
  void isExactForFewKeys(@ForAll @Size(max = 500) List<@IntRange(max = 3) Integer> keys) {
    CountMinSketch sketch = CountMinSketch.create();
    int[] exact = new int[4];
    for (int key : keys) {
      sketch.add(SplitMix.mix(key + 1));
      exact[key]++;
    }
    for (int key = 0; key < 4; key++) {
      assertThat(sketch.count(SplitMix.mix(key + 1))).isEqualTo(exact[key]);
    }
  }

  @Property(tries = 100)
  void mergingIsAddingToOne(
      @ForAll @Size(max = 300) List<Long> first, @ForAll @Size(max = 300) List<Long> second) {
    CountMinSketch together = CountMinSketch.create();
    CountMinSketch a = CountMinSketch.create();
    CountMinSketch b = CountMinSketch.create();
    for (long key : first) {
      a.add(key);
      together.add(key);
    }
    for (long key : second) {
      b.add(key);
      together.add(key);
    }
    a.merge(b);
    for (long key : first) {
      assertThat(a.count(key)).isEqualTo(together.count(key));
    }
    for (long key : second) {
      assertThat(a.count(key)).isEqualTo(together.count(key));
    }
  }

  @Test
  void saturatesAndStaysThere() {
    CountMinSketch sketch = CountMinSketch.create();
    CountMinSketch other = CountMinSketch.create();
    for (int i = 0; i < 70_000; i++) {
      sketch.add(42);
      other.add(42);
    }
    assertThat(sketch.count(42)).isEqualTo(CountMinSketch.MAX_COUNT);
    sketch.merge(other);
    assertThat(sketch.count(42)).isEqualTo(CountMinSketch.MAX_COUNT);
    assertThat(sketch.count(43)).isZero();
  }

  @Test
  void errsNoMoreThanTheBound() {
    // e/256 of all additions is exceeded with a probability of at most e^-4.
    SplitMix random = new SplitMix(1);
    int queries = 0;
    int exceeded = 0;
    for (int run = 0; run < 50; run++) {
      CountMinSketch sketch = CountMinSketch.create();
      Map<Long, Integer> exact = new HashMap<>();
      for (int i = 0; i < 5_000; i++) {
        long key = SplitMix.mix(random.next(2_000) + 1L + ((long) run << 32));
        sketch.add(key);
        exact.merge(key, 1, Integer::sum);
      }
      for (Map.Entry<Long, Integer> e : exact.entrySet()) {
        queries++;
        exceeded += sketch.count(e.getKey()) - e.getValue() > 5_000 * Math.E / 256 ? 1 : 0;
      }
    }
    assertThat((double) exceeded / queries).isLessThanOrEqualTo(Math.exp(-4));
  }

  @Test
  void wrapsMemoryAtAnOffset() {
    byte[] memory = new byte[CountMinSketch.BYTES + 10];
    CountMinSketch.wrap(memory, 7).add(-1L);
    assertThat(CountMinSketch.wrap(memory, 7).count(-1L)).isOne();
    assertThat(memory[6]).isZero();
    assertThatThrownBy(() -> CountMinSketch.wrap(memory, 11))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
