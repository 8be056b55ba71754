package dev.quintai.core.shell;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commands that the shell does itself, and what they do to its variables and directory. */
public final class Builtins {
  private static final Set<String> NAMES =
      Set.of(
          ":",
          ".",
          "[",
          "alias",
          "bg",
          "bind",
          "break",
          "builtin",
          "caller",
          "cd",
          "command",
          "compgen",
          "complete",
          "compopt",
          "continue",
          "declare",
          "dirs",
          "disown",
          "echo",
          "enable",
          "eval",
          "exec",
          "exit",
          "export",
          "false",
          "fc",
          "fg",
          "getopts",
          "hash",
          "help",
          "history",
          "jobs",
          "kill",
          "let",
          "local",
          "logout",
          "mapfile",
          "popd",
          "printf",
          "pushd",
          "pwd",
          "read",
          "readarray",
          "readonly",
          "return",
          "set",
          "shift",
          "shopt",
          "source",
          "suspend",
          "test",
          "times",
          "trap",
          "true",
          "type",
          "typeset",
          "ulimit",
          "umask",
          "unalias",
          "unset",
          "wait");

  private Builtins() {}

  /** Whether bash does the command itself, so that no program of that name need be seen. */
  public static boolean isBuiltin(String name) {
    return NAMES.contains(name);
  }

  /** Does to the scope what the builtin does. */
  static void apply(String name, List<ResolvedWord> words, Scope scope) {
    switch (name) {
      case "cd", "chdir" -> scope.changeDirectory(directory(words, scope));
      case "pushd" -> scope.pushDirectory(directory(words, scope));
      case "popd" -> scope.popDirectory();
      case "export" -> declare(words, scope, true);
      case "declare", "typeset", "local", "readonly" -> declare(words, scope, false);
      case "read", "mapfile", "readarray", "unset", "getopts", "let" -> {
        Set<String> names = new HashSet<>();
        for (ResolvedWord word : words.subList(1, words.size())) {
          AssignedNames.identifiers(word.text(), names);
        }
        scope.forget(names);
      }
      case "printf" -> {
        if (words.size() > 2 && words.get(1).text().equals("-v")) {
          scope.set(words.get(2).text(), null);
        }
      }
      case "set" -> {
        int dashes = -1;
        for (int i = 1; i < words.size() && dashes < 0; i++) {
          dashes = words.get(i).text().equals("--") ? i : -1;
        }
        if (dashes > 0) {
          scope.arguments = ShellWalker.exactTexts(words.subList(dashes + 1, words.size()));
        }
      }
      case "shift" -> {
        List<String> arguments = scope.arguments;
        if (words.size() > 1) {
          scope.arguments = null;
        } else if (arguments != null && !arguments.isEmpty()) {
          scope.arguments = new ArrayList<>(arguments.subList(1, arguments.size()));
        }
      }
      default -> {}
    }
  }

  private static String directory(List<ResolvedWord> words, Scope scope) {
    for (ResolvedWord word : words.subList(1, words.size())) {
      String text = word.text();
      if (text.equals("-") || text.isEmpty() || text.charAt(0) != '-') {
        return word.exactText();
      }
    }
    return scope.value("HOME");
  }

  private static void declare(List<ResolvedWord> words, Scope scope, boolean export) {
    boolean exports = export;
    for (ResolvedWord word : words.subList(1, words.size())) {
      String text = word.text();
      if (text.startsWith("-")) {
        exports |= text.indexOf('x') > 0;
        continue;
      }
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      if (equals > 0) {
        String value = text.substring(equals + 1);
        scope.set(name, value.indexOf(ResolvedWord.UNKNOWN) < 0 && word.exact() ? value : null);
      }
      if (exports) {
        scope.export(name);
      }
    }
  }
}
