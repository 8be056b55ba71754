package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HourlyActivityTest {
  private static final long HOUR = 3_600_000_000_000L;

  @Property(tries = 300)
  void agreesWithOneObservationForEachHour(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 120) Integer> gapsInHours) {
    HourlyActivity activity = HourlyActivity.create();
    double[] exact = new double[24];
    long hour = 490_000;
    long last = Long.MIN_VALUE;
    for (int gap : gapsInHours) {
      long next = last == Long.MIN_VALUE ? hour : hour + gap;
      if (last == Long.MIN_VALUE) {
        exact[(int) (next % 24)] += 0.1 * (1 - exact[(int) (next % 24)]);
      }
      for (long h = hour + 1; h <= next; h++) {
        double seen = h == next ? 1 : 0;
        exact[(int) (h % 24)] += 0.1 * (seen - exact[(int) (h % 24)]);
      }
      long time = next * HOUR + 1234;
      activity.add(time, last);
      last = time;
      hour = next;
    }
    for (int h = 0; h < 24; h++) {
      assertThat((double) activity.share(h)).isCloseTo(exact[h], within(1e-5));
    }
  }

  @Test
  void workingDaysBecomeVisibleAndOneNightDoesNot() {
    HourlyActivity activity = HourlyActivity.create();
    long last = Long.MIN_VALUE;
    for (int day = 0; day < 30; day++) {
      for (int h = 9; h < 17; h++) {
        long time = (day * 24L + h) * HOUR;
        for (int i = 0; i < 50; i++) {
          activity.add(time, last);
          last = time;
        }
      }
    }
    activity.add((30 * 24L + 3) * HOUR, last);
    assertThat(activity.share(10)).isBetween(0.9f, 0.97f);
    assertThat(activity.share(3)).isEqualTo(0.1f);
    assertThat(activity.share(20)).isZero();
  }

  @Test
  void timeThatGoesBackOrFarAheadIsHarmless() {
    HourlyActivity activity = HourlyActivity.create();
    activity.add(100 * HOUR, Long.MIN_VALUE);
    float[] before = shares(activity);
    activity.add(50 * HOUR, 100 * HOUR);
    assertThat(shares(activity)).isEqualTo(before);
    activity.add(Long.MAX_VALUE, 100 * HOUR);
    assertThat(shares(activity)).containsOnly(0f, 0.1f);
    activity.add(-HOUR, Long.MIN_VALUE); // before 1970
    assertThat(activity.share(23)).isGreaterThan(0);
  }

  private static float[] shares(HourlyActivity activity) {
    float[] shares = new float[24];
    for (int h = 0; h < 24; h++) {
      shares[h] = activity.share(h);
    }
    return Arrays.copyOf(shares, 24);
  }
}
