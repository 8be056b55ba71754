package dev.quintai.daemon.audit;

/**
 * What a verification found.
 *
 * @param status whether the log is whole
 * @param firstBadRow id of the first row that is wrong or missing, or 0 when there is none or the
 *     defect is not one of a row
 * @param reason what is wrong, one sentence, or null
 * @param rows how many rows were read
 * @param signedRows how many of them carry a signature
 * @param checkpoints how many checkpoints of the log were checked
 * @param uncheckpointedRows how many rows follow the last checkpoint
 * @param open whether a writer on this machine has the log open
 * @param keySource whose keys the signatures were checked with
 * @param headHash {@code row_hash} of the last row, 64 zeros when there is none
 */
public record AuditVerification(
    Status status,
    long firstBadRow,
    String reason,
    long rows,
    long signedRows,
    long checkpoints,
    long uncheckpointedRows,
    boolean open,
    KeySource keySource,
    String headHash) {

  /** The outcome, with the exit status of {@code audit verify}. */
  public enum Status {
    WHOLE(0),
    NOT_WHOLE(1),
    UNREADABLE(2);

    private final int exitStatus;

    Status(int exitStatus) {
      this.exitStatus = exitStatus;
    }

    public int exitStatus() {
      return exitStatus;
    }
  }

  /** Where the keys came from. */
  public enum KeySource {
    /** From outside: the signatures prove who wrote the log. */
    GIVEN,
    /** From the log itself: whoever replaced every row and the key is not found. */
    OWN,
    /** No row is signed: whoever recomputed the whole chain is not found. */
    NONE
  }

  static AuditVerification unreadable(String reason) {
    return new AuditVerification(
        Status.UNREADABLE, 0, reason, 0, 0, 0, 0, false, KeySource.NONE, RowHash.GENESIS);
  }
}
