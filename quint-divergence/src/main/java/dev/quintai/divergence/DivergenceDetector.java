package dev.quintai.divergence;

import dev.quintai.core.Gate;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.snapshot.SnapshotException;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import java.util.Objects;

/**
 * Gate 3: holds what the model declared against what the operating system saw.
 *
 * <p>Fixed rules, no learning: a truth is explained by a declaration that names it, by stemming
 * from a declared command, or by a versioned list of what agents do by themselves; what remains is
 * a finding, and so is a declaration of which nothing was seen. Same events in the order of time,
 * same findings. State is bounded for each session.
 */
public final class DivergenceDetector implements Detector {
  private final DivergenceSettings settings;

  /** With {@link DivergenceSettings#DEFAULTS}. */
  public DivergenceDetector() {
    this(DivergenceSettings.DEFAULTS);
  }

  /** With the given settings. */
  public DivergenceDetector(DivergenceSettings settings) {
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  @Override
  public Gate gate() {
    return Gate.DIVERGENCE;
  }

  @Override
  public SessionMatcher open(Session session, SessionFacts facts, Findings findings) {
    return new SessionMatcher(session, facts, findings, settings);
  }

  /**
   * Goes on where {@link SessionMatcher#snapshot} stopped, with the session and the facts of the
   * snapshot.
   *
   * <p>The tables of these settings apply from now on, whatever those were that the snapshot was
   * made with. The snapshot is read as hostile input; what it can make this method allocate is
   * bounded by its length, and that by eight times {@link DivergenceSettings#maxBytes}.
   *
   * @param findings where to report
   * @throws SnapshotException when the snapshot is damaged, of an unknown version, or holds more
   *     than these settings allow; the message says which
   */
  public SessionMatcher restore(byte[] snapshot, Findings findings) throws SnapshotException {
    Objects.requireNonNull(findings, "findings");
    return SnapshotRead.of(snapshot.clone(), settings, null, null, findings);
  }

  /**
   * The same for a session that somebody else keeps, a tracker for example, and goes on describing.
   *
   * @throws SnapshotException as above, and when the snapshot is another session's
   */
  public SessionMatcher restore(
      byte[] snapshot, Session session, SessionFacts facts, Findings findings)
      throws SnapshotException {
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(facts, "facts");
    Objects.requireNonNull(findings, "findings");
    return SnapshotRead.of(snapshot.clone(), settings, session, facts, findings);
  }
}
