package dev.quintai.signatures;

import java.util.Objects;

/**
 * What became of one signature on receipt.
 *
 * @param line the line of the file on which it starts, from 1
 * @param id its id, or null when it could not be read
 * @param version its version as written, or null when it could not be read
 * @param check the check that refused it, or null when it was accepted
 * @param reason why, in words a person can act on; for an accepted one a remark, or null
 * @param changed whether the set in force is another one by it
 */
public record Receipt(
    int line, String id, Number version, Check check, String reason, boolean changed) {

  public Receipt {
    if (check != null) {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** Whether it was accepted, as new or as known already. */
  public boolean accepted() {
    return check == null;
  }

  static Receipt accepted(SignatureFile.Part part, String remark, boolean changed) {
    return new Receipt(
        part.line(), part.document().id(), part.document().version(), null, remark, changed);
  }

  static Receipt rejected(SignatureFile.Part part, SignatureRejectedException rejection) {
    SignatureDocument document = part.document();
    return new Receipt(
        part.line(),
        document == null ? null : document.id(),
        document == null ? null : document.version(),
        rejection.check(),
        rejection.getMessage(),
        false);
  }
}
