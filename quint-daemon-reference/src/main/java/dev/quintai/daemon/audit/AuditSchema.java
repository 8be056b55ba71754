package dev.quintai.daemon.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Brings a database to the schema of this version: numbered SQL scripts, applied in one transaction
 * each, with SQLite's {@code user_version} as the number of the last one.
 *
 * <p>{@code application_id} marks the file as an audit log, so that the log is never made inside a
 * database that belongs to something else, whose {@code user_version} would mean another thing.
 */
final class AuditSchema {
  static final int VERSION = 1;

  /** "QNTA". */
  static final int APPLICATION_ID = 0x514E5441;

  private AuditSchema() {}

  /**
   * Applies the scripts that are missing.
   *
   * @throws IOException when the file is no audit log, or one of a later version
   */
  static void migrate(Connection db, String file) throws SQLException, IOException {
    int application = pragma(db, "application_id");
    int version = pragma(db, "user_version");
    if (application == APPLICATION_ID && version == VERSION) {
      return;
    }
    boolean blank = application == 0 && version == 0 && pragma(db, "schema_version") == 0;
    if (application != APPLICATION_ID && !blank) {
      throw new IOException(file + " is a database, but no audit log of Quint");
    }
    if (version > VERSION) {
      throw new IOException(
          file + " has schema " + version + ", and this version knows up to " + VERSION);
    }
    for (int v = version + 1; v <= VERSION; v++) {
      apply(db, v);
    }
  }

  private static void apply(Connection db, int version) throws SQLException, IOException {
    try (Statement s = db.createStatement()) {
      s.executeUpdate("BEGIN IMMEDIATE");
      try {
        s.executeUpdate(script(version));
        s.executeUpdate("PRAGMA application_id=" + APPLICATION_ID);
        s.executeUpdate("PRAGMA user_version=" + version);
        s.executeUpdate("COMMIT");
      } catch (SQLException | IOException e) {
        s.executeUpdate("ROLLBACK");
        throw e;
      }
    }
  }

  private static String script(int version) throws IOException {
    String name = "schema-" + version + ".sql";
    try (InputStream in = AuditSchema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the program lacks its own resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static int pragma(Connection db, String name) throws SQLException {
    try (Statement s = db.createStatement();
        ResultSet r = s.executeQuery("PRAGMA " + name)) {
      return r.next() ? r.getInt(1) : 0;
    }
  }
}
