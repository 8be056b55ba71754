package dev.quintai.fingerprint;

import static dev.quintai.fingerprint.Fingerprints.KEYS;
import static dev.quintai.fingerprint.Fingerprints.SECOND;
import static dev.quintai.fingerprint.Fingerprints.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.quintai.core.Action;
import dev.quintai.core.Capability;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AgentFingerprintTest {

  @Property(tries = 150)
  void agreesWithAnExactModel(
      @ForAll @Size(max = 400) List<@IntRange(max = 9999) Integer> actions) {
    AgentFingerprint fingerprint = Fingerprints.empty();
    Map<String, Integer> tools = new HashMap<>();
    Set<String> servers = new HashSet<>();
    Set<String> domains = new HashSet<>();
    Set<String> ips = new HashSet<>();
    double risks = 0;
    for (int i = 0; i < actions.size(); i++) {
      int x = actions.get(i);
      String tool = "tool-" + x % 20;
      String server = "server-" + x % 7;
      String domain = "d" + x % 11 + ".example";
      String ip = "192.0.2." + x % 13;
      double risk = x % 10 / 10.0;
      // "novel" must be certain: a key that was seen never looks novel.
      if (fingerprint.isNovelTool(tool)) {
        assertThat(tools).doesNotContainKey(tool);
      }
      fingerprint.update(START + i * SECOND, Capability.at(x % 12), tool, server, domain, ip, risk);
      tools.merge(tool, 1, Integer::sum);
      servers.add(server);
      domains.add(domain);
      ips.add(ip);
      risks += risk;
    }
    assertThat(fingerprint.totalActions()).isEqualTo(actions.size());
    tools.forEach(
        (tool, count) -> {
          assertThat(fingerprint.isNovelTool(tool)).isFalse();
          assertThat(fingerprint.toolCount(tool)).isGreaterThanOrEqualTo(count);
        });
    servers.forEach(server -> assertThat(fingerprint.isNovelServer(server)).isFalse());
    domains.forEach(domain -> assertThat(fingerprint.isNovelDomain(domain)).isFalse());
    // These few keys do not share a prefix under the tests' seed, so the counts are exact.
    assertThat(fingerprint.distinctTools()).isEqualTo(tools.size());
    assertThat(fingerprint.distinctServers()).isEqualTo(servers.size());
    assertThat(fingerprint.distinctIps()).isEqualTo(ips.size());
    if (!actions.isEmpty()) {
      assertThat(fingerprint.riskMean()).isCloseTo(risks / actions.size(), within(1e-9));
    }
  }

  @Property(tries = 100)
  void whatWasSeenIsNeverNovelHoweverMuchWasSeen(
      @ForAll @Size(max = 2000) List<Integer> keys, @ForAll boolean first) {
    AgentFingerprint fingerprint = Fingerprints.empty();
    for (int key : keys) {
      long hash = SplitMix.mix(key) | 1;
      fingerprint.update(START, Capability.READ, hash, hash, hash, hash, 0, first);
    }
    for (int key : keys) {
      long hash = SplitMix.mix(key) | 1;
      assertThat(fingerprint.isNovelTool(hash)).isFalse();
      assertThat(fingerprint.isNovelServer(hash)).isFalse();
      assertThat(fingerprint.isNovelDomain(hash)).isFalse();
      assertThat(fingerprint.toolCount(hash)).isPositive();
    }
  }

  @Test
  void knowsNothingAtFirst() {
    AgentFingerprint fingerprint = Fingerprints.empty();
    assertThat(fingerprint.agentId()).isEqualTo(Fingerprints.AGENT);
    assertThat(fingerprint.isNovelTool("a")).isTrue();
    assertThat(fingerprint.isNovelServer("a")).isTrue();
    assertThat(fingerprint.isNovelDomain("a")).isTrue();
    assertThat(fingerprint.toolCount("a")).isZero();
    assertThat(fingerprint.capabilityJsd(Capability.READ)).isEqualTo(1);
    assertThat(fingerprint.temporalZScore(1)).isZero();
    assertThat(fingerprint.sequenceSurprise(Capability.READ, "a")).isZero();
    assertThat(fingerprint.riskZScore(0.5)).isZero();
    assertThat(fingerprint.toolCardinalityGrowth()).isZero();
  }

  @Test
  void tellsWhatIsOutsideOfTheEnvelope() {
    AgentFingerprint fingerprint = Fingerprints.settled(500);
    assertThat(fingerprint.isNovelTool("tool-1")).isFalse();
    assertThat(fingerprint.isNovelTool("tool-9")).isTrue();
    assertThat(fingerprint.isNovelServer("server-5")).isTrue();
    assertThat(fingerprint.isNovelDomain("evil.example")).isTrue();
    assertThat(fingerprint.capabilityJsd(Capability.READ)).isLessThan(0.6);
    assertThat(fingerprint.capabilityJsd(Capability.SEND)).isEqualTo(1);
    assertThat(Math.abs(fingerprint.temporalZScore(10))).isLessThan(2);
    assertThat(fingerprint.temporalZScore(100)).isGreaterThan(50);
    assertThat(fingerprint.temporalZScore(0.01)).isLessThan(-5);
    assertThat(Math.abs(fingerprint.riskZScore(0.15))).isLessThan(1);
    assertThat(fingerprint.riskZScore(0.9)).isGreaterThan(10);
    assertThat(fingerprint.sequenceSurprise(Capability.READ, "tool-0")).isLessThan(4);
    assertThat(fingerprint.sequenceSurprise(Capability.SEND, "tool-0")).isGreaterThan(6);
    assertThat(fingerprint.toolCardinalityGrowth()).isLessThan(0.01);
    for (int i = 0; i < 5; i++) {
      fingerprint.update(
          START + 6_000 * SECOND, Capability.READ, "probe-" + i, "server-1", "local", null, 0.1);
    }
    assertThat(fingerprint.toolCardinalityGrowth()).isBetween(0.7, 1.0);
  }

  @Test
  void laterActionsOfACallDoNotCountTheTool() {
    AgentFingerprint fingerprint = Fingerprints.empty();
    for (int call = 0; call < 10; call++) {
      for (int i = 0; i < 3; i++) {
        fingerprint.update(
            new Action(
                Capability.at(i),
                "Bash",
                "api.example",
                Action.LOCAL,
                null,
                false,
                START + call * SECOND,
                0.2,
                "toolu_" + call,
                i == 0,
                false));
      }
    }
    assertThat(fingerprint.toolCount("Bash")).isEqualTo(10);
    assertThat(fingerprint.toolCalls()).isEqualTo(10);
    assertThat(fingerprint.totalActions()).isEqualTo(30);
    assertThat(fingerprint.intervalSeconds()).isCloseTo(1, within(1e-9));
  }

  @Test
  void theSequenceCanBeBroken() {
    AgentFingerprint fingerprint = Fingerprints.settled(100);
    assertThat(fingerprint.sequenceSurprise(Capability.SEND, "x")).isPositive();
    fingerprint.breakSequence();
    assertThat(fingerprint.sequenceSurprise(Capability.SEND, "x")).isZero();
  }

  @Test
  void timeThatGoesBackMovesNeitherIntervalNorClock() {
    AgentFingerprint fingerprint = Fingerprints.settled(100);
    long last = fingerprint.lastUpdatedNanos();
    double interval = fingerprint.intervalSeconds();
    fingerprint.update(last - 500 * SECOND, Capability.READ, "tool-1", null, null, null, 0.1);
    assertThat(fingerprint.lastUpdatedNanos()).isEqualTo(last);
    assertThat(fingerprint.intervalSeconds()).isEqualTo(interval);
    assertThat(fingerprint.totalActions()).isEqualTo(101);
  }

  @Test
  void refusesARiskThatIsNoNumberAndStaysAsItWas() {
    AgentFingerprint fingerprint = Fingerprints.settled(100);
    byte[] before = fingerprint.snapshot();
    assertThatThrownBy(() -> fingerprint.update(0, Capability.READ, "t", "s", "d", "i", Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(fingerprint.snapshot()).isEqualTo(before);
  }

  @Test
  void slicesStringsAndHashesAreTheSameKeys() {
    AgentFingerprint byString = Fingerprints.empty();
    AgentFingerprint bySlice = Fingerprints.empty();
    byte[] line = "xxschreiben-ü-𝄞yy".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    String tool = "schreiben-ü-𝄞";
    byString.update(START, Capability.WRITE, tool, null, null, null, 0.5);
    bySlice.update(
        START, Capability.WRITE, KEYS.hash(line, 2, line.length - 4), 0, 0, 0, 0.5, true);
    assertThat(byString.snapshot()).isEqualTo(bySlice.snapshot());
    assertThat(bySlice.toolCount(tool)).isOne();
  }

  @Test
  void updatesAndQueriesAllocateNothing() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    AgentFingerprint fingerprint = Fingerprints.settled(100);
    String[] tools = {"tool-1", "tool-2", "tool-3", "something-else"};
    double sink = 0;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) { // the first rounds may still load classes
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1_000; i++) {
        String tool = tools[i & 3];
        fingerprint.update(START + i, Capability.READ, tool, "server-1", "local", "192.0.2.1", 0.3);
        sink += fingerprint.isNovelTool(tool) ? 1 : 0;
        sink += fingerprint.isNovelServer(tool) ? 1 : 0;
        sink += fingerprint.isNovelDomain(tool) ? 1 : 0;
        sink += fingerprint.toolCount(tool);
        sink += fingerprint.capabilityJsd(Capability.READ);
        sink += fingerprint.temporalZScore(1);
        sink += fingerprint.sequenceSurprise(Capability.READ, tool);
        sink += fingerprint.riskZScore(0.3);
        sink += fingerprint.toolCardinalityGrowth();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(sink).isPositive();
    assertThat(least).isZero();
  }
}
