package dev.quintai.divergence;

import dev.quintai.core.shell.CommandUse;
import dev.quintai.core.shell.ShellCommands;
import dev.quintai.core.shell.ShellContext;
import dev.quintai.core.shell.ShellWalker;
import java.util.ArrayList;
import java.util.List;

/** A declared command line: its text, its commands, and what each of them declares. */
final class CommandLine {
  private final String text;
  private final String cwd;
  private final String home;
  private final List<CommandUse> uses;
  private final List<UtilityEffects> effects;
  private final List<FileEffect> patchedFiles;

  /** A bit for each class of acts that one of its commands declares. */
  private final int classes;

  private CommandLine(String text, String cwd, String home, ShellCommands commands) {
    this.text = text;
    this.cwd = cwd;
    this.home = home;
    this.uses = commands.commands();
    this.effects = new ArrayList<>(uses.size());
    List<FileEffect> patched = new ArrayList<>();
    for (CommandUse use : uses) {
      effects.add(Utilities.effects(use, home));
      if ("apply_patch".equals(use.program()) || "applypatch".equals(use.program())) {
        String patch = use.stdin();
        if (patch == null && use.words().size() > 1) {
          patch = use.words().get(1).exactText();
        }
        if (patch != null) {
          patched.addAll(Patches.files(patch, use.cwd(), home));
        }
      }
    }
    this.patchedFiles = List.copyOf(patched);
    int bits = ActClass.EXEC.bit();
    for (UtilityEffects effect : effects) {
      bits |= effect.classes();
    }
    this.classes = bits;
  }

  static CommandLine of(String text, String cwd, String home) {
    return new CommandLine(text, cwd, home, ShellWalker.walk(text, ShellContext.of(cwd, home)));
  }

  /** The same line in another working directory. */
  CommandLine in(String otherCwd) {
    return otherCwd == null || otherCwd.equals(cwd) ? this : of(text, otherCwd, home);
  }

  String text() {
    return text;
  }

  String cwd() {
    return cwd;
  }

  String home() {
    return home;
  }

  List<CommandUse> uses() {
    return uses;
  }

  UtilityEffects effects(int use) {
    return effects.get(use);
  }

  /** Files of patches that the agent applies itself, although they stand in a shell line. */
  List<FileEffect> patchedFiles() {
    return patchedFiles;
  }

  /** Whether acts of the class are among what its commands declare. */
  boolean declares(ActClass act) {
    return (classes & act.bit()) != 0;
  }

  /** A bit for each class of acts that one of its commands declares. */
  int classes() {
    return classes;
  }
}
