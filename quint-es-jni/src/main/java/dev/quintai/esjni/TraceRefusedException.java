package dev.quintai.esjni;

import java.io.IOException;

/**
 * The command could not be put under watch and was not started: it can still be run in another way.
 * The message says why and what to do about it.
 */
public final class TraceRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** The jar has no program for this machine, or it cannot be run. */
    NO_PROGRAM,
    /** The kernel cannot notify of system calls. */
    NO_SECCOMP,
    /** We are being watched ourselves; a kernel allows one watcher. */
    NESTED,
    /** The memory of watched processes may not be read. */
    NO_RIGHT,
    /** No process, descriptor or memory left, or the program did not work. */
    FAILED
  }

  private final Reason reason;

  /** Refused for this reason. */
  public TraceRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  static TraceRefusedException of(WireDecoder.Refusal refusal) {
    Reason reason =
        switch (refusal.code()) {
          case 3 -> Reason.NO_SECCOMP;
          case 4 -> Reason.NESTED;
          case 5 -> Reason.NO_RIGHT;
          default -> Reason.FAILED;
        };
    return new TraceRefusedException(
        reason, explain(refusal.message(), Integer.toString(refusal.errno())));
  }

  /** The message with the system's error number, where there is one. */
  static String explain(String message, String errno) {
    return errno.equals("0") ? message : message + " (errno " + errno + ")";
  }
}
