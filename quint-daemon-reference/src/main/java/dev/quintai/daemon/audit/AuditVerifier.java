package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.sqlite.SQLiteException;

/**
 * Verifies an audit log: every row's hash, link and signature, every checkpoint, and that nothing
 * is missing that the log itself or a checkpoint kept elsewhere knows of.
 *
 * <p>It reads only, makes no file beside the log, and takes the same memory for a log of any
 * length. A log that is open is verified as it stood at the start. Immutable, thread-safe.
 */
public final class AuditVerifier {
  /** Told how far a verification is, every few thousand rows. */
  @FunctionalInterface
  public interface Progress {
    void at(long row, long lastRow);
  }

  private static final int ATTEMPTS = 3;

  private final List<Ed25519Key> keys;
  private final List<AuditCheckpoint> kept;
  private final Progress progress;

  /**
   * @param keys keys from outside, the only ones that are trusted; empty to trust those in the log
   * @param kept checkpoints kept elsewhere, in any order
   * @param progress told from the verifying thread
   */
  public AuditVerifier(List<Ed25519Key> keys, List<AuditCheckpoint> kept, Progress progress) {
    this.keys = List.copyOf(keys);
    this.kept = List.copyOf(kept);
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** Verifies a file; never throws for what is in it. */
  public AuditVerification verify(Path file) throws InterruptedException {
    try {
      for (int attempt = 1; ; attempt++) {
        try (ReadOnlyDatabase db = ReadOnlyDatabase.open(file)) {
          AuditVerification result = new LogScan(db.connection(), file, keys, kept, progress).run();
          if (db.isUnchanged()) {
            return result;
          }
          if (attempt == ATTEMPTS) {
            return AuditVerification.unreadable(file + " changes while it is read");
          }
        }
      }
    } catch (SQLiteException e) {
      return AuditVerification.unreadable(file + ": " + e.getResultCode().message);
    } catch (SQLException | IOException e) {
      return AuditVerification.unreadable(String.valueOf(e.getMessage()));
    }
  }
}
