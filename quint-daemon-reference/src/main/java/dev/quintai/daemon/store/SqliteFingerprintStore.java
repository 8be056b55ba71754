package dev.quintai.daemon.store;

import dev.quintai.core.spi.FingerprintStore;
import dev.quintai.fingerprint.AgentFingerprint;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.sqlite.SQLiteConfig;

/**
 * Fingerprints in a table of an SQLite file:
 *
 * <pre>fingerprint(agent_id TEXT PRIMARY KEY, snapshot BLOB NOT NULL)</pre>
 *
 * <p>The file may hold other tables and be open elsewhere: it is in WAL mode, and a lock held by
 * another writer is waited for up to {@value #BUSY_MILLIS} ms. A save is durable against a crash of
 * the process, not of the machine: after that a fingerprint may be some actions older. The file is
 * 0600.
 *
 * <p>Opened by the first call. After an error the next call opens it anew. Thread-safe; calls are
 * serialised.
 */
public final class SqliteFingerprintStore implements FingerprintStore {

  /** How long a lock held by another writer is waited for, in milliseconds. */
  public static final int BUSY_MILLIS = 1_000;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private Connection connection;
  private PreparedStatement load;
  private PreparedStatement save;
  private boolean closed;

  /** A store in this file, which is made when it is missing; its directory must exist. */
  public SqliteFingerprintStore(Path file) {
    this.file = file;
  }

  @Override
  public synchronized Optional<byte[]> load(UUID agentId) throws IOException {
    try {
      open();
      load.setString(1, agentId.toString());
      try (ResultSet row = load.executeQuery()) {
        return row.next() ? Optional.ofNullable(row.getBytes(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw failed("read", e);
    }
  }

  @Override
  public synchronized void save(UUID agentId, byte[] snapshot) throws IOException {
    try {
      open();
      save.setString(1, agentId.toString());
      save.setBytes(2, snapshot);
      save.executeUpdate();
    } catch (SQLException e) {
      throw failed("write", e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    try {
      disconnect();
    } catch (SQLException e) {
      throw new IOException("cannot close " + file + ": " + e.getMessage(), e);
    }
  }

  private void open() throws IOException, SQLException {
    if (closed) {
      throw new IOException("the fingerprint store " + file + " is closed");
    }
    if (connection != null) {
      return;
    }
    ownerOnly();
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(BUSY_MILLIS);
    connection = config.createConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE IF NOT EXISTS fingerprint("
              + "agent_id TEXT PRIMARY KEY, snapshot BLOB NOT NULL) WITHOUT ROWID");
    }
    // One byte more than a fingerprint has is enough to see that it is none.
    load =
        connection.prepareStatement(
            "SELECT substr(CAST(snapshot AS BLOB), 1, "
                + (AgentFingerprint.BYTES + 1)
                + ") FROM fingerprint WHERE agent_id = ?");
    save =
        connection.prepareStatement(
            "INSERT INTO fingerprint(agent_id, snapshot) VALUES(?, ?)"
                + " ON CONFLICT(agent_id) DO UPDATE SET snapshot = excluded.snapshot");
  }

  private void ownerOnly() throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        return;
      } catch (FileAlreadyExistsException e) {
        // Made by another process meanwhile, which may have left it open to others.
      }
    }
    if (!Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
    }
  }

  private IOException failed(String what, SQLException cause) {
    try {
      disconnect();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
    return new IOException(
        "cannot " + what + " fingerprints of " + file + ": " + cause.getMessage(), cause);
  }

  private void disconnect() throws SQLException {
    Connection old = connection;
    connection = null;
    load = null;
    save = null;
    if (old != null) {
      old.close(); // closes its statements
    }
  }
}
