package dev.quintai.core.event;

/**
 * Anything the engine learns: what the model declared, what the operating system saw, and what was
 * lost on the way. Immutable; all times are nanoseconds since the Unix epoch on a clock that does
 * not step (a monotonic clock plus an offset taken once a boot).
 */
public sealed interface Event
    permits TruthEvent, IntentEvent, IntentResult, Approval, AgentProcess, SensorLoss {

  /** When it happened, in nanoseconds since the Unix epoch. */
  long timeNanos();

  /** The sensor that delivered it; never null. */
  Origin origin();

  /** When it happened, in milliseconds since the Unix epoch, rounded down. */
  default long timeMs() {
    return Math.floorDiv(timeNanos(), 1_000_000L);
  }
}
