package dev.quintai.core.snapshot;

/** A snapshot was refused; the message says why, and at which byte where that helps. */
public final class SnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Refuses a snapshot. */
  public SnapshotException(String reason) {
    super(reason);
  }
}
