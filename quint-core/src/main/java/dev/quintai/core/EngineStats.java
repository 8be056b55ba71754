package dev.quintai.core;

import java.util.Map;

/**
 * What the engine has counted since it was built. Whatever was dropped, late or failed shows here.
 *
 * @param events events taken
 * @param intents tool calls judged
 * @param unattributed events that belong to no session
 * @param late events that came after their time had been passed on
 * @param early events passed on before their time for want of room
 * @param lost events that sensors said they lost
 * @param evictedProcesses processes forgotten for want of room
 * @param gateFailures exceptions and overruns, by gate
 * @param sinkFailures exceptions of sinks and of the tap
 */
public record EngineStats(
    long events,
    long intents,
    long unattributed,
    long late,
    long early,
    long lost,
    long evictedProcesses,
    Map<Gate, Long> gateFailures,
    long sinkFailures) {

  public EngineStats {
    gateFailures = Map.copyOf(gateFailures);
  }
}
