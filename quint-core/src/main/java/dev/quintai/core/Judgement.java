package dev.quintai.core;

import java.util.List;
import java.util.Objects;

/**
 * One gate's answer to one tool call.
 *
 * @param decision allow, alert or block
 * @param score how sure the gate is that the call is bad, 0 to 1
 * @param reasons why, in words a person can act on; empty for a plain allow
 */
public record Judgement(Decision decision, double score, List<String> reasons) {

  /** Nothing against it. */
  public static final Judgement ALLOW = new Judgement(Decision.ALLOW, 0, List.of());

  public Judgement {
    Objects.requireNonNull(decision, "decision");
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score must be 0 to 1: " + score);
    }
    reasons = List.copyOf(reasons);
  }
}
