package dev.quintai.fingerprint;

import static dev.quintai.fingerprint.Fingerprints.SECOND;
import static dev.quintai.fingerprint.Fingerprints.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.quintai.core.Capability;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FingerprintMergeTest {

  @Property(tries = 150)
  void knowsWhatBothKnew(
      @ForAll @Size(max = 100) List<@IntRange(max = 25) Integer> first,
      @ForAll @Size(max = 100) List<@IntRange(max = 25) Integer> second) {
    AgentFingerprint a = learnt(first, 0);
    AgentFingerprint b = learnt(second, 1_000);
    AgentFingerprint together = learnt(first, 0);
    learn(together, second, 1_000);
    a.merge(b);
    assertThat(a.totalActions()).isEqualTo(together.totalActions());
    assertThat(a.toolCalls()).isEqualTo(together.toolCalls());
    assertThat(a.distinctTools()).isEqualTo(together.distinctTools());
    assertThat(a.riskMean()).isCloseTo(together.riskMean(), within(1e-12));
    assertThat(a.lastUpdatedNanos()).isEqualTo(together.lastUpdatedNanos());
    for (int key = 0; key <= 30; key++) {
      assertThat(a.toolCount("t" + key)).isEqualTo(together.toolCount("t" + key));
      assertThat(a.isNovelTool("t" + key)).isEqualTo(together.isNovelTool("t" + key));
      assertThat(a.isNovelServer("s" + key)).isEqualTo(together.isNovelServer("s" + key));
      assertThat(a.isNovelDomain("d" + key)).isEqualTo(together.isNovelDomain("d" + key));
    }
    for (Capability c : Capability.values()) {
      assertThat(a.capabilityShare(c)).isCloseTo(together.capabilityShare(c), within(1e-4f));
    }
  }

  @Test
  void theLaterOneGivesWhatDependsOnOrder() {
    AgentFingerprint early = learnt(List.of(1, 2, 3), 0);
    AgentFingerprint late = learnt(List.of(4, 5, 6), 9_000);
    double interval = late.intervalSeconds();
    early.merge(late);
    assertThat(early.lastUpdatedNanos()).isEqualTo(late.lastUpdatedNanos());
    assertThat(early.intervalSeconds()).isEqualTo(interval);
    byte[] before = early.snapshot();
    early.merge(Fingerprints.empty());
    assertThat(early.snapshot()).isEqualTo(before);
    early.merge(early);
    assertThat(early.snapshot()).isEqualTo(before);
  }

  @Test
  void learnsOnAsItsSnapshotDoes() throws SnapshotException {
    AgentFingerprint merged = learnt(List.of(1, 2, 3), 0);
    merged.merge(learnt(List.of(4, 5, 6, 7, 8), 1_000));
    AgentFingerprint restored = AgentFingerprint.restore(merged.snapshot(), Fingerprints.KEYS);
    learn(merged, List.of(1, 2, 1), 2_000);
    learn(restored, List.of(1, 2, 1), 2_000);
    assertThat(merged.snapshot()).isEqualTo(restored.snapshot());
  }

  @Test
  void refusesAnotherSeed() {
    AgentFingerprint mine = Fingerprints.empty();
    AgentFingerprint other =
        AgentFingerprint.create(Fingerprints.AGENT, new KeyHasher(HashSeed.ofSession("1-1")));
    assertThatThrownBy(() -> mine.merge(other)).isInstanceOf(IllegalArgumentException.class);
  }

  private static AgentFingerprint learnt(List<Integer> keys, int second) {
    AgentFingerprint fingerprint = Fingerprints.empty();
    learn(fingerprint, keys, second);
    return fingerprint;
  }

  private static void learn(AgentFingerprint fingerprint, List<Integer> keys, int second) {
    for (int i = 0; i < keys.size(); i++) {
      int key = keys.get(i);
      fingerprint.update(
          START + (second + i) * SECOND,
          Capability.at(key % 12),
          "t" + key,
          "s" + key,
          "d" + key,
          null,
          key / 25.0);
    }
  }
}
