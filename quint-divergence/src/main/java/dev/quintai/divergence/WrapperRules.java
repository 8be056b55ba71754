package dev.quintai.divergence;

import dev.quintai.core.shell.CommandUse;
import java.util.Set;

/**
 * What may stand around a declared line without being a deed of its own: the templates that agents
 * wrap commands in, taken apart into their commands. Observed on Claude Code 2.1 (shell snapshot,
 * {@code eval}, saved working directory), Gemini CLI 0.61 ({@code shopt}, {@code trap}, background
 * jobs), Codex 0.171 (snapshot, saved environment, {@code exec}), pi and opencode (nothing but
 * {@code bash -c}).
 */
final class WrapperRules {
  /** Builtins that change nothing but the shell itself. */
  private static final Set<String> BUILTINS =
      Set.of(
          ":",
          "true",
          "cd",
          "exit",
          "jobs",
          "pwd",
          "return",
          "set",
          "setopt",
          "shopt",
          "umask",
          "unalias",
          "unset",
          "unsetopt",
          "wait",
          "export",
          "builtin",
          "test",
          "[",
          "[[");

  /** Programs that run the line for the agent and do nothing else. */
  private static final Set<String> RUNNERS =
      Set.of("env", "setsid", "nohup", "nice", "stdbuf", "timeout", "exec", "command", "time");

  private final String home;

  WrapperRules(String home) {
    this.home = home;
  }

  /** Whether a command that goes on to run another one does nothing besides. */
  boolean harmlessWrapper(CommandUse use, boolean inside) {
    String program = use.program();
    if (program == null || !writesNowhere(use)) {
      return false;
    }
    return ShellInvocation.isShell(program)
        || program.equals("eval")
        || program.equals("builtin")
        || program.equals("trap")
        || RUNNERS.contains(program)
        || (!inside && (program.equals("script") || program.equals("bwrap")));
  }

  /** Whether a command is part of a template. */
  boolean harmless(CommandUse use) {
    if (!writesNowhere(use)) {
      return false;
    }
    String program = use.program();
    if (program == null) {
      return use.words().isEmpty();
    }
    if (BUILTINS.contains(program)) {
      return true;
    }
    return switch (program) {
      case "pgrep" ->
          use.arguments().size() == 2
              && use.arguments().get(0).text().equals("-g")
              && use.arguments().get(1).text().equals("0");
      case "printf" ->
          // What Claude Code says where the shell is too old for its wrapper.
          use.arguments().size() == 2
              && use.arguments().get(1).text().startsWith("__CLAUDE_CODE_DID_NOT_RUN_");
      case "source", "." -> use.arguments().size() == 1 && snapshot(use.arguments().get(0).text());
      default -> false;
    };
  }

  /** Whether it is a snapshot of the user's shell that an agent keeps in its state folder. */
  private boolean snapshot(String path) {
    String canonical = PathIdentity.canonical(path, null, home);
    if (canonical == null || !canonical.contains("snapshot")) {
      return false;
    }
    String folder = home == null ? null : PathIdentity.canonical(home);
    return canonical.contains("/.claude/shell-snapshots/")
        || canonical.contains("/.codex/shell_snapshots/")
        || canonical.contains("/.codex/shell-snapshots/")
        || (folder != null && canonical.startsWith(folder + "/.codex/"));
  }

  /** Whether it writes only where agents keep notes about their shells. */
  private static boolean writesNowhere(CommandUse use) {
    for (CommandUse.FileUse file : use.files()) {
      String path = file.path().text();
      if (file.write()
          && !path.equals("/dev/null")
          && !path.equals("/dev/stderr")
          && !path.equals("/dev/stdout")
          && !(PathIdentity.temporary(path) && !path.contains(".."))) {
        return false;
      }
    }
    return true;
  }
}
