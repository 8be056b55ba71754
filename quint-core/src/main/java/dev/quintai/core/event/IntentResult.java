package dev.quintai.core.event;

import java.util.Objects;

/**
 * The agent handed the result of a tool call back to the model: the call is over.
 *
 * @param timeNanos see {@link Event#timeNanos()}
 * @param origin the sensor
 * @param toolUseId the call
 * @param isError whether the result was marked as an error
 */
public record IntentResult(long timeNanos, Origin origin, String toolUseId, boolean isError)
    implements Event {

  public IntentResult {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(toolUseId, "toolUseId");
  }
}
