package dev.quintai.core.capability;

import dev.quintai.core.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What SQL statements do, by their verbs. Not a parser of SQL: it knows strings, quoted names,
 * comments and parentheses, so that a verb inside of them is not taken for one.
 */
final class SqlStatements {
  private static final int MAX_STATEMENTS = 64;
  private static final int MAX_WORDS = 16;

  private static final Set<String> FIRST_WORDS =
      Set.of(
          "select",
          "with",
          "insert",
          "update",
          "delete",
          "drop",
          "truncate",
          "create",
          "alter",
          "grant",
          "revoke",
          "call",
          "exec",
          "execute",
          "merge",
          "replace",
          "copy",
          "show",
          "describe",
          "desc",
          "explain",
          "pragma",
          "set",
          "vacuum",
          "analyze",
          "begin",
          "commit",
          "rollback",
          "start",
          "values",
          "attach",
          "load",
          "do",
          "use");

  private final String text;
  private int at;

  private SqlStatements(String text) {
    this.text = text;
  }

  /** Whether the text begins like SQL. */
  static boolean looksLikeSql(String text) {
    List<String> first = new SqlStatements(text).words();
    return !first.isEmpty()
        && FIRST_WORDS.contains(first.get(0))
        && text.strip().length() > first.get(0).length();
  }

  /** What the statements do, in order; empty when there is none. */
  static List<Capability> capabilities(String text) {
    List<Capability> found = new ArrayList<>(2);
    SqlStatements statements = new SqlStatements(text);
    while (statements.at < text.length() && found.size() < MAX_STATEMENTS) {
      List<String> words = statements.words();
      if (!words.isEmpty()) {
        Capability capability = capability(words);
        if (capability != null) {
          found.add(capability);
        }
      }
    }
    return found;
  }

  private static Capability capability(List<String> words) {
    String verb = words.get(0);
    String object = words.size() > 1 ? words.get(1) : "";
    boolean account = object.equals("user") || object.equals("role") || object.equals("login");
    return switch (verb) {
      case "select" -> words.contains("outfile") ? Capability.WRITE : Capability.READ;
      case "show", "describe", "desc", "explain", "pragma", "values", "table" -> Capability.READ;
      case "with" -> inner(words);
      case "insert", "update", "merge", "replace", "upsert", "load" -> Capability.WRITE;
      case "copy" -> words.contains("program") ? Capability.EXECUTE : Capability.WRITE;
      case "delete", "drop", "truncate" -> Capability.DELETE;
      case "create", "alter" -> account ? Capability.ESCALATE : Capability.CONFIGURE;
      case "grant", "revoke" -> Capability.ESCALATE;
      case "set", "vacuum", "analyze", "attach", "use", "reindex" -> Capability.CONFIGURE;
      case "call", "exec", "execute", "do" -> Capability.EXECUTE;
      default -> null; // transactions
    };
  }

  /** The verb after common table expressions, whose own verbs stand in parentheses. */
  private static Capability inner(List<String> words) {
    for (String word : words) {
      switch (word) {
        case "insert", "update", "merge" -> {
          return Capability.WRITE;
        }
        case "delete" -> {
          return Capability.DELETE;
        }
        default -> {}
      }
    }
    return Capability.READ;
  }

  /** The words of the next statement outside of parentheses and quotes, the first few of them. */
  private List<String> words() {
    List<String> words = new ArrayList<>(8);
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ';' && depth == 0) {
        at++;
        break;
      } else if (c == '\'' || c == '"' || c == '`') {
        skipPast(String.valueOf(c), 1);
      } else if (text.startsWith("--", at)) {
        skipPast("\n", 2);
      } else if (text.startsWith("/*", at)) {
        skipPast("*/", 2);
      } else if (c == '(' || c == ')') {
        depth = c == '(' ? depth + 1 : Math.max(0, depth - 1);
        at++;
      } else if (Character.isLetter(c)) {
        int start = at;
        while (at < text.length()
            && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
          at++;
        }
        if (depth == 0 && words.size() < MAX_WORDS) {
          words.add(text.substring(start, at).toLowerCase(Locale.ROOT));
        }
      } else {
        at++;
      }
    }
    return words;
  }

  private void skipPast(String end, int from) {
    int found = text.indexOf(end, at + from);
    at = found < 0 ? text.length() : found + end.length();
  }
}
