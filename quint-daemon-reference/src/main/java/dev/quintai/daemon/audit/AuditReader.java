package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads rows of a log, also of one that is open, without changing anything. It shows what is there
 * and verifies nothing. Not thread-safe.
 */
public final class AuditReader implements AutoCloseable {
  /** What to do with each row. */
  @FunctionalInterface
  public interface Sink {
    void accept(AuditEntry entry) throws IOException;
  }

  private final Path file;
  private final ReadOnlyDatabase db;

  private AuditReader(Path file, ReadOnlyDatabase db) {
    this.file = file;
    this.db = db;
  }

  /**
   * Opens a log to read.
   *
   * @throws IOException when the file cannot be read, or is no audit log
   */
  public static AuditReader open(Path file) throws IOException {
    ReadOnlyDatabase db = ReadOnlyDatabase.open(file);
    try {
      // Preparing looks the table up, and runs nothing.
      db.connection().prepareStatement("SELECT " + AuditColumn.names() + " FROM audit_log").close();
      return new AuditReader(file, db);
    } catch (SQLException e) {
      db.close();
      throw new IOException(file + " is no audit log: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the rows that pass, in order of id, one at a time, as they stood at the start.
   *
   * @throws IOException when the file is damaged, or the sink failed
   */
  public void forEach(AuditFilter filter, Sink sink) throws IOException {
    List<Object> parameters = new ArrayList<>();
    try (PreparedStatement s = db.connection().prepareStatement(select(filter, parameters))) {
      for (int i = 0; i < parameters.size(); i++) {
        s.setObject(i + 1, parameters.get(i));
      }
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          sink.accept(AuditEntry.read(r));
        }
      }
    } catch (SQLException e) {
      throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static String select(AuditFilter filter, List<Object> parameters) {
    List<String> conditions = new ArrayList<>(List.of("1"));
    if (filter.session() != null) {
      conditions.add("session_id = ?");
      parameters.add(filter.session());
    }
    if (filter.tool() != null) {
      conditions.add("tool_name = ?");
      parameters.add(filter.tool());
    }
    if (filter.since() != null) {
      conditions.add("timestamp >= ?");
      parameters.add(AuditTime.format(filter.since()));
    }
    String rows = " FROM audit_log WHERE " + String.join(" AND ", conditions) + " ORDER BY id";
    String all = "SELECT " + AuditColumn.names();
    if (filter.last() == 0) {
      return all + rows;
    }
    parameters.add(filter.last());
    return all + " FROM (" + all + rows + " DESC LIMIT ?) ORDER BY id";
  }

  @Override
  public void close() throws IOException {
    db.close();
  }
}
