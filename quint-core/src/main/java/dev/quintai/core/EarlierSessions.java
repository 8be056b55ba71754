package dev.quintai.core;

/**
 * Remembers sessions across restarts, so that one that goes on is told from a new one. Called under
 * the engine's lock: answers must come from memory.
 */
public interface EarlierSessions {

  /** Remembers nothing. */
  EarlierSessions NONE =
      new EarlierSessions() {
        @Override
        public boolean started(String sessionId) {
          return false;
        }

        @Override
        public String ofAgentSession(String uuid) {
          return null;
        }
      };

  /** Whether the session was told to have started before this engine did. */
  boolean started(String sessionId);

  /** The id of the latest session that had the agent's own session UUID, or null. */
  String ofAgentSession(String uuid);
}
