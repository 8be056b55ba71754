package dev.quintai.divergence;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Programs, the scripts that interpreters run, and which names are the same program. */
final class Images {
  private static final Set<String> INTERPRETERS =
      Set.of(
          "node",
          "nodejs",
          "python",
          "pypy",
          "ruby",
          "perl",
          "php",
          "bun",
          "deno",
          "lua",
          "Rscript",
          "java",
          "tsx",
          "ts-node",
          "osascript",
          "pwsh",
          "guile",
          "tclsh",
          "wish",
          "groovy",
          "elixir");

  /** Options of interpreters that take the next word. */
  private static final Map<String, Set<String>> VALUED =
      Map.of(
          "node",
          Set.of(
              "-r",
              "--require",
              "--import",
              "--loader",
              "--experimental-loader",
              "-C",
              "--conditions",
              "--env-file",
              "--icu-data-dir",
              "--title",
              "--input-type"),
          "python",
          Set.of("-W", "-X", "--check-hash-based-pycs"),
          "ruby",
          Set.of("-I", "-r", "-C", "-E"),
          "perl",
          Set.of("-I"),
          "php",
          Set.of("-c", "-d", "-z"),
          "java",
          Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules"));

  /** Options after which text is run, so that there is no script. */
  private static final Map<String, Set<String>> TEXT =
      Map.of(
          "node",
          Set.of("-e", "--eval", "-p", "--print", "-pe"),
          "python",
          Set.of("-c"),
          "ruby",
          Set.of("-e"),
          "perl",
          Set.of("-e", "-E", "-ne", "-pe", "-lne", "-i"),
          "php",
          Set.of("-r"),
          "osascript",
          Set.of("-e"));

  private Images() {}

  /** A program's name without version: {@code python3.11} is {@code python}. */
  static String family(String base) {
    String name = base.startsWith("-") ? base.substring(1) : base;
    int end = name.length();
    while (end > 0 && (Character.isDigit(name.charAt(end - 1)) || name.charAt(end - 1) == '.')) {
      end--;
    }
    String stem = end > 0 && name.charAt(end - 1) == '-' ? name.substring(0, end - 1) : null;
    String plain = stem != null ? stem : name.substring(0, end);
    return switch (plain) {
      case "" -> name;
      case "nodejs" -> "node";
      case "pypy" -> "python";
      case "gawk", "mawk", "nawk", "original-awk" -> "awk";
      case "vim", "vim.basic", "vim.tiny", "nvim" -> "vi";
      case "dash", "ash" -> "sh";
      case "nc.openbsd", "nc.traditional", "ncat", "netcat" -> "nc";
      case "pip3" -> "pip";
      default -> plain;
    };
  }

  static boolean interpreter(String exe) {
    String family = family(PathIdentity.baseName(exe));
    return INTERPRETERS.contains(family) || ShellInvocation.isShell(family);
  }

  /**
   * Whether the interpreter is what the first word of its vector says: bun is bunx by that name.
   */
  static boolean actsAs(String name, String base) {
    return name.equals("bunx") && base.equals("bun");
  }

  /** Where the script stands in the vector of an interpreter; -1 when it runs none. */
  static int scriptIndex(String exe, List<String> argv) {
    String family = family(PathIdentity.baseName(exe));
    boolean shell = ShellInvocation.isShell(family);
    if (!shell && !INTERPRETERS.contains(family)) {
      return -1;
    }
    Set<String> valued = VALUED.getOrDefault(family, Set.of());
    Set<String> text = TEXT.getOrDefault(family, Set.of());
    for (int i = 1; i < argv.size(); i++) {
      String word = argv.get(i);
      if (word.equals("--")) {
        return i + 1 < argv.size() ? i + 1 : -1;
      }
      if (word.length() < 2 || word.charAt(0) != '-') {
        // What follows the options of java is a class, not a file.
        return word.equals("-") || family.equals("java") ? -1 : i;
      }
      if (text.contains(word)
          || (shell && !word.startsWith("--") && word.indexOf('c') > 0)
          || (family.equals("python") && word.startsWith("-c"))) {
        return -1;
      }
      if (family.equals("java") && word.equals("-jar")) {
        return i + 1 < argv.size() ? i + 1 : -1;
      }
      if (family.equals("python") && word.equals("-m")) {
        return -1;
      }
      if (valued.contains(word) || (shell && word.equals("-o"))) {
        i++;
      }
    }
    return -1;
  }

  /** The module that {@code python -m} runs, or null. */
  static String module(String exe, List<String> argv) {
    if (!family(PathIdentity.baseName(exe)).equals("python")) {
      return null;
    }
    for (int i = 1; i < argv.size() - 1; i++) {
      String word = argv.get(i);
      if (word.equals("-m")) {
        return argv.get(i + 1);
      }
      if (word.isEmpty() || word.charAt(0) != '-' || word.equals("-c")) {
        return null;
      }
    }
    return null;
  }

  /** Folders that programs are installed into by the system or a package manager of the user. */
  static boolean installed(String exe) {
    return exe.startsWith("/usr/")
        || exe.startsWith("/bin/")
        || exe.startsWith("/sbin/")
        || exe.startsWith("/opt/")
        || exe.startsWith("/nix/")
        || exe.startsWith("/snap/")
        || exe.startsWith("/System/")
        || exe.startsWith("/Library/")
        || exe.startsWith("/Applications/")
        || exe.startsWith("/run/current-system/")
        || exe.startsWith("/home/linuxbrew/");
  }
}
