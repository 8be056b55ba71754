package dev.quintai.divergence;

import dev.quintai.core.shell.CommandUse;
import dev.quintai.core.shell.ResolvedWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Holds an exec against a declared command line. */
final class ExecMatcher {

  /** How an exec and a line fit. */
  enum Fit {
    NONE,
    /** Its shell runs the line and more besides. */
    MORE,
    /** It is one of the line's commands. */
    COMMAND,
    /** It is a shell, and the sensor could not see what it runs. */
    UNSEEN,
    /** Its shell runs the line and nothing else that does anything. */
    LINE
  }

  /**
   * The answer.
   *
   * @param fit how they fit
   * @param use the line's command that it is, or -1
   */
  record Match(Fit fit, int use) {
    static final Match NONE = new Match(Fit.NONE, -1);
  }

  private final WrapperRules wrappers;

  ExecMatcher(WrapperRules wrappers) {
    this.wrappers = wrappers;
  }

  /** How an exec by the agent itself fits the line. */
  Match match(CommandLine line, ExecImage image) {
    int direct = command(line, image);
    if (direct >= 0) {
      return new Match(Fit.COMMAND, direct);
    }
    if (!genuine(image)) {
      return Match.NONE;
    }
    String text = ShellInvocation.text(image.argv());
    if (text != null && text.strip().equals(line.text().strip())) {
      return new Match(Fit.LINE, -1);
    }
    if (image.argv().isEmpty() && ShellInvocation.isShell(image.base())) {
      return new Match(Fit.UNSEEN, -1);
    }
    if (image.argv().size() < 2) {
      return Match.NONE;
    }
    return compare(line.in(image.cwd()), image);
  }

  /** Whether the program is what its vector calls it: a shell is no shell by name alone. */
  private static boolean genuine(ExecImage image) {
    if (PathIdentity.temporary(image.exe())) {
      return false;
    }
    if (image.argv().isEmpty()) {
      return true;
    }
    String named = Images.family(PathIdentity.baseName(image.argv().get(0)));
    String actual = Images.family(image.base());
    return named.equals(actual)
        || (ShellInvocation.isShell(named) && ShellInvocation.isShell(actual))
        || (Images.installed(image.exe()) && !Images.interpreter(image.exe()));
  }

  private Match compare(CommandLine line, ExecImage image) {
    List<CommandUse> declared = leaves(line.uses());
    if (declared.isEmpty() || image.uses().isEmpty() || !image.uses().get(0).wrapper()) {
      return Match.NONE;
    }
    if (evaluates(line, image)) {
      return new Match(Fit.LINE, -1);
    }
    boolean onlyHarmless = true;
    int next = 0;
    boolean shell = false;
    for (CommandUse use : image.uses()) {
      if (use.wrapper()) {
        shell |= use.program() != null && ShellInvocation.isShell(use.program());
        onlyHarmless &=
            declaredToo(line, use)
                || (!use.opaque() && wrappers.harmlessWrapper(use, !use.via().isEmpty()));
        continue;
      }
      if (next < declared.size() && same(declared.get(next), use)) {
        next++;
      } else {
        onlyHarmless &= wrappers.harmless(use);
      }
    }
    if (next < declared.size()) {
      return Match.NONE;
    }
    if (onlyHarmless) {
      return new Match(Fit.LINE, -1);
    }
    return shell ? new Match(Fit.MORE, -1) : Match.NONE;
  }

  /** Whether a command that runs others ({@code find -exec}, {@code xargs}) is the line's own. */
  private static boolean declaredToo(CommandLine line, CommandUse wrapper) {
    for (CommandUse use : line.uses()) {
      if (use.wrapper() && same(use, wrapper)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the shell hands the very text of the line to {@code eval}, whatever that text is, and
   * does nothing besides.
   */
  private boolean evaluates(CommandLine line, ExecImage image) {
    boolean found = false;
    for (CommandUse use : image.uses()) {
      if (use.via().contains("eval")) {
        continue;
      }
      if (!use.wrapper()) {
        if (!wrappers.harmless(use)) {
          return false;
        }
      } else if (!"eval".equals(use.program())) {
        if (use.opaque() || !wrappers.harmlessWrapper(use, !use.via().isEmpty())) {
          return false;
        }
      } else {
        if (found || !evaluates(line, use)) {
          return false;
        }
        found = true;
      }
    }
    return found;
  }

  private static boolean evaluates(CommandLine line, CommandUse eval) {
    List<ResolvedWord> words = eval.arguments();
    boolean alone =
        words.size() == 1
            || (words.size() == 3
                && words.get(1).text().equals("<")
                && words.get(2).text().equals("/dev/null"));
    return alone && words.get(0).text().strip().equals(line.text().strip());
  }

  private static List<CommandUse> leaves(List<CommandUse> uses) {
    List<CommandUse> out = new ArrayList<>(uses.size());
    for (CommandUse use : uses) {
      if (!use.wrapper()) {
        out.add(use);
      }
    }
    return out;
  }

  private static boolean same(CommandUse declared, CommandUse actual) {
    if (declared.words().size() != actual.words().size()) {
      return false;
    }
    for (int i = 0; i < declared.words().size(); i++) {
      ResolvedWord a = declared.words().get(i);
      ResolvedWord b = actual.words().get(i);
      if (!a.text().equals(b.text()) && !a.matches(b.text()) && !b.matches(a.text())) {
        return false;
      }
    }
    return files(declared).equals(files(actual))
        && declared.environment().equals(actual.environment())
        && Objects.equals(declared.stdin(), actual.stdin());
  }

  private static List<CommandUse.FileUse> files(CommandUse use) {
    List<CommandUse.FileUse> out = new ArrayList<>(use.files().size());
    for (CommandUse.FileUse file : use.files()) {
      if (!file.path().text().equals("/dev/null")) {
        out.add(file);
      }
    }
    return out;
  }

  /** The line's command that the exec is, or -1. */
  int command(CommandLine line, ExecImage image) {
    List<CommandUse> uses = line.uses();
    for (int i = 0; i < uses.size(); i++) {
      if (is(uses.get(i), image)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the exec is the command: the same program, and the same words as far as known. */
  static boolean is(CommandUse use, ExecImage image) {
    if (use.words().isEmpty()) {
      return false;
    }
    String name = use.name();
    if (name == null) {
      return !image.argv().isEmpty()
          && !use.words().get(0).opaque()
          && use.words().get(0).matches(image.argv().get(0))
          && words(use.arguments(), image.arguments(false), use.more());
    }
    boolean byScript = scriptIs(name, use.cwd(), image);
    if (!byScript && !programIs(name, use.cwd(), image)) {
      return false;
    }
    if (image.argv().isEmpty()) {
      return !ShellInvocation.isShell(image.base());
    }
    return words(use.arguments(), image.arguments(byScript), use.more());
  }

  private static boolean scriptIs(String name, String cwd, ExecImage image) {
    String script = image.script();
    if (script == null) {
      return false;
    }
    if (name.indexOf('/') >= 0) {
      String declared = PathIdentity.canonical(name, cwd, null);
      return declared != null ? declared.equals(image.scriptPath()) : name.equals(script);
    }
    String path = image.scriptPath();
    return PathIdentity.baseName(script).equals(name)
        && script.indexOf('/') >= 0
        && (path == null || !PathIdentity.temporary(path));
  }

  private static boolean programIs(String name, String cwd, ExecImage image) {
    String base = image.base();
    String declaredBase = PathIdentity.baseName(name);
    if (name.indexOf('/') >= 0) {
      String declared = PathIdentity.canonical(name, cwd, null);
      String actual = PathIdentity.canonical(image.exe());
      if (declared == null || declared.equals(actual)) {
        return declared != null || declaredBase.equals(base);
      }
      // A link: the operating system names its end, the vector the way there.
      return !image.argv().isEmpty()
          && image.argv().get(0).equals(name)
          && (Images.family(declaredBase).equals(Images.family(base))
              || Images.installed(image.exe()));
    }
    if (PathIdentity.temporary(image.exe())) {
      return false;
    }
    if (declaredBase.equals(base) || Images.family(declaredBase).equals(Images.family(base))) {
      return true;
    }
    // Installed alternatives and multi-call programs: the name is in the vector.
    return !image.argv().isEmpty()
        && PathIdentity.baseName(image.argv().get(0)).equals(name)
        && (Images.actsAs(name, base)
            || (Images.installed(image.exe()) && !Images.interpreter(image.exe())));
  }

  /** Whether the actual words can have come from the declared ones. */
  static boolean words(List<ResolvedWord> declared, List<String> actual, boolean more) {
    int d = 0;
    int a = 0;
    int star = -1;
    int mark = 0;
    while (a < actual.size()) {
      if (d < declared.size() && declared.get(d).many()) {
        star = d++;
        mark = a;
      } else if (d < declared.size() && declared.get(d).matches(actual.get(a))) {
        d++;
        a++;
      } else if (star >= 0) {
        d = star + 1;
        a = ++mark;
      } else {
        return more && d == declared.size();
      }
    }
    while (d < declared.size() && declared.get(d).many()) {
      d++;
    }
    return d == declared.size();
  }
}
