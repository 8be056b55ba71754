package dev.quintai.core.event;

import java.util.Objects;

/**
 * A process touched a file.
 *
 * @param timeNanos see {@link Event#timeNanos()}
 * @param process the process
 * @param origin the sensor
 * @param op what it did
 * @param path absolute path after links were followed
 * @param requestedPath the path as the process asked for it where that is another one, or null
 * @param access how it was opened; null where the operation is not an open
 * @param newPath the new name of a rename, or null
 * @param count for how many equal events this one stands, at least 1
 */
public record FileEvent(
    long timeNanos,
    ProcessId process,
    Origin origin,
    Op op,
    String path,
    String requestedPath,
    Access access,
    String newPath,
    int count)
    implements TruthEvent {

  /** What was done to the file. */
  public enum Op {
    OPEN,
    CREATE,
    WRITE,
    CLOSE,
    RENAME,
    UNLINK
  }

  /** How a file was opened. */
  public enum Access {
    READ,
    WRITE,
    READWRITE
  }

  public FileEvent {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(op, "op");
    Objects.requireNonNull(path, "path");
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1: " + count);
    }
  }
}
