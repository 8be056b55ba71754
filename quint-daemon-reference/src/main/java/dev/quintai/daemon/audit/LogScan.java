package dev.quintai.daemon.audit;

import dev.quintai.daemon.audit.AuditVerification.KeySource;
import dev.quintai.daemon.audit.AuditVerification.Status;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One pass over one log in one read transaction. The first defect by row id wins; the scan stops at
 * the first row that breaks the chain, since nothing after it proves anything.
 */
final class LogScan {
  private static final int PROGRESS_ROWS = 4096;

  private final Connection db;
  private final Path file;
  private final Map<String, Ed25519Key> given = new HashMap<>();
  private final List<AuditCheckpoint> kept;
  private final AuditVerifier.Progress progress;
  private final RowHash hasher = new RowHash();

  private long badRow = Long.MAX_VALUE;
  private String reason;
  private long rows;
  private long signedRows;
  private String head = RowHash.GENESIS;
  private KeyHistory history;

  LogScan(
      Connection db,
      Path file,
      List<Ed25519Key> given,
      List<AuditCheckpoint> kept,
      AuditVerifier.Progress progress) {
    this.db = db;
    this.file = file;
    given.forEach(k -> this.given.put(k.keyId(), k));
    this.kept = kept;
    this.progress = progress;
  }

  AuditVerification run() throws SQLException, InterruptedException {
    boolean open = WriterLock.isOpen(file);
    try (Statement s = db.createStatement()) {
      s.executeUpdate("BEGIN");
      String notALog = checkTables();
      if (notALog != null) {
        return AuditVerification.unreadable(file + ": " + notALog);
      }
      if (reason != null) {
        return result(open, 0, 0);
      }
      history = KeyHistory.read(db);
      open |= WriterLock.isOpen(file);
      return scan(open);
    }
  }

  /** What makes the file no audit log at all, or null; an audit log with other columns is bad. */
  private String checkTables() throws SQLException {
    Set<String> columns = columns("audit_log");
    if (columns.isEmpty()) {
      return "no audit log (there is no table audit_log)";
    }
    Set<String> expected =
        AuditColumn.table().stream().map(AuditColumn::column).collect(Collectors.toSet());
    boolean ours = AuditSchema.pragma(db, "application_id") == AuditSchema.APPLICATION_ID;
    if (!columns.equals(expected)) {
      Set<String> difference = new HashSet<>(columns);
      difference.removeAll(expected);
      String what = "has a column that no hash covers: ";
      if (difference.isEmpty()) {
        difference.addAll(expected);
        difference.removeAll(columns);
        what = "lacks columns: ";
      }
      String problem = what + Printable.of(String.join(", ", difference));
      if (!ours) {
        return "no audit log of Quint (table audit_log " + problem + ")";
      }
      defect(0, "table audit_log " + problem);
    }
    for (String table : List.of("audit_checkpoint", "audit_key")) {
      if (columns(table).isEmpty()) {
        defect(0, "table " + table + " is missing");
      }
    }
    return null;
  }

  private Set<String> columns(String table) throws SQLException {
    Set<String> names = new HashSet<>();
    try (Statement s = db.createStatement()) {
      try (ResultSet r =
          s.executeQuery(
              "SELECT 1 FROM sqlite_master WHERE type='table' AND name='" + table + "'")) {
        if (!r.next()) {
          return names;
        }
      }
      try (ResultSet r = s.executeQuery("PRAGMA table_xinfo(" + table + ")")) {
        while (r.next()) {
          names.add(r.getString("name"));
        }
      }
    }
    return names;
  }

  private AuditVerification scan(boolean open) throws SQLException, InterruptedException {
    long last = lastId();
    CheckpointWalk checkpoints = new CheckpointWalk(db, this::trusted, kept, history);
    try (checkpoints;
        SignatureChecks signatures = new SignatureChecks();
        Statement s = db.createStatement()) {
      try (ResultSet r = s.executeQuery(RowReader.SELECT)) {
        RowReader reader = new RowReader(r);
        while (badRow == Long.MAX_VALUE && !signatures.foundBad() && r.next()) {
          onRow(reader, signatures, checkpoints);
          if (rows % PROGRESS_ROWS == 0) {
            progress.at(rows, last);
          }
        }
      } catch (SQLException e) {
        if (rows == 0) {
          throw e;
        }
        defect(rows + 1, "row " + (rows + 1) + " cannot be read: " + e.getMessage());
      }
      long badSignature = signatures.finish();
      if (badSignature < Long.MAX_VALUE && badSignature <= badRow) {
        badRow = Long.MAX_VALUE;
        defect(badSignature, "the signature of row " + badSignature + " does not verify");
      }
      if (badRow == Long.MAX_VALUE) {
        atEnd(checkpoints, open);
      }
      return result(open, checkpoints.count(), Math.max(0, rows - checkpoints.upto()));
    }
  }

  private void onRow(RowReader reader, SignatureChecks signatures, CheckpointWalk checkpoints)
      throws SQLException, InterruptedException {
    long id = reader.id();
    if (id != rows + 1) {
      long missing = Math.min(id, rows + 1);
      defect(
          missing,
          id > rows
              ? "row " + missing + " is missing (row " + id + " follows)"
              : "row " + id + " is out of order");
      return;
    }
    String problem = reader.read();
    byte[] hash = null;
    if (problem == null) {
      try {
        hash = hasher.of(reader.values());
      } catch (IllegalArgumentException e) {
        problem = "holds " + e.getMessage();
      }
    }
    if (problem == null) {
      problem = check(reader, hash);
    }
    if (problem == null) {
      String signature = reader.text(AuditColumn.SIGNATURE);
      Ed25519Key signer = signature == null || history.defect() != null ? null : history.current();
      if (signer != null) {
        // The given key of that id, not the log's own, which could be another with the same id.
        signatures.add(id, hash, signature, trusted(signer.keyId()));
        signedRows++;
      }
      rows++;
      head = reader.text(AuditColumn.ROW_HASH);
      String broken = checkpoints.onRow(id, head, signer);
      if (broken != null) {
        defect(id, broken);
      }
    } else {
      defect(id, "row " + id + ' ' + problem);
    }
  }

  private String check(RowReader reader, byte[] hash) {
    if (!RowHash.hex(hash).equals(reader.text(AuditColumn.ROW_HASH))) {
      return "was altered: its content does not have its row_hash";
    }
    if (!head.equals(reader.text(AuditColumn.PREV_HASH))) {
      return "does not follow the row before it: prev_hash is not that row's row_hash";
    }
    boolean signed = reader.text(AuditColumn.SIGNATURE) != null;
    if (history.defect() != null) {
      return null;
    }
    String problem = history.onRow(reader.text(AuditColumn.TIMESTAMP), signed);
    if (problem == null && signed && trusted(history.current().keyId()) == null) {
      problem = "is signed by key " + history.current().keyId() + ", which is none of those given";
    }
    return problem;
  }

  private Ed25519Key trusted(String keyId) {
    return given.isEmpty() ? history.byId(keyId) : given.get(keyId);
  }

  private void atEnd(CheckpointWalk checkpoints, boolean open) throws SQLException {
    String problem = checkpoints.atEnd(rows);
    if (problem != null) {
      defect(rows + 1, problem);
    } else if (history.defect() != null) {
      defect(0, history.defect());
    } else if (history.atEnd() != null) {
      defect(0, history.atEnd());
    } else if (!given.isEmpty() && rows > 0 && signedRows == 0) {
      defect(1, "row 1 has no signature, nor has any other, and a public key was given");
    } else if (rows > checkpoints.upto() && !open) {
      long first = checkpoints.upto() + 1;
      defect(
          first,
          "row "
              + first
              + " and what follows are after the last checkpoint, and no writer has the log open"
              + " (a crash, or checkpoints were removed)");
    } else if (counted("audit_log") > rows) {
      defect(
          rows + 1,
          "row " + (rows + 1) + " is missing: the database has counted to " + counted("audit_log"));
    } else if (counted("audit_checkpoint") > checkpoints.count()) {
      defect(0, "the last checkpoint is missing: the database has counted more of them");
    }
  }

  /** The highest id that SQLite ever gave to a table, so far as its own count was left alone. */
  private long counted(String table) throws SQLException {
    if (columns("sqlite_sequence").isEmpty()) {
      return 0;
    }
    try (Statement s = db.createStatement();
        ResultSet r =
            s.executeQuery("SELECT seq FROM sqlite_sequence WHERE name='" + table + "'")) {
      return r.next() ? r.getLong(1) : 0;
    }
  }

  private long lastId() throws SQLException {
    try (Statement s = db.createStatement();
        ResultSet r = s.executeQuery("SELECT max(id) FROM audit_log")) {
      return r.next() ? r.getLong(1) : 0;
    }
  }

  private void defect(long row, String why) {
    if (reason == null || row < badRow) {
      badRow = row;
      reason = why;
    }
  }

  private AuditVerification result(boolean open, long checkpoints, long uncheckpointed) {
    KeySource source = KeySource.NONE;
    if (!given.isEmpty()) {
      source = KeySource.GIVEN;
    } else if (signedRows > 0 || (history != null && !history.isEmpty())) {
      source = KeySource.OWN;
    }
    return new AuditVerification(
        reason == null ? Status.WHOLE : Status.NOT_WHOLE,
        reason == null ? 0 : badRow,
        reason,
        rows,
        signedRows,
        checkpoints,
        uncheckpointed,
        open,
        source,
        head);
  }
}
