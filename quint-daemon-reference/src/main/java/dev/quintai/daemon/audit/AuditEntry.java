package dev.quintai.daemon.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A row as it was read. Nothing is promised about its content: only {@link AuditVerifier} tells
 * whether it is what was written. Immutable.
 */
public final class AuditEntry {
  private final Object[] values;

  private AuditEntry(Object[] values) {
    this.values = values;
  }

  /** Reads columns in the order of {@link AuditColumn}; a value of a wrong type becomes text. */
  static AuditEntry read(ResultSet result) throws SQLException {
    Object[] values = new Object[AuditColumn.table().size()];
    for (AuditColumn c : AuditColumn.table()) {
      Object value = result.getObject(c.ordinal() + 1);
      if (value instanceof byte[] bytes) {
        value = new String(bytes, StandardCharsets.UTF_8);
      } else if (value instanceof Integer n) {
        value = n.longValue();
      }
      values[c.ordinal()] = value;
    }
    return new AuditEntry(values);
  }

  /** The row's number. */
  public long id() {
    return values[AuditColumn.ID.ordinal()] instanceof Long n ? n : 0;
  }

  /** A column's value as text, or null. */
  public String text(AuditColumn column) {
    Object value = values[column.ordinal()];
    return value == null ? null : value.toString();
  }

  /** A column's value when it is a number, else null: Long or Double. */
  public Number number(AuditColumn column) {
    return values[column.ordinal()] instanceof Number n ? n : null;
  }

  /** Writes all columns as one JSON object, absent ones as null. */
  void writeTo(JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (AuditColumn c : AuditColumn.table()) {
      write(json, c);
    }
    json.writeEndObject();
  }

  /** Writes one column as a member of a JSON object. */
  void write(JsonGenerator json, AuditColumn c) throws IOException {
    json.writeFieldName(c.column());
    Object value = values[c.ordinal()];
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Long n) {
      json.writeNumber(n);
    } else if (value instanceof Double d && Double.isFinite(d)) {
      json.writeNumber(d);
    } else {
      json.writeString(value.toString());
    }
  }

  @Override
  public String toString() {
    return "AuditEntry[" + id() + ']'; // content holds secrets
  }
}
