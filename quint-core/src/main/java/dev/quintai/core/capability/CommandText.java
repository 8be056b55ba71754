package dev.quintai.core.capability;

import dev.quintai.core.event.Arguments;
import java.util.ArrayList;
import java.util.List;

/** Finds the command line in the arguments of a shell-like tool. */
final class CommandText {
  private static final String[] NAMES = {
    "command",
    "cmd",
    "commands",
    "script",
    "shell_command",
    "commandLine",
    "CommandLine",
    "bash",
    "input",
    "code"
  };

  private CommandText() {}

  /** The line; an argument vector is quoted into one. Null when there is none. */
  static String of(Arguments arguments) {
    if (arguments.value() instanceof String text && !text.isBlank()) {
      return text;
    }
    for (String name : NAMES) {
      Object value = arguments.object().get(name);
      if (value instanceof String text && !text.isBlank()) {
        return text;
      } else if (value instanceof List<?> list && !list.isEmpty()) {
        return joined(list);
      }
    }
    return null;
  }

  /** Whether the words of a tool's name say that it runs command lines. */
  static boolean isShell(List<String> words) {
    return words.contains("shell")
        || words.contains("bash")
        || words.contains("terminal")
        || words.contains("command")
        || words.contains("cmd")
        || words.contains("zsh");
  }

  private static String joined(List<?> list) {
    List<String> words = new ArrayList<>(list.size());
    for (Object item : list) {
      if (item instanceof String word) {
        words.add(isPlain(word) ? word : "'" + word.replace("'", "'\\''") + "'");
      }
    }
    return String.join(" ", words);
  }

  private static boolean isPlain(String word) {
    return !word.isEmpty()
        && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "_-./=:,+@%".indexOf(c) >= 0);
  }
}
