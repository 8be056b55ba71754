package dev.quintai.daemon.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads Codex's settings, a TOML file: of the tables {@code [mcp_servers.NAME]} their {@code
 * command} and {@code args}, of {@code [projects."PATH"]} the {@code trust_level}, and skips
 * everything else. What it cannot read it leaves out: a command that is left out counts as
 * undeclared, a project as not trusted, which is the safe side.
 */
final class CodexTables {

  /** A server's command. */
  record Server(String command, List<String> args) {}

  private final String text;
  private int at;

  private CodexTables(String text) {
    this.text = text;
  }

  /** The servers that the file names. */
  static List<Server> servers(String text) {
    return new CodexTables(text).tables();
  }

  /** Whether the table of the folder, or of the nearest one above it, says that it is trusted. */
  static boolean trusts(String text, Path project) {
    for (Path folder = project; folder != null; folder = folder.getParent()) {
      String level = new CodexTables(text).trustLevel("[projects.\"" + folder + "\"]");
      if (level != null) {
        return level.equals("trusted");
      }
    }
    return false;
  }

  private String trustLevel(String header) {
    boolean inside = false;
    while (at < text.length()) {
      String line = line();
      if (line.contains("\"\"\"") || line.contains("'''")) {
        return null; // a text of many lines may look like anything
      } else if (line.startsWith("[")) {
        inside = line.equals(header);
      } else if (inside && key(line, "trust_level")) {
        toValue();
        return string();
      }
      skipLine();
    }
    return null;
  }

  private List<Server> tables() {
    List<Server> servers = new ArrayList<>();
    boolean inside = false;
    String command = null;
    List<String> args = List.of();
    while (at < text.length()) {
      String line = line();
      if (line.startsWith("[")) {
        if (inside && command != null) {
          servers.add(new Server(command, args));
        }
        inside = header(line);
        command = null;
        args = List.of();
        skipLine();
      } else if (inside && key(line, "command")) {
        toValue();
        String value = string();
        command = value != null && restIsBlank() ? value : null;
        skipLine();
      } else if (inside && key(line, "args")) {
        toValue();
        List<String> value = strings();
        if (value == null || !restIsBlank()) {
          inside = false; // without its arguments it is another command
        } else {
          args = value;
        }
        skipLine();
      } else if (line.contains("\"\"\"") || line.contains("'''")) {
        return servers; // a text of many lines may look like anything
      } else {
        skipLine();
      }
    }
    if (inside && command != null) {
      servers.add(new Server(command, args));
    }
    return servers;
  }

  private String line() {
    int end = text.indexOf('\n', at);
    return text.substring(at, end < 0 ? text.length() : end).strip();
  }

  private void skipLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end + 1;
  }

  /** {@code [mcp_servers.name]}, and not a table below it such as its environment. */
  private static boolean header(String line) {
    int close = line.indexOf(']');
    if (!line.startsWith("[mcp_servers.") || close < 0) {
      return false;
    }
    String name = line.substring("[mcp_servers.".length(), close).strip();
    boolean quoted = name.length() > 2 && name.startsWith("\"") && name.endsWith("\"");
    return quoted
        ? name.indexOf('"', 1) == name.length() - 1
        : !name.isEmpty() && name.indexOf('.') < 0;
  }

  private static boolean key(String line, String name) {
    return line.startsWith(name) && line.substring(name.length()).strip().startsWith("=");
  }

  private void toValue() {
    at = text.indexOf('=', at) + 1;
    blanks(false);
  }

  private void blanks(boolean lines) {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
        at++;
      } else if (lines && c == '#') {
        skipLine();
      } else {
        return;
      }
    }
  }

  private boolean restIsBlank() {
    String rest = line();
    return rest.isEmpty() || rest.startsWith("#");
  }

  /** A basic or literal string of one line, or null. */
  private String string() {
    if (at >= text.length()) {
      return null;
    }
    char quote = text.charAt(at);
    if ((quote != '"' && quote != '\'') || text.startsWith("\"\"\"", at)) {
      return null;
    }
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        return value.toString();
      } else if (c == '\n') {
        return null;
      } else if (c == '\\' && quote == '"') {
        at++;
        int escape = at < text.length() ? "\"\\bfnrt".indexOf(text.charAt(at)) : -1;
        if (escape < 0) {
          return null;
        }
        value.append("\"\\\b\f\n\r\t".charAt(escape));
      } else {
        value.append(c);
      }
    }
    return null;
  }

  /** An array of strings, or null. */
  private List<String> strings() {
    if (at >= text.length() || text.charAt(at) != '[') {
      return null;
    }
    at++;
    List<String> values = new ArrayList<>();
    while (true) {
      blanks(true);
      if (at < text.length() && text.charAt(at) == ']') {
        at++;
        return values;
      }
      String value = string();
      if (value == null) {
        return null;
      }
      values.add(value);
      blanks(true);
      if (at < text.length() && text.charAt(at) == ',') {
        at++;
      } else if (at >= text.length() || text.charAt(at) != ']') {
        return null;
      }
    }
  }
}
