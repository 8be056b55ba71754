package dev.quintai.daemon.audit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Holds checkpoints, those of the log and those kept elsewhere, against the rows as they go by.
 * Both run in order of rows, so none has to be remembered.
 */
final class CheckpointWalk implements AutoCloseable {
  private static final String SELECT =
      "SELECT id, upto_id, row_hash, row_count, timestamp, key_id, signature,"
          + " typeof(upto_id)='integer' AND typeof(row_hash)='text' AND typeof(row_count)='integer'"
          + " AND typeof(timestamp)='text' AND typeof(key_id) IN ('text','null')"
          + " AND typeof(signature) IN ('text','null') FROM audit_checkpoint ORDER BY id";

  private final Function<String, Ed25519Key> trusted;
  private final KeyHistory history;
  private final Statement statement;
  private final ResultSet result;
  private final List<AuditCheckpoint> kept;
  private int nextKept;
  private AuditCheckpoint next;
  private String problem;
  private long count;
  private long upto;

  CheckpointWalk(
      Connection db,
      Function<String, Ed25519Key> trusted,
      List<AuditCheckpoint> kept,
      KeyHistory history)
      throws SQLException {
    this.trusted = trusted;
    this.history = history;
    this.kept = kept.stream().sorted(Comparator.comparingLong(AuditCheckpoint::uptoId)).toList();
    this.statement = db.createStatement();
    this.result = statement.executeQuery(SELECT);
    advance();
  }

  private void advance() throws SQLException {
    next = null;
    if (!result.next()) {
      return;
    }
    next =
        new AuditCheckpoint(
            result.getLong(1),
            result.getLong(2),
            result.getString(3),
            result.getLong(4),
            result.getString(5),
            result.getString(6),
            result.getString(7));
    if (next.id() != count + 1) {
      problem = "checkpoint " + (count + 1) + " is missing";
    } else if (result.getInt(8) != 1) {
      problem = name() + " was altered: a column holds a value of another type";
    } else if (next.uptoId() < Math.max(1, upto)) {
      problem = name() + " goes back to row " + next.uptoId();
    }
  }

  private String name() {
    return "checkpoint " + next.id();
  }

  /**
   * Takes the next row.
   *
   * @param key the key that signed it, or null
   * @return what is wrong with a checkpoint of this row, or null
   */
  String onRow(long id, String rowHash, Ed25519Key key) throws SQLException {
    // What is wrong with the next checkpoint itself belongs to the rows after the one before it.
    String found = problem;
    while (found == null && problem == null && next != null && next.uptoId() == id) {
      found = check(next, name(), rowHash, key);
      count++;
      upto = id;
      advance();
    }
    return found != null ? found : checkKept(id, rowHash);
  }

  private String checkKept(long id, String rowHash) {
    String found = null;
    while (found == null && nextKept < kept.size() && kept.get(nextKept).uptoId() <= id) {
      AuditCheckpoint c = kept.get(nextKept++);
      String name = "the checkpoint kept elsewhere for row " + c.uptoId();
      if (c.uptoId() != id) {
        found = name + " names no row";
      } else if (!c.rowHash().equals(rowHash)) {
        found = "row " + id + " has another hash than " + name + " says";
      } else if (c.rowCount() != id) {
        found = name + " counts " + c.rowCount() + " rows";
      } else if (c.signature() != null && history.defect() == null && !verifies(c)) {
        found = name + " has a signature that does not verify";
      }
    }
    return found;
  }

  private String check(AuditCheckpoint c, String name, String rowHash, Ed25519Key key) {
    if (!c.rowHash().equals(rowHash)) {
      return name + " has another hash than row " + c.uptoId();
    }
    if (c.rowCount() != c.uptoId()) {
      return name + " counts " + c.rowCount() + " rows up to row " + c.uptoId();
    }
    if (history.defect() != null) {
      return null;
    }
    if (key == null) {
      boolean plain = c.keyId() == null && c.signature() == null;
      return plain ? null : name + " is signed, and its row is not";
    }
    if (c.signature() == null) {
      return name + " has no signature, and its row has one";
    }
    if (!key.keyId().equals(c.keyId()) || !verifies(c)) {
      return name + " (up to row " + c.uptoId() + ") has a signature that does not verify";
    }
    return null;
  }

  private boolean verifies(AuditCheckpoint c) {
    Ed25519Key key = c.keyId() == null ? null : trusted.apply(c.keyId());
    try {
      return key != null && key.verifies(c.hash(), Objects.requireNonNull(c.signature()));
    } catch (IllegalArgumentException e) {
      return false; // text or a number in it has no canonical form
    }
  }

  /** What checkpoints say is there after the last row, or null. */
  String atEnd(long rows) {
    if (problem != null) {
      return problem;
    }
    String missing = "row " + (rows + 1) + " is missing: ";
    if (next != null) {
      return missing + name() + " covers rows up to " + next.uptoId();
    }
    if (nextKept < kept.size()) {
      long last = kept.get(kept.size() - 1).uptoId();
      return missing + "a checkpoint kept elsewhere covers rows up to " + last;
    }
    return null;
  }

  /** How many checkpoints of the log were checked. */
  long count() {
    return count;
  }

  /** The last row that a checkpoint of the log covers. */
  long upto() {
    return upto;
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
