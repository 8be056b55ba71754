package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The writing connection: appends rows to the chain and makes checkpoints. Not thread-safe.
 *
 * <p>Each transaction takes SQLite's write lock first and reads the head inside it, so that several
 * processes make one chain. {@code synchronous=FULL}: what is committed survives a power cut, where
 * {@code NORMAL} would lose the last commits; group commit pays for the flush once a batch. A kill
 * of the process loses at most the rows still queued.
 */
final class ChainWriter implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MS = 10_000;
  private static final String INSERT_ROW =
      "INSERT INTO audit_log ("
          + AuditColumn.names()
          + ") VALUES ("
          + String.join(",", Collections.nCopies(AuditColumn.table().size(), "?"))
          + ")";

  private final Connection db;
  private final Path file;
  private final Object fileKey;
  private final InstantSource clock;
  private final RowHash hasher = new RowHash();
  private AuditKeys keys;

  private ChainWriter(Connection db, Path file, AuditKeys keys, InstantSource clock)
      throws IOException {
    this.db = db;
    this.file = file;
    this.fileKey = fileKey(file);
    this.keys = keys;
    this.clock = clock;
  }

  /** Opens the database, makes it when it is absent, and checks that {@code keys} fit it. */
  static ChainWriter open(Path file, AuditKeys keys, InstantSource clock, long maxFileBytes)
      throws IOException {
    PrivateFiles.createIfAbsent(file);
    Connection db = null;
    try {
      db = JDBC.createConnection("jdbc:sqlite:" + ReadOnlyDatabase.uri(file), new Properties());
      configure(db, maxFileBytes);
      AuditSchema.migrate(db, file.toString());
      ChainWriter writer = new ChainWriter(db, file, keys, clock);
      if (keys == null && writer.currentKey() != null) {
        throw new IOException(
            file + " is signed: it takes no rows without the key in " + AuditKeys.PRIVATE_FILE);
      }
      return writer;
    } catch (SQLException e) {
      closeQuietly(db);
      throw new IOException("cannot open the audit log " + file + ": " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      closeQuietly(db);
      throw e;
    }
  }

  private static void configure(Connection db, long maxFileBytes) throws SQLException {
    try (Statement s = db.createStatement()) {
      s.execute("PRAGMA busy_timeout=" + BUSY_TIMEOUT_MS);
      s.execute("PRAGMA trusted_schema=OFF");
      s.execute("PRAGMA journal_mode=WAL");
      s.execute("PRAGMA synchronous=FULL");
      // On macOS a plain fsync leaves data in the drive's cache; elsewhere this changes nothing.
      s.execute("PRAGMA fullfsync=ON");
      s.execute("PRAGMA journal_size_limit=" + (64 << 20));
      if (maxFileBytes > 0) {
        int pageSize = AuditSchema.pragma(db, "page_size");
        s.execute("PRAGMA max_page_count=" + Math.max(1, maxFileBytes / pageSize));
      }
    }
  }

  /** Whether the file at the path is no longer the one that is open. */
  boolean isReplaced() {
    try {
      return !Objects.equals(fileKey, fileKey(file));
    } catch (IOException e) {
      return true;
    }
  }

  private static Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** A row of the chain: its id and hash; id 0 and the genesis hash when there is none. */
  record Head(long id, String rowHash) {}

  private record Key(String keyId, String validFrom, long count) {}

  Head head() throws SQLException {
    try (Statement s = db.createStatement();
        ResultSet r =
            s.executeQuery("SELECT id, row_hash FROM audit_log ORDER BY id DESC LIMIT 1")) {
      return r.next() ? new Head(r.getLong(1), r.getString(2)) : new Head(0, RowHash.GENESIS);
    }
  }

  private Key currentKey() throws SQLException {
    try (Statement s = db.createStatement();
        ResultSet r =
            s.executeQuery(
                "SELECT key_id, valid_from, (SELECT count(*) FROM audit_key)"
                    + " FROM audit_key WHERE valid_to IS NULL")) {
      return r.next() ? new Key(r.getString(1), r.getString(2), r.getLong(3)) : null;
    }
  }

  /** Id of the last row under a checkpoint, 0 when there is none. */
  long checkpointed() throws SQLException {
    try (Statement s = db.createStatement();
        ResultSet r =
            s.executeQuery("SELECT upto_id FROM audit_checkpoint ORDER BY id DESC LIMIT 1")) {
      return r.next() ? r.getLong(1) : 0;
    }
  }

  /**
   * Appends rows in one transaction.
   *
   * @param rows values by ordinal of {@link AuditColumn}, already safe; id, hashes and signature
   *     are filled in
   * @return the new head
   */
  Head append(List<Object[]> rows) throws SQLException, IOException {
    begin();
    boolean committed = false;
    // The driver closes a statement that fails, so one is prepared for each transaction.
    try (PreparedStatement insert = db.prepareStatement(INSERT_ROW)) {
      Head head = head();
      String notBefore = signFrom(rows);
      for (Object[] row : rows) {
        head = insert(insert, row, head, notBefore);
      }
      commit();
      committed = true;
      return head;
    } finally {
      if (!committed) {
        rollback();
      }
    }
  }

  private Head insert(PreparedStatement insert, Object[] row, Head head, String notBefore)
      throws SQLException {
    long id = head.id() + 1;
    row[AuditColumn.ID.ordinal()] = id;
    row[AuditColumn.PREV_HASH.ordinal()] = head.rowHash();
    if (notBefore != null) {
      row[AuditColumn.TIMESTAMP.ordinal()] =
          AuditTime.later((String) row[AuditColumn.TIMESTAMP.ordinal()], notBefore);
    }
    byte[] hash = hasher.of(row);
    row[AuditColumn.ROW_HASH.ordinal()] = RowHash.hex(hash);
    row[AuditColumn.SIGNATURE.ordinal()] = keys == null ? null : keys.sign(hash);
    for (AuditColumn c : AuditColumn.table()) {
      bind(insert, c.ordinal() + 1, row[c.ordinal()]);
    }
    insert.executeUpdate();
    return new Head(id, (String) row[AuditColumn.ROW_HASH.ordinal()]);
  }

  /**
   * Makes sure that the key that signs is the one that the log says is current; records a new key
   * with the time of the first row that it signs.
   *
   * @return the earliest timestamp that a row under this key may carry, or null for any: a key is
   *     chosen by a row's timestamp, so after a rotation a clock that went back must not reach into
   *     the time of the key before
   */
  private String signFrom(List<Object[]> rows) throws SQLException, IOException {
    Key current = currentKey();
    if (keys == null) {
      if (current != null) {
        throw new IOException(file + " is signed since another process opened it with a key");
      }
      return null;
    }
    if (current != null && !current.keyId().equals(keys.keyId())) {
      // Another process may have rotated the key since this one loaded it.
      keys = keys.reload();
      if (!current.keyId().equals(keys.keyId()) && isKnown(keys.keyId())) {
        throw new IOException("key " + keys.keyId() + " is retired in " + file);
      }
    }
    if (current != null && current.keyId().equals(keys.keyId())) {
      return current.count() > 1 ? current.validFrom() : null;
    }
    return adopt(current, (String) rows.get(0)[AuditColumn.TIMESTAMP.ordinal()]);
  }

  private boolean isKnown(String keyId) throws SQLException {
    try (PreparedStatement s = db.prepareStatement("SELECT 1 FROM audit_key WHERE key_id=?")) {
      s.setString(1, keyId);
      try (ResultSet r = s.executeQuery()) {
        return r.next();
      }
    }
  }

  private String adopt(Key retired, String firstRow) throws SQLException {
    String from = firstRow;
    try (Statement s = db.createStatement();
        ResultSet r = s.executeQuery("SELECT max(timestamp) FROM audit_log")) {
      String latest = r.next() ? r.getString(1) : null;
      if (latest != null) {
        from = AuditTime.later(from, AuditTime.plusOneMillisecond(latest));
      }
    }
    if (retired != null) {
      try (PreparedStatement s =
          db.prepareStatement("UPDATE audit_key SET valid_to=? WHERE key_id=?")) {
        s.setString(1, from);
        s.setString(2, retired.keyId());
        s.executeUpdate();
      }
    }
    try (PreparedStatement s = db.prepareStatement("INSERT INTO audit_key VALUES (?,?,?,NULL)")) {
      s.setString(1, keys.keyId());
      s.setString(2, keys.publicKey().pem());
      s.setString(3, from);
      s.executeUpdate();
    }
    return from;
  }

  /**
   * Makes a checkpoint of the head.
   *
   * @return the checkpoint, or null when the last one already covers the head, or the log has moved
   *     on to a key that this writer lacks and whose owner makes the next one
   */
  AuditCheckpoint checkpoint() throws SQLException {
    begin();
    boolean committed = false;
    try {
      Head head = head();
      Key current = currentKey();
      boolean mine = current == null || (keys != null && current.keyId().equals(keys.keyId()));
      AuditCheckpoint made = null;
      if (head.id() > checkpointed() && mine) {
        made = insertCheckpoint(head, current != null);
      }
      commit();
      committed = true;
      return made;
    } finally {
      if (!committed) {
        rollback();
      }
    }
  }

  private AuditCheckpoint insertCheckpoint(Head head, boolean signed) throws SQLException {
    long id;
    try (Statement s = db.createStatement();
        ResultSet r = s.executeQuery("SELECT coalesce(max(id), 0) + 1 FROM audit_checkpoint")) {
      r.next();
      id = r.getLong(1);
    }
    // Ids have no gaps, so the last one is also the number of rows.
    AuditCheckpoint made =
        new AuditCheckpoint(
            id,
            head.id(),
            head.rowHash(),
            head.id(),
            AuditTime.format(clock.instant()),
            signed ? keys.keyId() : null,
            null);
    if (signed) {
      made = made.signed(keys);
    }
    try (PreparedStatement s =
        db.prepareStatement("INSERT INTO audit_checkpoint VALUES (?,?,?,?,?,?,?)")) {
      s.setLong(1, made.id());
      s.setLong(2, made.uptoId());
      s.setString(3, made.rowHash());
      s.setLong(4, made.rowCount());
      s.setString(5, made.timestamp());
      s.setString(6, made.keyId());
      s.setString(7, made.signature());
      s.executeUpdate();
    }
    return made;
  }

  /** Whether trying the same rows again can help. */
  static boolean isTransient(Exception e) {
    if (!(e instanceof SQLiteException s)) {
      return !(e instanceof IllegalArgumentException);
    }
    int primary = s.getResultCode().code & 0xff;
    return primary != SQLiteErrorCode.SQLITE_CONSTRAINT.code
        && primary != SQLiteErrorCode.SQLITE_TOOBIG.code
        && primary != SQLiteErrorCode.SQLITE_MISMATCH.code
        && primary != SQLiteErrorCode.SQLITE_RANGE.code;
  }

  private void begin() throws SQLException {
    execute("BEGIN IMMEDIATE");
  }

  private void commit() throws SQLException {
    execute("COMMIT");
  }

  private void rollback() {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself after some errors (full disk, I/O): nothing is left to do.
      return;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement s = db.createStatement()) {
      s.executeUpdate(sql);
    }
  }

  private static void bind(PreparedStatement s, int index, Object value) throws SQLException {
    if (value == null) {
      s.setNull(index, Types.NULL);
    } else if (value instanceof Long n) {
      s.setLong(index, n);
    } else if (value instanceof Double d) {
      s.setDouble(index, d);
    } else {
      s.setString(index, (String) value);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      db.close();
    } catch (SQLException e) {
      throw new IOException("cannot close the audit log " + file + ": " + e.getMessage(), e);
    }
  }

  private static void closeQuietly(Connection db) {
    if (db != null) {
      try {
        db.close();
      } catch (SQLException e) {
        return; // the error that led here is the one to report
      }
    }
  }
}
