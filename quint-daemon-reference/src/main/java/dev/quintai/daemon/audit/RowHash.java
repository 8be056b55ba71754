package dev.quintai.daemon.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes rows and checkpoints. Not thread-safe: keeps its buffers. */
final class RowHash {
  /** The {@code prev_hash} of the first row. */
  static final String GENESIS = "0".repeat(64);

  private final Jcs jcs = new Jcs();
  private final MessageDigest sha256 = sha256();

  /**
   * SHA-256 over the canonical form of every column but {@code row_hash} and {@code signature}.
   *
   * @param row values by ordinal of {@link AuditColumn}
   * @throws IllegalArgumentException for a value that cannot be hashed unambiguously
   */
  byte[] of(Object[] row) {
    jcs.begin();
    for (AuditColumn c : AuditColumn.hashed()) {
      jcs.member(c.column(), row[c.ordinal()]);
    }
    return sha256.digest(jcs.end());
  }

  byte[] digest(byte[] canonical) {
    return sha256.digest(canonical);
  }

  static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
