package dev.quintai.core.spi;

import dev.quintai.core.Finding;
import dev.quintai.core.Session;

/**
 * Where findings and the life of sessions are told: a file, a console, a forwarder.
 *
 * <p>Called under the engine's order, so implementations need no locks against the engine, must
 * return quickly, and must not call back into it. An exception is counted and otherwise ignored.
 */
public interface FindingSink {

  /** A finding or a later revision of one. */
  void accept(Finding finding);

  /** A session began. */
  default void sessionStarted(Session session) {}

  /**
   * A session goes on that was told of before: the same root found again after our restart, or the
   * agent's own session taken up by a new process. In the first case it is told instead of {@link
   * #sessionStarted}, in the second after it.
   *
   * @param session the session as it is now
   * @param earlier the id of the session that it goes on with; its own id after a restart
   */
  default void sessionResumed(Session session, String earlier) {}

  /** A session ended. */
  default void sessionEnded(Session session) {}
}
