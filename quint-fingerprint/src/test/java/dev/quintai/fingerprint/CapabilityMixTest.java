package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.quintai.core.Capability;
import dev.quintai.core.JensenShannon;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CapabilityMixTest {

  @Property(tries = 200)
  void isTheAverageOfWhatWasDone(@ForAll @Size(min = 1, max = 2000) List<Capability> actions) {
    CapabilityMix mix = CapabilityMix.create();
    int[] exact = new int[Capability.COUNT];
    for (int i = 0; i < actions.size(); i++) {
      mix.add(actions.get(i));
      exact[actions.get(i).index()]++;
    }
    for (Capability c : Capability.values()) {
      assertThat((double) mix.share(c))
          .isCloseTo((double) exact[c.index()] / actions.size(), within(1e-7));
    }
  }

  @Test
  void doesNotDriftOverAMillionActions() {
    CapabilityMix mix = CapabilityMix.create();
    for (int i = 1; i <= 1_000_000; i++) {
      mix.add(i % 4 == 0 ? Capability.WRITE : Capability.READ);
    }
    assertThat(mix.share(Capability.READ)).isCloseTo(0.75f, within(1e-4f));
    assertThat(mix.share(Capability.WRITE)).isCloseTo(0.25f, within(1e-4f));
  }

  @Test
  void isExactUpToTheLimitAndThenForgets() {
    CapabilityMix mix = CapabilityMix.create();
    mix.add(Capability.SEND);
    for (int i = 1; i < CapabilityMix.LIMIT; i++) {
      mix.add(Capability.READ);
    }
    assertThat(mix.share(Capability.SEND)).isEqualTo(1f / CapabilityMix.LIMIT);
    for (int i = 0; i < 4 * CapabilityMix.LIMIT; i++) {
      mix.add(Capability.WRITE);
    }
    assertThat(mix.share(Capability.WRITE)).isGreaterThan(0.95f);
    assertThat(mix.share(Capability.SEND)).isPositive();
  }

  @Property(tries = 200)
  void mergingIsAddingAll(
      @ForAll @Size(max = 300) List<Capability> mine,
      @ForAll @Size(max = 300) List<Capability> theirs) {
    CapabilityMix mix = CapabilityMix.create();
    CapabilityMix other = CapabilityMix.create();
    CapabilityMix both = CapabilityMix.create();
    mine.forEach(mix::add);
    theirs.forEach(other::add);
    mine.forEach(both::add);
    theirs.forEach(both::add);
    mix.merge(other);
    for (Capability c : Capability.values()) {
      assertThat(mix.share(c)).isEqualTo(both.share(c));
    }
  }

  @Test
  void mergingFullMixesStaysBelowTheLimit() throws SnapshotException {
    AgentFingerprint busy = Fingerprints.empty();
    for (int i = 1; i < CapabilityMix.LIMIT; i++) {
      busy.update(i, Capability.READ, "t", "s", "d", null, 0);
    }
    busy.merge(AgentFingerprint.restore(busy.snapshot(), Fingerprints.KEYS));
    AgentFingerprint.restore(busy.snapshot(), Fingerprints.KEYS);
    assertThat(busy.capabilityShare(Capability.READ)).isEqualTo(1);
  }

  @Property(tries = 300)
  void oneActionIsTheOneHotMix(
      @ForAll @Size(min = 1, max = 50) List<Capability> actions, @ForAll Capability present) {
    CapabilityMix mix = CapabilityMix.create();
    for (int i = 0; i < actions.size(); i++) {
      mix.add(actions.get(i));
    }
    double[] oneHot = new double[Capability.COUNT];
    oneHot[present.index()] = 3;
    assertThat(mix.jsd(present)).isCloseTo(mix.jsd(oneHot), within(1e-6));
  }

  @Property(tries = 300)
  void agreesWithTheDefinition(
      @ForAll @Size(12) List<@DoubleRange(min = 0.01, max = 1) Double> incoming,
      @ForAll @Size(min = 1, max = 50) List<Capability> actions) {
    CapabilityMix mix = CapabilityMix.create();
    for (int i = 0; i < actions.size(); i++) {
      mix.add(actions.get(i));
    }
    double sum = incoming.stream().mapToDouble(d -> d).sum();
    double[] p = new double[12];
    double divergence = 0;
    for (int i = 0; i < 12; i++) {
      p[i] = incoming.get(i);
      double pi = p[i] / sum;
      double qi = mix.share(Capability.at(i));
      double mi = (pi + qi) / 2;
      divergence += pi * Math.log(pi / mi) / 2;
      divergence += qi == 0 ? 0 : qi * Math.log(qi / mi) / 2;
    }
    double[] q = new double[12];
    for (int i = 0; i < 12; i++) {
      q[i] = mix.share(Capability.at(i));
    }
    assertThat(mix.jsd(p)).isCloseTo(JensenShannon.divergence(p, q), within(1e-7));
    assertThat(mix.jsd(p)).isCloseTo(divergence / Math.log(2), within(1e-5)).isBetween(0.0, 1.0);
  }

  @Test
  void theEndsAreZeroAndOne() {
    CapabilityMix mix = CapabilityMix.create();
    assertThat(mix.jsd(Capability.READ)).isEqualTo(1);
    mix.add(Capability.READ);
    assertThat(mix.jsd(Capability.READ)).isCloseTo(0, within(1e-9));
    assertThat(mix.jsd(Capability.SEND)).isEqualTo(1);
  }

  @Test
  void refusesWhatIsNoMix() {
    CapabilityMix mix = CapabilityMix.create();
    double[] negative = new double[12];
    negative[3] = -1;
    double[] notANumber = new double[12];
    notANumber[3] = Double.NaN;
    for (double[] bad : new double[][] {new double[11], new double[12], negative, notANumber}) {
      assertThatThrownBy(() -> mix.jsd(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
