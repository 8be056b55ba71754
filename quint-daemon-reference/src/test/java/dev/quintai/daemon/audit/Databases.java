package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Looks into a log, and changes copies of it, behind the back of the product. */
final class Databases {
  private Databases() {}

  static Connection connect(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  /** The first column of a query's rows, as text. */
  static List<String> query(Path file, String sql) throws SQLException {
    try (Connection db = connect(file);
        Statement s = db.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (r.next()) {
        values.add(r.getString(1));
      }
      return values;
    }
  }

  /** A copy of a closed log, all guards taken off, changed by statements. */
  static Path tampered(Path log, String... statements) throws IOException, SQLException {
    Path copy = Files.createTempDirectory(log.getParent(), "t").resolve("copy.db");
    Files.copy(log, copy, StandardCopyOption.COPY_ATTRIBUTES);
    try (Connection db = connect(copy);
        Statement s = db.createStatement()) {
      s.execute("PRAGMA journal_mode=DELETE");
      s.execute("PRAGMA ignore_check_constraints=ON");
      s.execute("PRAGMA synchronous=OFF");
      List<String> triggers = new ArrayList<>();
      try (ResultSet r = s.executeQuery("SELECT name FROM sqlite_master WHERE type='trigger'")) {
        while (r.next()) {
          triggers.add(r.getString(1));
        }
      }
      for (String trigger : triggers) {
        s.executeUpdate("DROP TRIGGER " + trigger);
      }
      for (String statement : statements) {
        s.executeUpdate(statement);
      }
    }
    return copy;
  }

  static AuditVerification verify(Path log, Ed25519Key... keys) throws InterruptedException {
    return new AuditVerifier(List.of(keys), List.of(), (row, last) -> {}).verify(log);
  }
}
