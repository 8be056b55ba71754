package dev.quintai.daemon.audit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys that signed a log, from table {@code audit_key}, and which of them each row must carry.
 *
 * <p>A key is current from the timestamp of the first row that it signs to that of the first row of
 * the next key. This leaves no freedom in the table: every value of it follows from the rows, so a
 * key that was added, removed or given other times is found.
 */
final class KeyHistory {
  private static final int MAX_KEYS = 10_000;

  private record Entry(Ed25519Key key, String validFrom) {}

  private final List<Entry> entries = new ArrayList<>();
  private String defect;
  private int current = -1;

  /** Reads the table; what is wrong with it is in {@link #defect}. */
  static KeyHistory read(Connection db) throws SQLException {
    KeyHistory history = new KeyHistory();
    try (Statement s = db.createStatement();
        ResultSet r =
            s.executeQuery(
                "SELECT key_id, public_key, valid_from, valid_to FROM audit_key"
                    + " ORDER BY valid_from, rowid")) {
      String lastTo = "";
      while (r.next() && history.defect == null) {
        String keyId = r.getString(1);
        String problem = history.add(keyId, r.getString(2), r.getString(3), lastTo);
        if (problem != null) {
          history.defect = "audit_key: key " + Printable.of(keyId) + ' ' + problem;
        }
        lastTo = r.getString(4);
      }
      if (history.defect == null && !history.entries.isEmpty() && lastTo != null) {
        history.defect = "audit_key: the last key is retired, and nothing follows it";
      }
    }
    return history;
  }

  private String add(String keyId, String pem, String validFrom, String lastTo) {
    if (entries.size() >= MAX_KEYS) {
      return "is one of more than " + MAX_KEYS;
    }
    Ed25519Key key;
    try {
      key = Ed25519Key.ofPem(String.valueOf(pem));
    } catch (IllegalArgumentException e) {
      return "is unusable: " + e.getMessage();
    }
    if (!key.pem().equals(pem) || !key.keyId().equals(keyId)) {
      return "has a public key or an id that was altered";
    }
    if (!AuditTime.hasForm(validFrom)) {
      return "has no valid_from in RFC 3339";
    }
    if (!entries.isEmpty() && !validFrom.equals(lastTo)) {
      return "does not start where the key before it ends";
    }
    if (!entries.isEmpty() && validFrom.equals(entries.get(entries.size() - 1).validFrom)) {
      return "starts when the key before it does";
    }
    entries.add(new Entry(key, validFrom));
    return null;
  }

  /** What is wrong with the table, or null. */
  String defect() {
    return defect;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The key of that id, or null. */
  Ed25519Key byId(String keyId) {
    for (Entry e : entries) {
      if (e.key.keyId().equals(keyId)) {
        return e.key;
      }
    }
    return null;
  }

  /** The key that signed the last row given to {@link #onRow}, or null. */
  Ed25519Key current() {
    return current < 0 ? null : entries.get(current).key;
  }

  /**
   * Takes the next row of the chain.
   *
   * @return what is wrong with it, or null; then {@link #current} is the key that must verify it
   */
  String onRow(String timestamp, boolean signed) {
    if (!signed) {
      if (current >= 0) {
        return "has no signature, and rows before it have one";
      }
      boolean beforeKeys = entries.isEmpty() || timestamp.compareTo(entries.get(0).validFrom) < 0;
      return beforeKeys ? null : "has no signature, though a key was current at its time";
    }
    if (entries.isEmpty()) {
      return "is signed, but audit_key holds no key";
    }
    int at = Math.max(0, current);
    while (at + 1 < entries.size() && timestamp.compareTo(entries.get(at + 1).validFrom) >= 0) {
      at++;
    }
    Entry entry = entries.get(at);
    // A clock that went back is harmless under the first key, and held back under later ones.
    if (at > 0 && timestamp.compareTo(entry.validFrom) < 0) {
      return "is from the time of a key that was retired before";
    }
    if (at != current) {
      if (at != current + 1 || !timestamp.equals(entry.validFrom)) {
        return "is not the row that key " + entry.key.keyId() + " starts with";
      }
      current = at;
    }
    return null;
  }

  /** What is wrong after the last row, or null. */
  String atEnd() {
    return current == entries.size() - 1
        ? null
        : "audit_key: no row is signed by key " + entries.get(entries.size() - 1).key.keyId();
  }
}
