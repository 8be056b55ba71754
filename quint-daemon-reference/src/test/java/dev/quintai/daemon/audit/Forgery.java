package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an attacker who knows the format, and lacks the key, would do. */
final class Forgery {
  private Forgery() {}

  /**
   * Statements that change a row and make all hashes and checkpoints after it right again.
   *
   * @param keepSignatures whether the signatures that no longer fit stay, or are removed
   */
  static String[] recompute(Path log, long from, boolean keepSignatures) throws IOException {
    List<String> statements = new ArrayList<>();
    RowHash hasher = new RowHash();
    try (AuditReader reader = AuditReader.open(log)) {
      String[] previous = new String[1];
      reader.forEach(
          AuditFilter.all(),
          entry -> {
            if (entry.id() < from) {
              return;
            }
            Object[] row = new Object[AuditColumn.table().size()];
            for (AuditColumn c : AuditColumn.table()) {
              Number n = entry.number(c);
              row[c.ordinal()] = n != null ? n : entry.text(c);
            }
            if (entry.id() == from) {
              row[AuditColumn.TOOL_NAME.ordinal()] = "forged";
            } else {
              row[AuditColumn.PREV_HASH.ordinal()] = previous[0];
            }
            previous[0] = RowHash.hex(hasher.of(row));
            statements.add(
                "UPDATE audit_log SET tool_name='"
                    + row[AuditColumn.TOOL_NAME.ordinal()]
                    + "', prev_hash='"
                    + row[AuditColumn.PREV_HASH.ordinal()]
                    + "', row_hash='"
                    + previous[0]
                    + "' WHERE id="
                    + entry.id());
          });
    }
    statements.add(
        "UPDATE audit_checkpoint SET row_hash ="
            + " (SELECT l.row_hash FROM audit_log l WHERE l.id = upto_id)");
    if (!keepSignatures) {
      statements.add("UPDATE audit_log SET signature = NULL WHERE id >= " + from);
      statements.add(
          "UPDATE audit_checkpoint SET signature = NULL, key_id = NULL WHERE upto_id >= " + from);
    }
    return statements.toArray(String[]::new);
  }
}
