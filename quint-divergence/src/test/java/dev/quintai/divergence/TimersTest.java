package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class TimersTest {
  private record Set(long time, long order, OpenIntent intent) {}

  private static OpenIntent call(int number) {
    return new OpenIntent("call" + number, "Read", null, 0, number, "", DeclaredEffects.NOTHING);
  }

  /** Due in the order of time, then of setting; those of a call that is final never. */
  @Property(tries = 200)
  void asASortedListHasThem(@ForAll long seed) {
    Random random = new Random(seed);
    Timers timers = new Timers();
    List<Set> model = new ArrayList<>();
    List<OpenIntent> calls = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      calls.add(call(i));
    }
    for (int step = 0; step < 300; step++) {
      OpenIntent some = calls.get(random.nextInt(calls.size()));
      long time = random.nextInt(40);
      switch (random.nextInt(5)) {
        case 0 -> {
          timers.forget(some);
          model.removeIf(set -> set.intent == some);
        }
        case 1 -> {
          Timers.Timer due = timers.due(time);
          Set first = model.isEmpty() || model.get(0).time > time ? null : model.remove(0);
          assertThat(due == null ? -1 : due.order).isEqualTo(first == null ? -1 : first.order);
        }
        default -> {
          model.add(new Set(time, timers.order, some));
          timers.set(time, Timers.Kind.SCALE, some);
          model.sort(Comparator.comparingLong(Set::time).thenComparingLong(Set::order));
        }
      }
      assertThat(timers.sorted().stream().map(timer -> timer.order))
          .isEqualTo(model.stream().map(Set::order).toList());
      assertThat(timers.first()).isEqualTo(model.isEmpty() ? Long.MAX_VALUE : model.get(0).time);
    }
  }

  @Property(tries = 100)
  void callsAreFoundByTheirIds(@ForAll long seed) {
    Random random = new Random(seed);
    CallsById calls = new CallsById();
    List<OpenIntent> model = new ArrayList<>();
    for (int step = 0; step < 300; step++) {
      OpenIntent some = call(random.nextInt(60));
      OpenIntent known =
          model.stream().filter(c -> c.toolUseId.equals(some.toolUseId)).findFirst().orElse(null);
      assertThat(calls.get(some.toolUseId)).isSameAs(known);
      if (known == null) {
        calls.add(some);
        model.add(some);
      } else if (random.nextBoolean()) {
        assertThat(calls.remove(known)).isTrue();
        model.remove(known);
      }
      assertThat(calls.remove(call(61))).isFalse();
      assertThat(calls.all()).isEqualTo(model);
    }
  }
}
