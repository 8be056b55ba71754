package dev.quintai.signatures;

/** Tries a signature before it is let loose on a fleet. */
@FunctionalInterface
public interface AdmissionTrial {

  /** Lets everything pass. */
  AdmissionTrial NONE = signature -> null;

  /**
   * Why the signature must be held for now, or null when nothing speaks against it.
   *
   * @param signature one that has passed all checks
   */
  String objection(ThreatSignature signature);
}
