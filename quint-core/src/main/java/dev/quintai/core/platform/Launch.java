package dev.quintai.core.platform;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What an interpreter was started with.
 *
 * @param script the script's path as given, or null
 * @param module the module of {@code python -m}, or null
 * @param title what stands in place of the arguments where the process has renamed itself, or null
 */
record Launch(String script, String module, String title) {
  private static final Launch NOTHING = new Launch(null, null, null);
  private static final Set<String> INTERPRETERS = Set.of("node", "nodejs", "bun", "deno");

  /**
   * Options of Node.js (https://nodejs.org/api/cli.html) that take the next word as their value.
   */
  private static final Set<String> NODE_WITH_VALUE =
      Set.of(
          "-r",
          "--require",
          "--import",
          "--loader",
          "--experimental-loader",
          "-C",
          "--conditions",
          "--env-file",
          "--title",
          "--input-type",
          "--stack-trace-limit",
          "--icu-data-dir");

  private static final Set<String> CODE = Set.of("-e", "--eval", "-p", "--print", "-pe", "-c");

  static boolean isInterpreter(String program) {
    String name = program.toLowerCase(Locale.ROOT);
    return INTERPRETERS.contains(name) || isPython(name);
  }

  private static boolean isPython(String name) {
    if (!name.startsWith("python") && !name.startsWith("pypy")) {
      return false;
    }
    return name.substring(name.startsWith("pypy") ? 4 : 6)
        .chars()
        .allMatch(c -> (c >= '0' && c <= '9') || c == '.');
  }

  /** Reads the words after the interpreter's name. */
  static Launch of(String interpreter, List<String> argv) {
    String name = interpreter.toLowerCase(Locale.ROOT);
    if (argv.size() == 1) {
      String title = argv.get(0);
      return isInterpreter(baseName(title)) ? NOTHING : new Launch(null, null, title);
    }
    return isPython(name) ? python(argv) : javaScript(name, argv);
  }

  /** https://docs.python.org/3/using/cmdline.html */
  private static Launch python(List<String> argv) {
    for (int i = 1; i < argv.size(); i++) {
      String word = argv.get(i);
      if (word.equals("-m")) {
        return i + 1 < argv.size() ? new Launch(null, argv.get(i + 1), null) : NOTHING;
      } else if (word.equals("-X") || word.equals("-W") || word.equals("--check-hash-based-pycs")) {
        i++;
      } else if (CODE.contains(word) || word.equals("-")) {
        return NOTHING;
      } else if (!word.startsWith("-")) {
        return new Launch(word, null, null);
      }
    }
    return NOTHING;
  }

  private static Launch javaScript(String name, List<String> argv) {
    boolean verb = !name.startsWith("node");
    for (int i = 1; i < argv.size(); i++) {
      String word = argv.get(i);
      if (CODE.contains(word) || word.equals("-")) {
        return NOTHING;
      } else if (word.equals("--")) {
        return i + 1 < argv.size() ? new Launch(argv.get(i + 1), null, null) : NOTHING;
      } else if (NODE_WITH_VALUE.contains(word)) {
        i++;
      } else if (verb && (word.equals("run") || word.equals("x"))) {
        verb = false; // bun run FILE, deno run FILE
      } else if (!word.startsWith("-")) {
        return new Launch(word, null, null);
      }
    }
    return NOTHING;
  }

  static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
