package dev.quintai.core.event;

/**
 * A process. A pid alone names nobody: it is reused, so the start time belongs to the identity.
 *
 * @param pid the process id as its source reports it (in a container: the source's namespace)
 * @param startMs start time (that of the fork) in milliseconds since the Unix epoch, floored, or
 *     {@link #UNKNOWN_START}
 */
public record ProcessId(int pid, long startMs) {

  /** The value of {@link #startMs} when the source did not give one. */
  public static final long UNKNOWN_START = -1;

  /** A process of which only the pid is known. */
  public static ProcessId ofPid(int pid) {
    return new ProcessId(pid, UNKNOWN_START);
  }

  /** Whether the start time is known. */
  public boolean startKnown() {
    return startMs != UNKNOWN_START;
  }

  @Override
  public String toString() {
    return startKnown() ? pid + "-" + startMs : Integer.toString(pid);
  }
}
