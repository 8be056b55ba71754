package dev.quintai.fingerprint;

/** A snapshot of a fingerprint cannot be used; {@link #reason()} and the message say why. */
public final class SnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public enum Reason {
    /** It has not the size of a fingerprint. */
    LENGTH,
    /** It does not begin like a fingerprint. */
    MAGIC,
    /** It was written by another version of the layout. */
    VERSION,
    /** Its bytes are not those that were written. */
    CHECKSUM,
    /** Its keys were hashed with another seed. */
    SEED,
    /** It is of another agent. */
    AGENT,
    /** A field has a value that no update gives it. */
    CONTENT
  }

  private final Reason reason;

  SnapshotException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What is wrong with it. */
  public Reason reason() {
    return reason;
  }
}
