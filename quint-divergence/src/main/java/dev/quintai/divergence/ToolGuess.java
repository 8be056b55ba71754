package dev.quintai.divergence;

import dev.quintai.core.event.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a tool that no table knows probably does: the verb in its name, held to its arguments. */
final class ToolGuess {
  private static final List<String> SHELL =
      List.of("bash", "shell", "terminal", "command", "exec", "execute", "run", "sh");
  private static final List<String> READ = List.of("read", "view", "open", "cat", "show", "load");
  private static final List<String> WRITE = List.of("write", "create", "save", "append");
  private static final List<String> EDIT =
      List.of("edit", "replace", "update", "modify", "insert", "rewrite");
  private static final List<String> DELETE = List.of("delete", "remove", "unlink", "rm");
  private static final List<String> SEARCH =
      List.of("list", "ls", "glob", "grep", "search", "find", "tree");
  private static final List<String> FETCH = List.of("fetch", "download", "browse", "http", "curl");

  private ToolGuess() {}

  static ToolKind kind(String tool, Arguments arguments) {
    List<String> tokens = tokens(tool);
    boolean path =
        arguments.firstString(
                "file_path",
                "filePath",
                "filepath",
                "path",
                "absolute_path",
                "target_file",
                "file",
                "filename",
                "file_name")
            != null;
    boolean url = arguments.firstString("url", "uri", "Url") != null;
    boolean command =
        arguments.firstString("command", "cmd", "script", "command_line") != null
            || !arguments.list("command").isEmpty();
    if (command && any(tokens, SHELL)) {
      return ToolKind.SHELL;
    }
    if (url && (any(tokens, FETCH) || any(tokens, READ) || tokens.contains("get"))) {
      return ToolKind.FETCH;
    }
    if (path && !tokens.contains("issue") && !tokens.contains("page")) {
      for (String token : tokens) {
        if (DELETE.contains(token)) {
          return ToolKind.DELETE;
        } else if (EDIT.contains(token)) {
          return ToolKind.EDIT;
        } else if (WRITE.contains(token)) {
          return ToolKind.WRITE;
        } else if (SEARCH.contains(token)) {
          return ToolKind.SEARCH;
        } else if (READ.contains(token)) {
          return ToolKind.READ;
        }
      }
    }
    return ToolKind.UNKNOWN;
  }

  private static boolean any(List<String> tokens, List<String> verbs) {
    for (String token : tokens) {
      if (verbs.contains(token)) {
        return true;
      }
    }
    return false;
  }

  /** The words of a name, split at case, underscores, dashes and dots. */
  static List<String> tokens(String name) {
    List<String> out = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean boundary =
          Character.isUpperCase(c) && i > 0 && Character.isLowerCase(name.charAt(i - 1));
      if (!Character.isLetterOrDigit(c) || boundary) {
        if (word.length() > 0) {
          out.add(word.toString().toLowerCase(Locale.ROOT));
          word.setLength(0);
        }
      }
      if (Character.isLetterOrDigit(c)) {
        word.append(c);
      }
    }
    if (word.length() > 0) {
      out.add(word.toString().toLowerCase(Locale.ROOT));
    }
    return out;
  }
}
