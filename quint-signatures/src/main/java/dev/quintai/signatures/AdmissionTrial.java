package dev.quintai.signatures;

import java.util.Collections;
import java.util.List;

/** Tries signatures before they are let loose on a fleet. */
@FunctionalInterface
public interface AdmissionTrial {

  /** Lets everything pass. */
  AdmissionTrial NONE = signatures -> Collections.nCopies(signatures.size(), null);

  /**
   * Why signatures must be held for now.
   *
   * @param signatures those of one file that have passed all checks
   * @return for each of them, in their order, what speaks against it, or null when nothing does
   */
  List<String> objections(List<ThreatSignature> signatures);
}
