package dev.quintai.daemon.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A head of the chain: a row of table {@code audit_checkpoint}. Kept elsewhere, it shows a log
 * whose tail was cut.
 *
 * @param id 1 for the first checkpoint of a log, without gaps
 * @param uptoId id of the last row that it covers
 * @param rowHash that row's {@code row_hash}
 * @param rowCount how many rows there were
 * @param timestamp when it was made: RFC 3339, UTC
 * @param keyId key that signed it, or null
 * @param signature base64 Ed25519 over {@link #hash}, or null
 */
public record AuditCheckpoint(
    long id,
    long uptoId,
    String rowHash,
    long rowCount,
    String timestamp,
    String keyId,
    String signature) {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** SHA-256 of the canonical form of every column but the signature: what is signed. */
  byte[] hash() {
    return RowHash.sha256().digest(Jcs.canonical(columns()));
  }

  AuditCheckpoint signed(AuditKeys keys) {
    return new AuditCheckpoint(id, uptoId, rowHash, rowCount, timestamp, keyId, keys.sign(hash()));
  }

  private Map<String, Object> columns() {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("id", id);
    columns.put("upto_id", uptoId);
    columns.put("row_hash", rowHash);
    columns.put("row_count", rowCount);
    columns.put("timestamp", timestamp);
    columns.put("key_id", keyId);
    return columns;
  }

  /** The checkpoint as one line of JSON, with the names of its columns. */
  public String toJson() {
    Map<String, Object> columns = columns();
    columns.put("signature", signature);
    return new String(Jcs.canonical(columns), StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #toJson} writes; unknown fields are ignored.
   *
   * @throws IOException naming the field that is missing or wrong
   */
  public static AuditCheckpoint ofJson(String json) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("expected a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value == JsonToken.VALUE_STRING) {
          fields.put(name, parser.getText());
        } else if (value == JsonToken.VALUE_NUMBER_INT) {
          fields.put(name, parser.getLongValue());
        } else {
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw new IOException("text after the JSON object");
      }
    }
    for (String name : Set.of("id", "upto_id", "row_count")) {
      if (!(fields.get(name) instanceof Long n) || n < 0 || n > Jcs.MAX_INTEGER) {
        throw new IOException("field " + name + ": expected an integer from 0 to 2^53-1");
      }
    }
    return new AuditCheckpoint(
        (Long) fields.get("id"),
        (Long) fields.get("upto_id"),
        text(fields, "row_hash", true),
        (Long) fields.get("row_count"),
        text(fields, "timestamp", true),
        text(fields, "key_id", false),
        text(fields, "signature", false));
  }

  private static String text(Map<String, Object> fields, String name, boolean required)
      throws IOException {
    Object value = fields.get(name);
    if (value instanceof String s) {
      return s;
    }
    if (value != null || required) {
      throw new IOException("field " + name + ": expected text");
    }
    return null;
  }
}
