package dev.quintai.fingerprint;

import static dev.quintai.fingerprint.Fingerprints.KEYS;
import static dev.quintai.fingerprint.Fingerprints.SECOND;
import static dev.quintai.fingerprint.Fingerprints.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.Capability;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ActionBatchTest {

  @Property(tries = 100)
  void isTheSameAsOneByOne(@ForAll @Size(max = 200) List<Integer> actions) {
    AgentFingerprint[] single = agents();
    AgentFingerprint[] batched = agents();
    ActionBatch batch = new ActionBatch();
    for (int i = 0; i < actions.size(); i++) {
      int x = actions.get(i) & 0xFFFF;
      long time = START + i * SECOND;
      Capability c = Capability.at(x % 12);
      long tool = SplitMix.mix(x % 50);
      long server = SplitMix.mix(x % 9);
      long domain = x % 3 == 0 ? KeyHasher.NONE : SplitMix.mix(x % 7);
      single[x % 3].update(time, c, tool, server, domain, 0, x / 65536.0, x % 2 == 0);
      if (batch.add(batched[x % 3], time, c, tool, server, domain, 0, x / 65536.0, x % 2 == 0)) {
        assertThat(batch.learn()).isZero();
      }
    }
    batch.learn();
    assertThat(batch.size()).isZero();
    for (int a = 0; a < 3; a++) {
      assertThat(batched[a].snapshot()).isEqualTo(single[a].snapshot());
    }
  }

  @Test
  void tellsWhichWereNotLearnt() {
    AgentFingerprint[] agents = agents();
    agents[1].retire();
    ActionBatch batch = new ActionBatch();
    for (int i = 0; i < 6; i++) {
      batch.add(agents[i % 3], START, Capability.READ, 1, 1, 1, 1, 0, true);
    }
    assertThat(batch.learn()).isEqualTo(0b010010);
    assertThat(agents[0].totalActions()).isEqualTo(2);
  }

  @Test
  void refusesASeventeenthAndWhatIsNoRisk() {
    AgentFingerprint agent = Fingerprints.empty();
    ActionBatch batch = new ActionBatch();
    assertThatThrownBy(() -> batch.add(agent, 0, Capability.READ, 1, 1, 1, 1, Double.NaN, true))
        .isInstanceOf(IllegalArgumentException.class);
    for (int i = 0; i < ActionBatch.CAPACITY; i++) {
      assertThat(batch.add(agent, 0, Capability.READ, 1, 1, 1, 1, 0, true)).isEqualTo(i == 15);
    }
    assertThatThrownBy(() -> batch.add(agent, 0, Capability.READ, 1, 1, 1, 1, 0, true))
        .isInstanceOf(IllegalStateException.class);
    batch.learn();
    assertThat(agent.totalActions()).isEqualTo(16);
  }

  private static AgentFingerprint[] agents() {
    AgentFingerprint[] agents = new AgentFingerprint[3];
    for (int i = 0; i < 3; i++) {
      agents[i] = AgentFingerprint.create(Fingerprints.AGENT, KEYS);
    }
    return agents;
  }
}
