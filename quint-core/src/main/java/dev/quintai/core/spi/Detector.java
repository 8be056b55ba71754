package dev.quintai.core.spi;

import dev.quintai.core.Gate;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;

/**
 * A gate. The engine opens one {@link SessionDetector} for each session and calls it from one
 * thread at a time, so neither needs locks for session state.
 *
 * <p>An exception from either is counted by the engine as a failure of the gate; the engine's fail
 * mode answers for it, and the other gates go on.
 */
public interface Detector {

  /** Which gate this is. */
  Gate gate();

  /**
   * Starts watching a session.
   *
   * @param session the session; its fields may gain values later
   * @param facts what the gates share about it
   * @param findings where to report; usable until {@link SessionDetector#end}
   */
  SessionDetector open(Session session, SessionFacts facts, Findings findings);
}
