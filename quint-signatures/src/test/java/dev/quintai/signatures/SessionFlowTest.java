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

class SessionFlowTest {

  private static Set<String> matched(SessionFlow flow) {
    Set<String> ids = new TreeSet<>();
    flow.match(
        new SignatureIndex.Scratch(),
        (loaded, jsd) -> ids.add(loaded.signature().id() + " " + jsd));
    return ids;
  }

  /** The plain loop over the last actions, each window's flow made anew. */
  private static Set<String> naive(List<LoadedSignature> signatures, List<Capability> actions) {
    Set<String> ids = new TreeSet<>();
    for (LoadedSignature loaded : signatures) {
      ThreatSignature signature = loaded.signature();
      int window = signature.conditions().window();
      FlowMatrix flow = new FlowMatrix();
      actions
          .subList(window == 0 ? 0 : Math.max(0, actions.size() - window), actions.size())
          .forEach(flow::action);
      double jsd = SignatureMatcher.divergence(flow, signature);
      if (jsd <= signature.maxJsd()) {
        ids.add(signature.id() + " " + jsd);
      }
    }
    return ids;
  }

  private static LoadedSignature signature(int i, Random random) {
    int[] windows = {0, 2, 3, 5, 20};
    int kinds = 2 + random.nextInt(11);
    double[][] shape = Flows.zero();
    for (int k = 1 + random.nextInt(3); k > 0; k--) {
      shape[random.nextInt(kinds)][random.nextInt(kinds)] += random.nextDouble() + 1e-9;
    }
    return Flows.loaded(
        Flows.signature("QT-" + i, shape)
            .maxJsd(Math.max(1e-6, random.nextDouble() / 2))
            .conditions(new FlowConditions(windows[random.nextInt(windows.length)], 1, List.of()))
            .build());
  }

  /** Looking only where something has changed finds, after each action, what looking anew finds. */
  @Property(tries = 200)
  void findsAfterEachActionWhatThePlainLoopFinds(@ForAll long seed) {
    Random random = new Random(seed);
    List<LoadedSignature> signatures = new ArrayList<>();
    for (int i = random.nextInt(14); i >= 0; i--) {
      signatures.add(signature(i, random));
    }
    SessionFlow flow = new SessionFlow();
    flow.use(SignatureSet.of(signatures, List.of()));
    List<Capability> actions = new ArrayList<>();
    int kinds = 1;
    for (int i = 0; i < 300; i++) {
      if (i % 40 == 0) {
        kinds = 1 + random.nextInt(12);
      }
      if (i % 90 == 89) {
        signatures.add(signature(100 + i, random));
        flow.use(SignatureSet.of(signatures, List.of()));
      }
      Capability next = Capability.at(random.nextInt(kinds));
      actions.add(next);
      flow.action(next, 0);
      assertThat(matched(flow)).isEqualTo(naive(signatures, actions));
    }
  }

  @Test
  void remembersTheLastActionsBeyondItsBound() {
    SessionFlow flow = new SessionFlow();
    Random random = new Random(3);
    List<Byte> expected = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      int capability = random.nextInt(12);
      int facts = random.nextInt(16);
      flow.action(Capability.at(capability), facts);
      expected.add((byte) (capability | facts << 4));
      if (i % 97 == 0 || i > 2990) {
        byte[] steps = flow.steps();
        int held = Math.min(expected.size(), FlowConditions.MAX_WINDOW);
        assertThat(steps).hasSize(held);
        for (int k = 0; k < held; k++) {
          assertThat(steps[k]).isEqualTo(expected.get(expected.size() - held + k));
        }
      }
    }
  }
}
