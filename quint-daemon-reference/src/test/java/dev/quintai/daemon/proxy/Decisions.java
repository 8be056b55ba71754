package dev.quintai.daemon.proxy;

import java.nio.charset.StandardCharsets;

/** What a gate has decided, for tests of gates outside this package. */
public final class Decisions {

  private Decisions() {}

  /** How many of {@code held} bytes go to the client. */
  public static int passed(GateDecision decision, int held) {
    return decision.kind() == GateDecision.Kind.ANSWER ? 0 : Math.min(held, decision.count());
  }

  /** The text that ends the response instead, or null. */
  public static String instead(GateDecision decision) {
    return switch (decision.kind()) {
      case REPLACE -> new String(decision.bytes(), StandardCharsets.UTF_8);
      case ANSWER -> new String(decision.response().body(), StandardCharsets.UTF_8);
      default -> null;
    };
  }
}
