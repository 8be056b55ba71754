package dev.quintai.core.event;

import java.util.Objects;

/**
 * A process made a child. The child starts as a copy of its parent's program.
 *
 * @param timeNanos see {@link Event#timeNanos()}
 * @param process the parent
 * @param origin the sensor
 * @param child the new process
 */
public record ProcessFork(long timeNanos, ProcessId process, Origin origin, ProcessId child)
    implements TruthEvent {

  public ProcessFork {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(child, "child");
  }
}
