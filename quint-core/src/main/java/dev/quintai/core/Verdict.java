package dev.quintai.core;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The engine's answer to one tool call: the strictest gate's decision and the highest score, under
 * the engine's mode.
 *
 * @param decision what the gates say
 * @param mode the engine's mode, which decides what becomes of it
 * @param score 0 to 1
 * @param reasons every gate's reasons, strictest gate first
 * @param scores each gate's score, for the record
 * @param risk the call's own risk before any gate spoke, 0 to 1
 * @param session id of the session, or null when the call belongs to none
 * @param failedGates gates that failed or were too slow; the fail mode answered for them
 */
public record Verdict(
    Decision decision,
    Mode mode,
    double score,
    List<String> reasons,
    Map<Gate, Double> scores,
    double risk,
    String session,
    List<Gate> failedGates) {

  public Verdict {
    Objects.requireNonNull(decision, "decision");
    Objects.requireNonNull(mode, "mode");
    reasons = List.copyOf(reasons);
    scores = Map.copyOf(scores);
    failedGates = List.copyOf(failedGates);
  }

  /** Whether the call must be refused: the gates say block and the mode enforces it. */
  public boolean refused() {
    return decision == Decision.BLOCK && mode == Mode.BLOCK;
  }
}
