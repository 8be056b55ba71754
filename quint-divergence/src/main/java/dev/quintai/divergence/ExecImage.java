package dev.quintai.divergence;

import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.shell.CommandUse;
import dev.quintai.core.shell.ShellContext;
import dev.quintai.core.shell.ShellWalker;
import java.util.List;

/** What an exec runs: the program, the script where it is an interpreter, and its commands. */
final class ExecImage {
  /** More than a finding shows of a text. */
  private static final int MAX_SHOWN = 2048;

  private final String exe;
  private final List<String> argv;
  private final String cwd;
  private final String home;
  private final int scriptIndex;
  private List<CommandUse> uses;
  private String shown;

  ExecImage(ProcessExec exec, String home) {
    this(exec.exe(), exec.argv(), exec.cwd(), home);
  }

  ExecImage(String exe, List<String> argv, String cwd, String home) {
    this.exe = exe;
    this.argv = argv;
    this.cwd = cwd;
    this.home = home;
    this.scriptIndex = Images.scriptIndex(exe, argv);
  }

  String exe() {
    return exe;
  }

  String base() {
    return PathIdentity.baseName(exe);
  }

  List<String> argv() {
    return argv;
  }

  String cwd() {
    return cwd;
  }

  String home() {
    return home;
  }

  /** The script as written in the vector, or null. */
  String script() {
    return scriptIndex < 0 ? null : argv.get(scriptIndex);
  }

  /** The script's absolute path, or null. */
  String scriptPath() {
    return scriptIndex < 0 ? null : PathIdentity.canonical(argv.get(scriptIndex), cwd, home);
  }

  /**
   * What stands for the program: the script where an interpreter runs one, for a module of Python
   * its name beside the interpreter.
   */
  String runs() {
    String module = Images.module(exe, argv);
    if (module != null) {
      return PathIdentity.parent(exe) + "/" + module;
    }
    return scriptPath();
  }

  /** The words after the program, or after the script. */
  List<String> arguments(boolean afterScript) {
    int from = afterScript ? scriptIndex + 1 : 1;
    return from >= argv.size() ? List.of() : argv.subList(from, argv.size());
  }

  /** The commands that the vector runs, wrappers and shells looked through. */
  List<CommandUse> uses() {
    if (uses == null) {
      uses =
          argv.isEmpty()
              ? List.of()
              : ShellWalker.walk(ShellInvocation.quoted(argv), ShellContext.of(cwd, home))
                  .commands();
    }
    return uses;
  }

  /** The vector as a person would type it, cut where it is long; the program's path in front. */
  String shown() {
    if (shown == null) {
      String all =
          argv.size() <= 1 ? exe : exe + " " + ShellInvocation.quoted(argv.subList(1, argv.size()));
      shown = all.length() <= MAX_SHOWN ? all : all.substring(0, MAX_SHOWN);
    }
    return shown;
  }

  /** Whether the vector is so long that it is kept only while it is needed. */
  boolean isLong() {
    long length = 0;
    for (String word : argv) {
      length += word.length();
    }
    return length > MAX_SHOWN;
  }
}
