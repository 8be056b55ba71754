package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteLimits;

/**
 * Opens a log to read it and leaves no trace: no file is made or changed beside it.
 *
 * <ul>
 *   <li>Without a write-ahead log the file is all there is, and is opened as immutable.
 *   <li>With one, and its index, both are opened read-only; SQLite rebuilds the index in memory
 *       when no writer is there to vouch for it.
 *   <li>With one whose index is missing, as in a copy, SQLite would have to make the index; so both
 *       are copied to a private temporary directory first.
 * </ul>
 */
final class ReadOnlyDatabase implements AutoCloseable {
  /** More than any column of an honest log holds, see {@link AuditOptions#MAX_BODY_BYTES}. */
  private static final int MAX_VALUE_BYTES = 64 << 20;

  private static final int BUSY_TIMEOUT_MS = 10_000;
  private static final int ATTEMPTS = 20;
  private static final int PAUSE_MS = 25;

  private final Path file;
  private final SQLiteConnection db;
  private final Path copy;
  private final boolean immutable;
  private final BasicFileAttributes before;

  private ReadOnlyDatabase(Path file) throws IOException, SQLException {
    this.file = file.toRealPath();
    this.before = attributes(this.file);
    Path index = sibling(this.file, "-shm");
    boolean wal = hasWal();
    this.immutable = !wal && !Files.exists(index);
    Path opened = this.file;
    if (wal && !Files.exists(index)) {
      this.copy = copy();
      opened = copy.resolve("log.db");
    } else {
      this.copy = null;
    }
    String mode;
    if (immutable) {
      mode = "?mode=ro&immutable=1";
    } else {
      mode = copy == null ? "?mode=ro&readonly_shm=1" : "?mode=ro";
    }
    boolean done = false;
    SQLiteConnection opening = null;
    try {
      opening = JDBC.createConnection("jdbc:sqlite:" + uri(opened) + mode, new Properties());
      this.db = opening;
      db.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES);
      try (Statement s = db.createStatement()) {
        s.execute("PRAGMA busy_timeout=" + BUSY_TIMEOUT_MS);
        s.execute("PRAGMA query_only=ON");
        s.execute("PRAGMA trusted_schema=OFF");
        s.execute("PRAGMA cell_size_check=ON");
        // Opens the files, which then stay open: later queries find what this one found.
        s.executeQuery("SELECT 1 FROM sqlite_master").close();
      }
      done = true;
    } finally {
      if (!done) {
        if (opening != null) {
          opening.close();
        }
        deleteCopy();
      }
    }
  }

  /**
   * Opens a file.
   *
   * @throws IOException when it is no readable file, or no database
   */
  static ReadOnlyDatabase open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a directory");
    }
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    }
    if (!Files.isReadable(file)) {
      throw new IOException(file + " cannot be read: permission denied");
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return new ReadOnlyDatabase(file);
      } catch (SQLiteException e) {
        if (attempt == ATTEMPTS || !mayPass(e)) {
          throw new IOException(file + ": " + e.getResultCode().message, e);
        }
      } catch (SQLException e) {
        throw new IOException("cannot open " + file + ": " + e.getMessage(), e);
      }
      pause();
    }
  }

  /** Whether the error may come from a writer that opened or closed the log just then. */
  private static boolean mayPass(SQLiteException e) {
    int primary = e.getResultCode().code & 0xff;
    return primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
        || primary == SQLiteErrorCode.SQLITE_READONLY.code
        || primary == SQLiteErrorCode.SQLITE_BUSY.code
        || primary == SQLiteErrorCode.SQLITE_PROTOCOL.code;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  Connection connection() {
    return db;
  }

  /** Whether a file that was opened as immutable has really not changed since. */
  boolean isUnchanged() throws IOException {
    if (!immutable) {
      return true;
    }
    BasicFileAttributes now = attributes(file);
    return !hasWal()
        && now.size() == before.size()
        && now.lastModifiedTime().equals(before.lastModifiedTime());
  }

  @Override
  public void close() throws IOException {
    try {
      db.close();
    } catch (SQLException e) {
      throw new IOException("cannot close " + file + ": " + e.getMessage(), e);
    } finally {
      deleteCopy();
    }
  }

  /** The SQLite URI of a file, with the characters escaped that end a path there. */
  static String uri(Path file) {
    StringBuilder uri = new StringBuilder("file:");
    for (byte b : file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c == '?' || c == '#' || c == '%' || c < 0x21 || c > 0x7e) {
        uri.append(String.format("%%%02x", (int) c));
      } else {
        uri.append(c);
      }
    }
    return uri.toString();
  }

  private boolean hasWal() throws IOException {
    Path wal = sibling(file, "-wal");
    return Files.exists(wal) && Files.size(wal) > 0;
  }

  private Path copy() throws IOException {
    Path directory = Files.createTempDirectory("quint-audit-"); // 0700
    try {
      Files.copy(file, directory.resolve("log.db"), StandardCopyOption.COPY_ATTRIBUTES);
      Files.copy(sibling(file, "-wal"), directory.resolve("log.db-wal"));
      return directory;
    } catch (IOException e) {
      delete(directory);
      throw e;
    }
  }

  private void deleteCopy() throws IOException {
    if (copy != null) {
      delete(copy);
    }
  }

  private static void delete(Path directory) throws IOException {
    for (String name : new String[] {"log.db", "log.db-wal", "log.db-shm", "log.db-journal"}) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.deleteIfExists(directory);
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }
}
