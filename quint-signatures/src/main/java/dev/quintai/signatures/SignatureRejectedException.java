package dev.quintai.signatures;

import java.util.Objects;

/** A signature that is not accepted. The message says why, in words a person can act on. */
public final class SignatureRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Check check;

  /** A rejection by a check. */
  public SignatureRejectedException(Check check, String reason) {
    // Without a stack trace: hostile input makes many of them, and the reason says where.
    super(Objects.requireNonNull(reason, "reason"), null, false, false);
    this.check = Objects.requireNonNull(check, "check");
  }

  /** The check that failed. */
  public Check check() {
    return check;
  }
}
