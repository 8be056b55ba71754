package dev.quintai.daemon.audit;

import java.time.Instant;

/**
 * Which rows to read; null means any.
 *
 * @param session only rows of this session
 * @param tool only rows of this tool
 * @param since only rows stamped then or later
 * @param last only the last rows of those, 0 for all
 */
public record AuditFilter(String session, String tool, Instant since, int last) {
  public AuditFilter {
    if (last < 0) {
      throw new IllegalArgumentException("last must be at least 0, not " + last);
    }
  }

  /** Every row. */
  public static AuditFilter all() {
    return new AuditFilter(null, null, null, 0);
  }
}
