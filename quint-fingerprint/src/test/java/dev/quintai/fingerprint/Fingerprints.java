package dev.quintai.fingerprint;

import dev.quintai.core.Capability;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What several tests need. */
final class Fingerprints {
  static final HashSeed SEED =
      HashSeed.ofSecret("a secret for tests only".getBytes(StandardCharsets.UTF_8));
  static final KeyHasher KEYS = new KeyHasher(SEED);
  static final UUID AGENT = new UUID(0x0123_4567_89AB_5DEFL, 0x8123_4567_89AB_CDEFL);
  static final long SECOND = 1_000_000_000L;
  static final long START = 1_790_000_000L * SECOND;

  private Fingerprints() {}

  static AgentFingerprint empty() {
    return AgentFingerprint.create(AGENT, KEYS);
  }

  /** An agent with the same few habits for so many actions, one every ten seconds or so. */
  static AgentFingerprint settled(int actions) {
    AgentFingerprint fingerprint = empty();
    SplitMix random = new SplitMix(actions);
    for (int i = 0; i < actions; i++) {
      act(fingerprint, random, START + i * 10L * SECOND + random.next(1_000_000_000));
    }
    return fingerprint;
  }

  private static void act(AgentFingerprint fingerprint, SplitMix random, long time) {
    int tool = random.next(5);
    fingerprint.update(
        time,
        Capability.at(tool % 3),
        "tool-" + tool,
        "server-" + tool % 2,
        "local",
        "192.0.2." + tool,
        0.1 + 0.02 * random.next(6));
  }
}
