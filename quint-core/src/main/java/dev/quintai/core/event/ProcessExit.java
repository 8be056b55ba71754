package dev.quintai.core.event;

import java.util.Objects;

/**
 * A process ended.
 *
 * @param timeNanos see {@link Event#timeNanos()}
 * @param process the process
 * @param origin the sensor
 * @param exitCode its exit code, 128 + n for signal n, or -1 when unknown
 */
public record ProcessExit(long timeNanos, ProcessId process, Origin origin, int exitCode)
    implements TruthEvent {

  public ProcessExit {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(origin, "origin");
  }
}
