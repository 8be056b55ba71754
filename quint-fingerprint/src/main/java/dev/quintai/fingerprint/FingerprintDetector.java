package dev.quintai.fingerprint;

import dev.quintai.core.Gate;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import java.util.Objects;

/**
 * Gate 2: holds each tool call against the agent's own past, then learns it.
 *
 * <p>Two ways to begin a session:
 *
 * <ul>
 *   <li>{@link #stored}: with the agent's fingerprint of all its earlier sessions.
 *   <li>{@link #cold}: with an empty one whose hash seed follows from the session's id, so the
 *       findings depend on the recorded events alone. With {@link #teaching} a cache learns the
 *       same actions, for other sessions to start from.
 * </ul>
 *
 * <p>A call whose deviations weigh at least {@link #REPORTED} together becomes one finding of type
 * {@value #TYPE}: {@code info} below 0.6, {@code low} below {@link #ALERTED}, else {@code medium}.
 * Only the last is an alert; this gate never blocks. Until the agent is known (see {@link
 * DeviationRules}) it is silent.
 *
 * <p>Thread-safe; the session detectors it opens are confined to their session's thread.
 */
public final class FingerprintDetector implements Detector {

  /** The type of its findings. */
  public static final String TYPE = "fingerprint_deviation";

  /** From which score on a call becomes a finding. */
  public static final double REPORTED = 0.4;

  /** From which score on a finding is {@code low}. */
  public static final double NOTED = 0.6;

  /** From which score on a finding is {@code medium}, and the call gets an alert. */
  public static final double ALERTED = 0.8;

  private static final int COLD_MEMO = 256;

  private final BehaviorCache judging; // null: cold
  private final BehaviorCache taught; // null: none
  private final DeviationRules rules;

  private FingerprintDetector(BehaviorCache judging, BehaviorCache taught, DeviationRules rules) {
    this.judging = judging;
    this.taught = taught;
    this.rules = Objects.requireNonNull(rules, "rules");
  }

  /** Each session begins with an empty fingerprint; what it learns ends with it. */
  public static FingerprintDetector cold() {
    return new FingerprintDetector(null, null, new DeviationRules());
  }

  /** Each session goes on with the agent's fingerprint in the cache. */
  public static FingerprintDetector stored(BehaviorCache cache) {
    Objects.requireNonNull(cache, "cache");
    return new FingerprintDetector(cache, cache, new DeviationRules());
  }

  /** The same, but the cache learns too; what it knows does not change what is found. */
  public FingerprintDetector teaching(BehaviorCache cache) {
    if (judging != null) {
      throw new IllegalStateException("a stored fingerprint already learns");
    }
    return new FingerprintDetector(null, Objects.requireNonNull(cache, "cache"), rules);
  }

  /** The same with other rules. */
  public FingerprintDetector withRules(DeviationRules other) {
    return new FingerprintDetector(judging, taught, other);
  }

  @Override
  public Gate gate() {
    return Gate.FINGERPRINT;
  }

  @Override
  public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
    AgentFingerprint own = null;
    if (judging == null) {
      HashSeed seed = HashSeed.ofSession(session.id());
      KeyHasher keys = new KeyHasher(seed, KeyHash.xxh3(seed), COLD_MEMO);
      own = AgentFingerprint.create(session.agentId(), keys);
    }
    if (taught != null) {
      taught.getOrCreate(session.agentId()).breakSequence();
    }
    return new FingerprintSession(session, own, taught, rules, findings);
  }
}
