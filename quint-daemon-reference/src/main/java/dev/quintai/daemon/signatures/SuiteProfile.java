package dev.quintai.daemon.signatures;

import dev.quintai.core.Action;
import dev.quintai.core.AgentIds;
import dev.quintai.fingerprint.AgentFingerprint;
import dev.quintai.fingerprint.HashSeed;
import dev.quintai.fingerprint.KeyHasher;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What is usual in a suite: the behaviour of its agent as a fingerprint, which tool follows which,
 * and the targets that its calls have named. Bounded: past the limit, values are no longer learnt,
 * and count as new.
 */
final class SuiteProfile {
  private static final int MAX_VALUES = 500_000;
  private static final int MAX_PAIRS = 50_000;
  private static final String START = "";

  private final AgentFingerprint fingerprint;
  private final Set<String> values = new HashSet<>();
  private final TransitionCounts pairs = new TransitionCounts(MAX_PAIRS);

  SuiteProfile(String suite) {
    // The seed follows from the suite, so that the same sessions always give the same scores.
    KeyHasher keys = new KeyHasher(HashSeed.ofSession("suite " + suite));
    UUID id = AgentIds.uuid5(AgentIds.OID, suite.getBytes(StandardCharsets.UTF_8));
    this.fingerprint = AgentFingerprint.create(id, keys);
  }

  /** Starts learning a session. */
  Learner session() {
    fingerprint.breakSequence();
    return new Learner();
  }

  /** Learns the calls of one session. */
  final class Learner {
    private String previous = START;

    void call(ScoredSession.Call call, List<Action> actions) {
      actions.forEach(fingerprint::update);
      pairs.count(previous, call.tool());
      previous = call.tool();
      ArgumentValues.each(
          call.arguments().value(),
          (kind, value) -> {
            if (values.size() < MAX_VALUES) {
              values.add(value);
            }
          });
    }
  }

  boolean knows(String value) {
    return values.contains(value);
  }

  /** How unexpected a tool is, in nats: the logarithm of one over its smoothed share of calls. */
  double toolSurprise(String tool) {
    return Math.log((fingerprint.toolCalls() + 50.0) / (fingerprint.toolCount(tool) + 0.5));
  }

  /** How unexpected a tool is after another (null for the start of a session), in nats. */
  double pairSurprise(String previous, String tool) {
    return pairs.surprise(previous == null ? START : previous, tool);
  }
}
