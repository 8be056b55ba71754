package dev.quintai.divergence;

import dev.quintai.core.shell.CommandUse;
import dev.quintai.core.shell.ResolvedWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Programs that agents start by themselves: read-only git, probes of the system, searches, shell
 * snapshots. A shell is housekeeping when all that it runs is. The versions of the agents that this
 * was observed on stand in {@code housekeeping.txt}.
 */
final class HousekeepingExecs {
  /** Programs that only tell something, whatever their arguments. */
  private static final Set<String> PROBES =
      Set.of(
          "uname",
          "which",
          "whereis",
          "whoami",
          "id",
          "groups",
          "arch",
          "nproc",
          "tty",
          "tput",
          "infocmp",
          "locale",
          "getconf",
          "lsb_release",
          "sw_vers",
          "hostname",
          "hostnamectl",
          "ldd",
          "ps",
          "pgrep",
          "uptime",
          "free",
          "sysctl",
          "system_profiler",
          "ioreg",
          "scutil",
          "xdg-mime",
          "locale-check",
          "getent",
          "ldconfig",
          "dircolors",
          "lscpu",
          "vm_stat",
          "networksetup",
          "defaults",
          "wmic",
          "stty",
          "date",
          "basename",
          "dirname",
          "true",
          "test",
          "[",
          "printenv",
          "pwd",
          "lsof",
          "sleep",
          "realpath",
          "readlink",
          "mkdtemp");

  /** What a script that records the user's shell settings is made of. */
  private static final Set<String> SNAPSHOT =
      Set.of(
          "grep",
          "egrep",
          "sed",
          "awk",
          "sort",
          "cut",
          "head",
          "tail",
          "tr",
          "base64",
          "cat",
          "echo",
          "printf",
          "declare",
          "typeset",
          "alias",
          "unalias",
          "shopt",
          "setopt",
          "set",
          "source",
          ".",
          "bind",
          "export",
          "test",
          "[",
          "command",
          "type",
          "builtin",
          "local",
          "unset",
          "read",
          "functions",
          "whence",
          "compgen",
          "hash",
          "eval",
          "uniq",
          "wc",
          "ls",
          "mkdir",
          "rm",
          "touch",
          "date",
          "uname",
          "which",
          "exit",
          "return",
          "continue",
          "true",
          "false",
          "trap",
          ":");

  private static final Set<String> QUIET_BUILTINS =
      Set.of(
          "echo",
          "exit",
          "true",
          "false",
          ":",
          "command",
          "type",
          "cd",
          "set",
          "shopt",
          "printf",
          "export",
          "unset",
          "return",
          "test",
          "[",
          "pwd",
          "hash",
          "alias",
          "declare",
          "typeset",
          "setopt",
          "unsetopt",
          "emulate",
          "print",
          "functions",
          "local",
          "compgen",
          "umask");

  /** Programs that pass on what comes from a pipe. */
  private static final Set<String> FILTERS =
      Set.of("grep", "egrep", "sort", "uniq", "head", "tail", "cut", "tr", "wc", "awk", "cat");

  /** Programs that keep the machine awake while a model answers. */
  private static final Set<String> AWAKE = Set.of("systemd-inhibit", "caffeinate");

  private final String platform;
  private final String home;
  private final HousekeepingTable.Rules rules;

  HousekeepingExecs(String platform, String home, HousekeepingTable.Rules rules) {
    this.platform = platform;
    this.home = home;
    this.rules = rules;
  }

  /**
   * The rule by which the exec is housekeeping, or null.
   *
   * @param image what runs
   * @param cwd the agent's working directory: programs inside it are never housekeeping
   */
  String rule(ExecImage image, String cwd) {
    String exe = PathIdentity.canonical(image.exe());
    if (PathIdentity.temporary(image.exe()) || (cwd != null && inside(exe, cwd))) {
      return null;
    }
    List<CommandUse> uses = installedScript(image).uses();
    if (uses.isEmpty()) {
      return PROBES.contains(image.base()) && image.argv().isEmpty() ? "probe" : null;
    }
    if (!image.argv().isEmpty() && !named(image)) {
      return null;
    }
    String text = ShellInvocation.text(image.argv());
    if (text != null && snapshot(text, uses)) {
      return "shell snapshot";
    }
    String rule = null;
    for (CommandUse use : uses) {
      if (use.wrapper() && AWAKE.contains(use.program()) && waits(uses)) {
        return "awake";
      }
      String each = use.wrapper() ? wrapper(use) : command(use);
      if (each == null) {
        return null;
      }
      rule = each;
    }
    return rule;
  }

  /** Whether what a program that keeps the machine awake runs does nothing but wait. */
  private static boolean waits(List<CommandUse> uses) {
    for (CommandUse use : uses.subList(1, uses.size())) {
      if (!"sleep".equals(use.program()) || !use.words().stream().allMatch(ResolvedWord::exact)) {
        return false;
      }
    }
    return true;
  }

  /** A script stands for itself: a package manager of Node, or a probe that is installed. */
  private ExecImage installedScript(ExecImage image) {
    String script = image.scriptPath();
    if (script == null) {
      return image;
    }
    String name = PathIdentity.baseName(script);
    String program = name.equals("npm-cli.js") ? "npm" : name;
    boolean packageManager =
        Set.of("npm", "pnpm", "yarn", "corepack").contains(program)
            && rules.path(script, false) != null;
    boolean probe = PROBES.contains(program) && Images.installed(script);
    if (!packageManager && !probe) {
      return image;
    }
    List<String> argv = new ArrayList<>();
    argv.add(program);
    argv.addAll(image.arguments(true));
    return new ExecImage(image.exe(), argv, image.cwd(), home);
  }

  private static boolean inside(String exe, String cwd) {
    String canonical = PathIdentity.canonical(cwd);
    return !canonical.equals("/")
        && PathIdentity.homeOf(canonical) != null
        && !canonical.equals(PathIdentity.homeOf(canonical))
        && PathIdentity.below(exe, canonical);
  }

  /** Whether the vector's name is the program's: a borrowed name is no housekeeping. */
  private static boolean named(ExecImage image) {
    String name = PathIdentity.baseName(image.argv().get(0));
    String base = image.base();
    return Images.family(name).equals(Images.family(base))
        || (Images.installed(image.exe()) && !Images.interpreter(image.exe()));
  }

  private static String wrapper(CommandUse use) {
    String program = use.program();
    boolean plain =
        program != null
            && !use.opaque()
            && (ShellInvocation.isShell(program)
                || program.equals("env")
                || program.equals("command")
                || program.equals("nice")
                || program.equals("timeout"));
    return plain && harmlessFiles(use) ? "probe" : null;
  }

  private static boolean harmlessFiles(CommandUse use) {
    for (CommandUse.FileUse file : use.files()) {
      if (file.write() && !file.path().text().equals("/dev/null")) {
        return false;
      }
    }
    return true;
  }

  private String command(CommandUse use) {
    String program = use.program();
    if (program == null) {
      return use.words().isEmpty() && harmlessFiles(use) ? "probe" : null;
    }
    if (!harmlessFiles(use)) {
      return null;
    }
    List<ResolvedWord> words = use.arguments();
    if (QUIET_BUILTINS.contains(program)) {
      return "probe";
    }
    if (program.equals("env")) {
      return words.isEmpty() || words.get(0).text().equals("-0") ? "shell environment" : null;
    }
    if (program.equals("git")) {
      return new HousekeepingGit(platform, home, rules).rule(words);
    }
    if (program.equals("rg") || program.equals("ripgrep") || program.equals("fd")) {
      return words.stream().noneMatch(HousekeepingExecs::runs) ? "search" : null;
    }
    if (FILTERS.contains(program)
        && use.piped()
        && Utilities.effects(use, home).files().isEmpty()) {
      return "probe";
    }
    if (program.equals("source") || program.equals(".")) {
      return words.size() == 1 && profile(words.get(0).text()) ? "shell environment" : null;
    }
    if (PROBES.contains(program)) {
      if (program.equals("ps") && showsEnvironments(words)) {
        return null;
      }
      return words.stream().allMatch(ResolvedWord::exact) || words.isEmpty() ? "probe" : null;
    }
    if (words.size() == 1 && asksVersion(words.get(0).text())) {
      return "version";
    }
    return special(program, words);
  }

  /** Whether {@code ps} is asked, by a letter without a dash, for the environment of processes. */
  private static boolean showsEnvironments(List<ResolvedWord> words) {
    return words.stream()
        .map(ResolvedWord::text)
        .anyMatch(word -> word.chars().allMatch(Character::isLetter) && word.indexOf('e') >= 0);
  }

  /** Whether it is a profile that every shell of the user reads. */
  private static boolean profile(String path) {
    String name = PathIdentity.baseName(path);
    return Set.of(
            ".bashrc",
            ".bash_profile",
            ".profile",
            ".zshrc",
            ".zprofile",
            ".zshenv",
            "bash.bashrc",
            "profile")
        .contains(name);
  }

  private static boolean asksVersion(String word) {
    return word.equals("--version")
        || word.equals("-v")
        || word.equals("-V")
        || word.equals("-version")
        || word.equals("version")
        || word.equals("--help");
  }

  private static boolean runs(ResolvedWord word) {
    String text = word.text();
    return text.startsWith("--pre")
        || text.equals("-x")
        || text.equals("-X")
        || text.startsWith("--exec");
  }

  private String special(String program, List<ResolvedWord> words) {
    String first = words.isEmpty() ? "" : words.get(0).text();
    String second = words.size() < 2 ? "" : words.get(1).text();
    switch (program) {
      case "npm", "pnpm", "yarn", "bun" -> {
        boolean asks =
            first.equals("root")
                || first.equals("prefix")
                || first.equals("bin")
                || (first.equals("config") && (second.equals("get") || second.equals("list")))
                || (first.equals("view") && second.startsWith("@"));
        return asks ? "package manager" : null;
      }
      case "security" -> {
        // The keychain item that Claude Code keeps its own login in.
        boolean own = false;
        for (ResolvedWord word : words) {
          own |= word.text().startsWith("Claude Code");
        }
        return platform.equals("claude-code") && own ? "own keychain item" : null;
      }
      case "cat" -> {
        for (ResolvedWord word : words) {
          String text = word.exactText();
          if (text == null
              || !text.startsWith("/")
              || rules.path(PathIdentity.canonical(text), false) == null) {
            return null;
          }
        }
        return words.isEmpty() ? null : "probe";
      }
      default -> {
        return null;
      }
    }
  }

  /** A script that writes the user's shell settings into the agent's state folder. */
  private boolean snapshot(String text, List<CommandUse> uses) {
    if (!text.contains("shell-snapshots/")
        && !text.contains("shell_snapshots/")
        && !text.contains("# Snapshot file")) {
      return false;
    }
    for (CommandUse use : uses) {
      String program = use.program();
      boolean known =
          program == null
              || SNAPSHOT.contains(program)
              || ShellInvocation.isShell(program)
              || program.equals("env");
      if (!known) {
        return false;
      }
      for (CommandUse.FileUse file : use.files()) {
        String path = file.path().exactText();
        if (file.write()
            && path != null
            && !path.equals("/dev/null")
            && !path.contains("snapshot")) {
          return false;
        }
      }
    }
    return true;
  }
}
