package dev.quintai.daemon.audit;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The columns of table {@code audit_log}, in the order of the table. */
public enum AuditColumn {
  ID(Kind.INTEGER),
  TIMESTAMP(Kind.TEXT),
  SERVER_NAME(Kind.TEXT),
  DIRECTION(Kind.TEXT),
  METHOD(Kind.TEXT),
  TOOL_NAME(Kind.TEXT),
  ARGUMENTS_JSON(Kind.TEXT),
  RESPONSE_JSON(Kind.TEXT),
  VERDICT(Kind.TEXT),
  SIGNATURE(Kind.TEXT),
  PREV_HASH(Kind.TEXT),
  POLICY_HASH(Kind.TEXT),
  SESSION_ID(Kind.TEXT),
  PROCESS_PID(Kind.INTEGER),
  TRACE_ID(Kind.TEXT),
  AGENT_ID(Kind.TEXT),
  AGENT_NAME(Kind.TEXT),
  PARENT_AGENT_ID(Kind.TEXT),
  AGENT_DEPTH(Kind.INTEGER),
  RISK_SCORE(Kind.REAL),
  RISK_LEVEL(Kind.TEXT),
  BEHAVIORAL_FLAGS(Kind.TEXT),
  SCORE_DECOMPOSITION(Kind.TEXT),
  TOOL_USE_ID(Kind.TEXT),
  PARENT_SESSION_ID(Kind.TEXT),
  ROW_HASH(Kind.TEXT);

  /** How SQLite stores a value of the column; there are no BLOB columns. */
  enum Kind {
    TEXT,
    INTEGER,
    REAL;

    /** The name that SQLite's {@code typeof} gives. */
    String storage() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final List<AuditColumn> TABLE = List.of(values());

  /** The columns that a row's hash covers, in the order of the canonical form: by name. */
  private static final List<AuditColumn> HASHED =
      TABLE.stream()
          .filter(c -> c != SIGNATURE && c != ROW_HASH)
          .sorted(Comparator.comparing(AuditColumn::column))
          .toList();

  private final Kind kind;
  private final String column = name().toLowerCase(Locale.ROOT);

  AuditColumn(Kind kind) {
    this.kind = kind;
  }

  /** Its name in the table and in JSON. */
  public String column() {
    return column;
  }

  Kind kind() {
    return kind;
  }

  /** Whether it holds the text of a request or response, which the body limit applies to. */
  boolean isBody() {
    return this == ARGUMENTS_JSON || this == RESPONSE_JSON;
  }

  static List<AuditColumn> table() {
    return TABLE;
  }

  static List<AuditColumn> hashed() {
    return HASHED;
  }

  /** All names, comma-separated, for SQL. */
  static String names() {
    return TABLE.stream().map(AuditColumn::column).collect(Collectors.joining(","));
  }
}
