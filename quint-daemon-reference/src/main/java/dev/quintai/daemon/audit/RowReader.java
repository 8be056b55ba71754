package dev.quintai.daemon.audit;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Reads rows of {@code audit_log} exactly as they are stored. Text is taken as bytes, since the
 * driver would turn different invalid bytes into the same text.
 */
final class RowReader {
  static final String SELECT =
      "SELECT "
          + AuditColumn.names()
          + ", "
          + AuditColumn.table().stream()
              .map(c -> "(typeof(" + c.column() + ") IN ('" + c.kind().storage() + "','null'))")
              .collect(Collectors.joining(" AND "))
          + " FROM audit_log ORDER BY id";

  private static final int TYPES_FIT = AuditColumn.table().size() + 1;
  private static final Object INVALID = new Object();
  private static final long NEGATIVE_ZERO = Double.doubleToRawLongBits(-0.0);

  private final ResultSet result;
  private final Object[] values = new Object[AuditColumn.table().size()];

  RowReader(ResultSet result) {
    this.result = result;
  }

  /** The id of the row that the result stands on. */
  long id() throws SQLException {
    return result.getLong(AuditColumn.ID.ordinal() + 1);
  }

  /** Reads that row: what is wrong with it, or null. */
  String read() throws SQLException {
    Arrays.fill(values, null);
    if (result.getInt(TYPES_FIT) != 1) {
      return "was altered: a column holds a value of another type";
    }
    for (AuditColumn c : AuditColumn.table()) {
      int index = c.ordinal() + 1;
      Object value =
          switch (c.kind()) {
            case TEXT -> strictText(result.getBytes(index));
            case INTEGER -> {
              long n = result.getLong(index);
              yield result.wasNull() ? null : (Object) n;
            }
            case REAL -> {
              double d = result.getDouble(index);
              yield result.wasNull() ? null : (Object) d;
            }
          };
      if (value == INVALID) {
        return "was altered: " + c.column() + " is no valid UTF-8";
      }
      if (value instanceof Double d && Double.doubleToRawLongBits(d) == NEGATIVE_ZERO) {
        return "was altered: " + c.column() + " is -0, which is never stored";
      }
      values[c.ordinal()] = value;
    }
    return AuditTime.hasForm(text(AuditColumn.TIMESTAMP))
        ? null
        : "was altered: its timestamp is not of the log's form";
  }

  /**
   * The values of the row last read, by ordinal of {@link AuditColumn}; overwritten by the next.
   */
  Object[] values() {
    return values;
  }

  String text(AuditColumn column) {
    return (String) values[column.ordinal()];
  }

  private static Object strictText(byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    // Invalid input always decodes to U+FFFD, so only text that holds one needs the second look.
    boolean suspect = text.indexOf('\uFFFD') >= 0;
    return suspect && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes) ? INVALID : text;
  }
}
