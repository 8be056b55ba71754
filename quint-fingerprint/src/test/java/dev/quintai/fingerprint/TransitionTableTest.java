package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TransitionTableTest {

  private record Pair(int from, int to) {}

  @Property(tries = 300)
  void neverCountsTooMany(@ForAll @Size(max = 500) List<@IntRange(max = 30) Integer> actions) {
    TransitionTable table = TransitionTable.create();
    Map<Pair, Integer> exact = new HashMap<>();
    for (int i = 1; i < actions.size(); i++) {
      int from = actions.get(i - 1);
      int to = actions.get(i);
      table.add(from, to);
      exact.merge(new Pair(from, to), 1, Integer::sum);
      assertThat(table.count(from, to)).isPositive();
    }
    long kept = 0;
    for (Map.Entry<Pair, Integer> e : exact.entrySet()) {
      long count = table.count(e.getKey().from, e.getKey().to);
      assertThat(count).isLessThanOrEqualTo(e.getValue());
      kept += count > 0 ? 1 : 0;
    }
    assertThat(kept).isLessThanOrEqualTo(TransitionTable.SLOTS);
  }

  @Property(tries = 300)
  void isExactForFewTransitions(@ForAll @Size(max = 400) List<@IntRange(max = 1) Integer> actions) {
    TransitionTable table = TransitionTable.create();
    Map<Pair, Integer> exact = new HashMap<>();
    for (int i = 1; i < actions.size(); i++) {
      table.add(actions.get(i - 1), actions.get(i));
      exact.merge(new Pair(actions.get(i - 1), actions.get(i)), 1, Integer::sum);
    }
    for (int from = 0; from <= 1; from++) {
      long outgoing = 0;
      for (int to = 0; to <= 1; to++) {
        int count = exact.getOrDefault(new Pair(from, to), 0);
        assertThat(table.count(from, to)).isEqualTo(count);
        outgoing += count;
      }
      assertThat(table.outgoing(from)).isEqualTo(outgoing);
    }
  }

  @Test
  void frequentTransitionsOutliveRareOnes() {
    TransitionTable table = TransitionTable.create();
    for (int i = 0; i < 100; i++) {
      table.add(1, 2);
      table.add(2, 3);
    }
    SplitMix random = new SplitMix(9);
    for (int i = 0; i < 100_000; i++) {
      table.add((int) random.next(), (int) random.next());
    }
    assertThat(table.count(1, 2)).isEqualTo(100);
    assertThat(table.count(2, 3)).isEqualTo(100);
  }

  @Test
  void surpriseIsLaplacesRuleInBits() {
    TransitionTable table = TransitionTable.create();
    assertThat(table.surprise(1, 2)).isZero();
    for (int i = 0; i < 6; i++) {
      table.add(1, 2);
    }
    table.add(1, 3);
    // n = 7, s = 2: 10 in all.
    assertThat(table.surprise(1, 2)).isCloseTo(Math.log(10 / 7.0) / Math.log(2), within(1e-12));
    assertThat(table.surprise(1, 3)).isCloseTo(Math.log(10 / 2.0) / Math.log(2), within(1e-12));
    assertThat(table.surprise(1, 4)).isCloseTo(Math.log(10) / Math.log(2), within(1e-12));
    assertThat(table.surprise(5, 4)).isZero();
  }

  @Test
  void anActionThatHashesToZeroIsCounted() {
    TransitionTable table = TransitionTable.create();
    assertThat(table.count(0, 0)).isZero();
    table.add(0, 0);
    table.add(0, 0);
    assertThat(table.count(0, 0)).isEqualTo(2);
    assertThat(table.outgoing(0)).isEqualTo(2);
  }

  @Test
  void mergingAddsCountsAndKeepsTheHighest() {
    TransitionTable a = TransitionTable.create();
    TransitionTable b = TransitionTable.create();
    for (int i = 0; i < 5; i++) {
      a.add(1, 9);
      b.add(1, 9);
      b.add(2, 9);
    }
    for (int from = 10; from < 90; from++) {
      a.add(from, 9);
      a.add(from, 9);
    }
    b.add(300, 9);
    a.merge(b);
    assertThat(a.count(1, 9)).isEqualTo(10);
    assertThat(a.count(2, 9)).isEqualTo(5);
    assertThat(a.count(300, 9)).isZero();
  }
}
