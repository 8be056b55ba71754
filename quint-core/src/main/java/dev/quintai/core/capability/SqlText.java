package dev.quintai.core.capability;

import dev.quintai.core.event.Arguments;
import java.util.List;
import java.util.Set;

/** Finds SQL in the arguments of a tool whose name speaks of a database. */
final class SqlText {
  private static final Set<String> DATABASES =
      Set.of(
          "sql",
          "query",
          "db",
          "database",
          "postgres",
          "postgresql",
          "mysql",
          "mariadb",
          "sqlite",
          "duckdb",
          "bigquery",
          "snowflake",
          "redshift",
          "clickhouse",
          "databricks",
          "statement",
          "warehouse");

  private SqlText() {}

  static String of(List<String> words, Arguments arguments) {
    boolean database = words.stream().anyMatch(DATABASES::contains);
    if (!database) {
      return null;
    }
    String text = arguments.firstString("sql", "query", "statement", "sql_query", "q", "text");
    if (text == null && arguments.value() instanceof String free) {
      text = free;
    }
    return text != null && SqlStatements.looksLikeSql(text) ? text : null;
  }
}
