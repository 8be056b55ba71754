package dev.quintai.core.event;

import java.util.Objects;

/**
 * A person, or a policy, answered the agent's question whether a call may run.
 *
 * @param timeNanos see {@link Event#timeNanos()}
 * @param origin the sensor
 * @param toolUseId the call
 * @param granted whether it may run
 */
public record Approval(long timeNanos, Origin origin, String toolUseId, boolean granted)
    implements Event {

  public Approval {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(toolUseId, "toolUseId");
  }
}
