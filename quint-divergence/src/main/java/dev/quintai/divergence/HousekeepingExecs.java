package dev.quintai.divergence;

import dev.quintai.core.shell.CommandUse;
import dev.quintai.core.shell.ResolvedWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Programs that agents start by themselves: read-only git, probes of the system, searches, shell
 * snapshots. A shell is housekeeping when all that it runs is. Version 1, observed on Claude Code
 * 2.1, Codex 0.9x, Gemini CLI 0.61, pi 0.73, opencode 1.x, Cline 3.x.
 */
final class HousekeepingExecs {
  private static final Set<String> GIT_READS =
      Set.of(
          "status",
          "rev-parse",
          "log",
          "show",
          "diff",
          "diff-index",
          "diff-files",
          "diff-tree",
          "ls-files",
          "ls-tree",
          "ls-remote",
          "describe",
          "rev-list",
          "cat-file",
          "for-each-ref",
          "merge-base",
          "check-ignore",
          "check-attr",
          "blame",
          "shortlog",
          "version",
          "name-rev",
          "show-ref",
          "var",
          "count-objects",
          "--version",
          "--exec-path",
          "help",
          "whatchanged",
          "grep",
          "annotate",
          "cherry");

  /** Subcommands that read with these arguments only. */
  private static final Set<String> GIT_LISTS =
      Set.of(
          "branch",
          "remote",
          "tag",
          "stash",
          "worktree",
          "config",
          "symbolic-ref",
          "reflog",
          "submodule",
          "notes",
          "hash-object");

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
          "true",
          "false",
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

  private static final Set<String> SAFE_GIT_SETTINGS =
      Set.of(
          "core.quotepath",
          "core.quotePath",
          "core.autocrlf",
          "core.untrackedCache",
          "core.preloadindex",
          "core.longpaths",
          "core.symlinks",
          "core.hooksPath=/dev/null",
          "core.fsmonitor=false",
          "color.ui",
          "color.diff",
          "log.showSignature",
          "diff.renames",
          "status.showUntrackedFiles",
          "submodule.recurse",
          "gc.auto",
          "advice.detachedHead",
          "safe.directory",
          "init.defaultBranch",
          "credential.helper=",
          "maintenance.auto",
          "protocol.version",
          "user.name",
          "user.email",
          "commit.gpgsign=false",
          "commit.gpgSign=false",
          "merge.renameLimit",
          "diff.renameLimit");

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
    List<CommandUse> uses = packageManager(image).uses();
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
      String each = use.wrapper() ? wrapper(use) : command(use);
      if (each == null) {
        return null;
      }
      rule = each;
    }
    return rule;
  }

  /** A package manager that is a script of Node stands for itself. */
  private ExecImage packageManager(ExecImage image) {
    String script = image.scriptPath();
    if (script == null || rules.path(script, false) == null) {
      return image;
    }
    String name = PathIdentity.baseName(script);
    String program = name.equals("npm-cli.js") ? "npm" : name;
    if (!Set.of("npm", "pnpm", "yarn", "corepack").contains(program)) {
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
      return git(words);
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
      return words.stream().allMatch(ResolvedWord::exact) || words.isEmpty() ? "probe" : null;
    }
    if (words.size() == 1 && asksVersion(words.get(0).text())) {
      return "version";
    }
    return special(program, words);
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

  /** Read-only git, and any git on a repository in the agent's own state folder. */
  private String git(List<ResolvedWord> words) {
    int at = 0;
    boolean own = false;
    while (at < words.size()) {
      String word = words.get(at).text();
      if (word.equals("-c") && at + 1 < words.size()) {
        if (!safeSetting(words.get(at + 1).text())) {
          return null;
        }
        at += 2;
      } else if ((word.equals("-C") || word.equals("--work-tree")) && at + 1 < words.size()) {
        at += 2;
      } else if (word.equals("--git-dir") && at + 1 < words.size()) {
        own |= ownState(words.get(at + 1).text());
        at += 2;
      } else if (word.startsWith("--git-dir=")) {
        own |= ownState(word.substring("--git-dir=".length()));
        at++;
      } else if (word.equals("--version") || word.equals("--exec-path")) {
        return "git";
      } else if (word.startsWith("-")) {
        boolean quiet =
            word.equals("--no-pager")
                || word.equals("--no-optional-locks")
                || word.equals("--literal-pathspecs")
                || word.equals("--bare")
                || word.equals("-P")
                || word.startsWith("--work-tree=");
        if (!quiet) {
          return null;
        }
        at++;
      } else {
        break;
      }
    }
    if (at >= words.size()) {
      return null;
    }
    String subcommand = words.get(at).text();
    List<ResolvedWord> rest = words.subList(at + 1, words.size());
    if (own) {
      return "git on own state";
    }
    if (GIT_READS.contains(subcommand)) {
      for (ResolvedWord word : rest) {
        String text = word.text();
        if (text.startsWith("--output")
            || text.startsWith("--upload-pack")
            || text.startsWith("--open-files-in-pager")
            || text.startsWith("-O")
            || text.startsWith("--textconv")
            || text.startsWith("--ext-diff")) {
          return null;
        }
      }
      return "git";
    }
    return GIT_LISTS.contains(subcommand) && lists(subcommand, rest) ? "git" : null;
  }

  private static boolean lists(String subcommand, List<ResolvedWord> rest) {
    String first = rest.isEmpty() ? "" : rest.get(0).text();
    return switch (subcommand) {
      case "branch", "tag" ->
          rest.stream()
              .allMatch(
                  word ->
                      Set.of(
                                  "-a",
                                  "-r",
                                  "-l",
                                  "-v",
                                  "-vv",
                                  "--list",
                                  "--all",
                                  "--remotes",
                                  "--show-current",
                                  "--no-color",
                                  "--sort",
                                  "--contains",
                                  "--merged",
                                  "--no-merged",
                                  "--points-at",
                                  "--column")
                              .contains(word.text())
                          || word.text().startsWith("--format")
                          || word.text().startsWith("--sort="));
      case "remote" ->
          first.isEmpty() || Set.of("-v", "get-url", "show", "--verbose").contains(first);
      case "stash", "reflog" -> Set.of("list", "show").contains(first);
      case "worktree", "notes" -> first.equals("list");
      case "submodule" -> first.equals("status");
      case "symbolic-ref" ->
          rest.stream().filter(word -> !word.text().startsWith("-")).count() <= 1
              && rest.stream().noneMatch(word -> word.text().startsWith("-d"));
      case "config" ->
          rest.stream()
                  .anyMatch(
                      word ->
                          Set.of(
                                  "--get",
                                  "--list",
                                  "-l",
                                  "--get-all",
                                  "--get-regexp",
                                  "get",
                                  "list")
                              .contains(word.text()))
              || rest.stream().filter(word -> !word.text().startsWith("-")).count() == 1;
      case "hash-object" -> rest.stream().noneMatch(word -> word.text().equals("-w"));
      default -> false;
    };
  }

  private boolean ownState(String folder) {
    String canonical = PathIdentity.canonical(folder, null, home);
    return canonical != null && "state".equals(rules.path(canonical + "/HEAD", true));
  }

  private static boolean safeSetting(String setting) {
    if (SAFE_GIT_SETTINGS.contains(setting)) {
      return true;
    }
    int equals = setting.indexOf('=');
    String name = equals < 0 ? setting : setting.substring(0, equals);
    return SAFE_GIT_SETTINGS.contains(name);
  }

  /** A script that writes the user's shell settings into the agent's state folder. */
  private boolean snapshot(String text, List<CommandUse> uses) {
    if (!text.contains("shell-snapshots/") && !text.contains("shell_snapshots/")) {
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
