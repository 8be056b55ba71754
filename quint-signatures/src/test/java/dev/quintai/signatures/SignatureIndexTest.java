package dev.quintai.signatures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SignatureIndexTest {

  /** The plain loop: the exact divergence of every signature. */
  private static Set<String> naive(List<LoadedSignature> signatures, FlowMatrix flow) {
    Set<String> matches = new TreeSet<>();
    for (LoadedSignature loaded : signatures) {
      double jsd = SignatureMatcher.divergence(flow, loaded.signature());
      if (jsd <= loaded.signature().maxJsd()) {
        matches.add(loaded.signature().id() + " " + jsd);
      }
    }
    return matches;
  }

  private static Set<String> indexed(List<LoadedSignature> signatures, FlowMatrix flow) {
    Set<String> matches = new TreeSet<>();
    new SignatureIndex(signatures)
        .match(
            flow,
            new SignatureIndex.Scratch(),
            (loaded, jsd) -> matches.add(loaded.signature().id() + " " + jsd));
    return matches;
  }

  @Property(tries = 80)
  void findsWhatThePlainLoopFinds(@ForAll long seed) {
    Random random = new Random(seed);
    List<LoadedSignature> signatures = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      signatures.add(Flows.loaded(Flows.random("QT-" + i, random)));
    }
    for (int i = 0; i < 20; i++) {
      FlowMatrix flow = Flows.randomFlow(random, 2 + random.nextInt(200));
      assertThat(indexed(signatures, flow)).isEqualTo(naive(signatures, flow));
    }
  }

  /** Signatures made from the flow itself, with the bound at, just below and just above. */
  @Property(tries = 60)
  void findsWhatThePlainLoopFindsAtTheEdge(@ForAll long seed) {
    Random random = new Random(seed);
    FlowMatrix flow = Flows.randomFlow(random, 2 + random.nextInt(400));
    List<LoadedSignature> signatures = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      double[][] shape = flow.flow();
      for (int k = 0; k < i; k++) {
        shape[random.nextInt(12)][random.nextInt(12)] += random.nextDouble() * 0.1;
      }
      ThreatSignature free = Flows.signature("QT-" + i, shape).maxJsd(0.5).build();
      double jsd = SignatureMatcher.divergence(flow, free);
      for (double bound : new double[] {jsd, Math.nextDown(jsd), Math.nextUp(jsd), jsd + 1e-7}) {
        if (bound > 0 && bound <= 0.5) {
          signatures.add(
              Flows.loaded(
                  free.toBuilder().id("QT-" + i + "-" + signatures.size()).maxJsd(bound).build()));
        }
      }
    }
    assertThat(indexed(signatures, flow)).isEqualTo(naive(signatures, flow));
  }

  @Test
  void theHellingerDistanceIsALowerBound() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      double p = random.nextDouble();
      double q =
          random.nextInt(4) == 0 ? 0 : random.nextDouble() * Math.pow(10, -random.nextInt(9));
      double mean = (p + q) / 2;
      double jsd =
          (p * Math.log(p / mean) + (q > 0 ? q * Math.log(q / mean) : 0)) / 2 / Math.log(2);
      double hellinger = Math.pow(Math.sqrt(p) - Math.sqrt(q), 2) / 2;
      assertThat(jsd).isGreaterThanOrEqualTo(hellinger - 1e-12);
    }
  }

  @Test
  void goesBeyondOneBlock() {
    Random random = new Random(7);
    List<LoadedSignature> signatures = new ArrayList<>();
    for (int i = 0; i < 2 * SignatureIndex.BLOCK + 17; i++) {
      signatures.add(Flows.loaded(Flows.random("QT-" + i, random)));
    }
    int found = 0;
    for (int i = 0; i < 50; i++) {
      FlowMatrix flow = Flows.randomFlow(random, 2 + random.nextInt(60));
      Set<String> matches = naive(signatures, flow);
      assertThat(indexed(signatures, flow)).isEqualTo(matches);
      found += matches.size();
    }
    assertThat(found).isPositive();
  }

  @Test
  void nothingMatchesNothing() {
    ThreatSignature any = Flows.signature("a", Flows.shape(0, 0, 1)).maxJsd(0.5).build();
    FlowMatrix flow = new FlowMatrix();
    flow.action(Capability.READ);
    assertThat(indexed(List.of(Flows.loaded(any)), flow)).isEmpty();
    assertThat(indexed(List.of(), Flows.randomFlow(new Random(1), 50))).isEmpty();
    flow.action(Capability.READ);
    assertThat(indexed(List.of(Flows.loaded(any)), flow)).containsExactly("a 0.0");
  }

  @Test
  void theMatcherSortsByDivergenceAndSkipsTheHeld() {
    FlowMatrix flow = new FlowMatrix();
    flow.add(Capability.AUTH, Capability.SEND);
    LoadedSignature near =
        Flows.loaded(Flows.signature("near", Flows.shape(3, 6, 9, 0, 0, 1)).build());
    LoadedSignature same = Flows.loaded(Flows.signature("same", Flows.shape(3, 6, 1)).build());
    LoadedSignature held =
        new LoadedSignature(
            Flows.signature("held", Flows.shape(3, 6, 1)).build(),
            Channel.GLOBAL,
            Lane.BLOCK,
            "why");
    SignatureSet set = SignatureSet.of(List.of(near, same, held), List.of());
    assertThat(new SignatureMatcher(set).match(flow))
        .extracting(match -> match.signature().signature().id())
        .containsExactly("same", "near");
  }
}
