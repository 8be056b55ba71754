package dev.quintai.signatures;

import dev.quintai.core.Gate;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Gate 1: tells when a session's flow comes to resemble a threat signature.
 *
 * <p>After each action of a tool call the session's transitions, whole or through a signature's
 * window, are matched against the set in force. Each session has at most one finding for a
 * signature ({@code signature_match}), revised when the session comes closer. A match is an answer
 * to the call at hand: block for severity high or critical, alert for medium, else allow, but never
 * more than the signature's lane. Sub-agents are also matched together with the session that
 * delegated to them, see {@link FlowTree}.
 *
 * <p>The set may be replaced at any time without a pause: the next call uses the new one. Matching
 * allocates only for what it finds. Thread-safe as the SPI asks: one thread at a time for a
 * session.
 */
public final class SignatureDetector implements Detector {
  private final Supplier<SignatureSet> signatures;
  private final InstantSource clock;
  private final BenignRecorder recorder;
  private final Map<String, SignatureSession> open = new ConcurrentHashMap<>();
  private final Map<Suppression, LongAdder> suppressed = new ConcurrentHashMap<>();
  private final LongAdder uncounted = new LongAdder();
  private final LongAdder unkept = new LongAdder();

  /**
   * Watches with a set that may change, expired signatures being told by the time of the events:
   * for recordings.
   *
   * @param signatures gives the set in force, for example {@link ThreatSignatureRegistry#current}
   */
  public SignatureDetector(Supplier<SignatureSet> signatures) {
    this(signatures, null);
  }

  /**
   * Watches with a set that may change, expired signatures being told by a clock: for what happens
   * now.
   *
   * @param signatures gives the set in force; never waits
   * @param clock the present, or null for the time of the events
   */
  public SignatureDetector(Supplier<SignatureSet> signatures, InstantSource clock) {
    this(signatures, clock, null);
  }

  /**
   * The same, telling a recorder what each session has done; the recorder must also be a sink of
   * the engine.
   *
   * @param recorder fills the history against which new signatures are tried, or null for none
   */
  public SignatureDetector(
      Supplier<SignatureSet> signatures, InstantSource clock, BenignRecorder recorder) {
    this.signatures = Objects.requireNonNull(signatures, "signatures");
    this.clock = clock;
    this.recorder = recorder;
  }

  @Override
  public Gate gate() {
    return Gate.SIGNATURE;
  }

  @Override
  public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
    SignatureSession watched = new SignatureSession(this, session, facts, findings);
    open.put(session.id(), watched);
    return watched;
  }

  /** How many findings were kept quiet by suppressions: of each session one a signature. */
  public long suppressed() {
    return suppressed.values().stream().mapToLong(LongAdder::sum).sum() + uncounted.sum();
  }

  /** The same by suppression. A copy. */
  public Map<Suppression, Long> suppressedBy() {
    Map<Suppression, Long> counts = new HashMap<>();
    suppressed.forEach((suppression, count) -> counts.put(suppression, count.sum()));
    return counts;
  }

  /** How many matches gave no finding because their session had too many already. */
  public long unkept() {
    return unkept.sum();
  }

  SignatureSet set() {
    return signatures.get();
  }

  InstantSource clock() {
    return clock;
  }

  SignatureSession opened(String sessionId) {
    return sessionId == null ? null : open.get(sessionId);
  }

  void closed(SignatureSession session, SessionFlow flow) {
    open.remove(session.session().id(), session);
    if (recorder != null) {
      recorder.did(session.session(), flow.steps());
    }
  }

  void countSuppressed(Suppression by) {
    LongAdder count = suppressed.get(by);
    // Suppressions come and go in a long life: what has no place of its own is not told apart.
    if (count == null && suppressed.size() < ThreatSignatureRegistry.MAX_SUPPRESSIONS) {
      count = suppressed.computeIfAbsent(by, s -> new LongAdder());
    }
    (count == null ? uncounted : count).increment();
  }

  void countUnkept() {
    unkept.increment();
  }
}
