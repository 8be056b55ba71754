package dev.quintai.signatures;

import java.util.HexFormat;
import java.util.Objects;

/**
 * A session that nobody minded: who acted, and what was done, without any word of a call.
 * Immutable.
 *
 * @param session the session's id
 * @param platform the agent's platform
 * @param depth how many agents stand above it
 * @param steps its last actions, at most {@link BenignHistory#MAX_ACTIONS}, as two hexadecimal
 *     digits each: the facts that held (1 sensitive target, 2 new destination, 4 undeclared effect,
 *     8 tool output seen) and the index of the capability
 */
public record BenignSession(String session, String platform, int depth, String steps) {

  private static final int MAX_NAME = 256;

  public BenignSession {
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(platform, "platform");
    if (session.length() > MAX_NAME || platform.length() > MAX_NAME || depth < 0) {
      throw new IllegalArgumentException("session, platform or depth out of range");
    }
    if (steps.length() % 2 != 0 || steps.length() > 2 * BenignHistory.MAX_ACTIONS) {
      throw new IllegalArgumentException("steps: two digits an action were expected");
    }
    for (byte step : HexFormat.of().parseHex(steps)) {
      if (!SessionFlow.isStep(step & 0xff)) {
        throw new IllegalArgumentException("steps: no such capability: " + (step & 0x0f));
      }
    }
  }

  static BenignSession of(String session, String platform, int depth, byte[] steps) {
    return new BenignSession(session, platform, depth, HexFormat.of().formatHex(steps));
  }

  /** How many actions it holds. */
  public int actions() {
    return steps.length() / 2;
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(steps);
  }
}
