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

  /** A session ended. */
  default void sessionEnded(Session session) {}
}
