package dev.quintai.divergence;

import dev.quintai.core.shell.ResolvedWord;
import java.util.List;
import java.util.Set;

/**
 * Which calls of git are housekeeping: those that only read, and those on the agent's own state.
 */
final class HousekeepingGit {
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
          "core.fsmonitor=",
          "core.askPass=",
          "core.ignorecase",
          "core.safecrlf",
          // What Claude Code sets so that no repository can name a command of its own.
          "core.alternateRefsCommand=f() { git --git-dir=\"$1\" for-each-ref"
              + " --format='%(objectname)'; }; f",
          "color.ui",
          "color.diff",
          "log.showSignature",
          "diff.renames",
          "diff.autoRefreshIndex",
          "format.pretty",
          "status.showUntrackedFiles",
          "submodule.recurse",
          "gc.auto",
          "advice.detachedHead",
          "safe.directory",
          "safe.bareRepository",
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

  /** What Claude Code keeps snapshots with: objects that no branch names, an index of its own. */
  private static final Set<String> GIT_SNAPSHOTS =
      Set.of("write-tree", "commit-tree", "update-index");

  private final String platform;
  private final String home;
  private final HousekeepingTable.Rules rules;

  HousekeepingGit(String platform, String home, HousekeepingTable.Rules rules) {
    this.platform = platform;
    this.home = home;
    this.rules = rules;
  }

  /** Read-only git, and any git on a repository in the agent's own state folder. */
  String rule(List<ResolvedWord> words) {
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
    if (GIT_SNAPSHOTS.contains(subcommand) && platform.equals("claude-code")) {
      return "git snapshot";
    }
    if (subcommand.equals("init") && rest.isEmpty() && platform.equals("opencode")) {
      return "git snapshot"; // a repository of its own, which it names in the environment
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
      if (subcommand.equals("ls-remote") && !asksKnown(rest)) {
        return null;
      }
      return "git";
    }
    return GIT_LISTS.contains(subcommand) && lists(subcommand, rest) ? "git" : null;
  }

  /** Whether a repository that is asked is a named remote, or on a host that the agent may ask. */
  private boolean asksKnown(List<ResolvedWord> rest) {
    for (ResolvedWord word : rest) {
      String text = word.exactText();
      if (text == null || text.contains("::")) {
        return false;
      }
      if (!text.startsWith("-")) {
        if (text.indexOf(':') < 0 && text.indexOf('/') < 0) {
          return true;
        }
        String host = text.startsWith("https://") ? text.substring(8).split("[/:@]", 2)[0] : "";
        return rules.host(HostIdentity.canonical(host)) != null;
      }
    }
    return true;
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
    if ((name.startsWith("hook.") && setting.endsWith(".enabled=false"))
        || (name.startsWith("protocol.") && setting.endsWith(".allow=never"))) {
      return true;
    }
    return SAFE_GIT_SETTINGS.contains(name);
  }
}
