package dev.quintai.fingerprint;

import java.util.Objects;

/**
 * One way in which an action is outside of what its agent normally does.
 *
 * @param measure what was measured
 * @param value the value, in the measure's unit
 * @param score how much it weighs, over 0 and below 1
 * @param reason what it means, in words and numbers
 */
public record Deviation(DeviationMeasure measure, double value, double score, String reason) {
  public Deviation {
    Objects.requireNonNull(measure, "measure");
    Objects.requireNonNull(reason, "reason");
  }
}
