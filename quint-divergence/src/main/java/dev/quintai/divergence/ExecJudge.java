package dev.quintai.divergence;

import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.platform.PlatformDetector;
import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.shell.CommandUse;
import java.util.List;
import java.util.Set;

/** Holds execs against what explains them, and remembers with each process why it runs. */
final class ExecJudge {

  private static final PlatformDetector PLATFORMS = PlatformDetector.defaults();

  private static final Set<String> LAUNCHERS =
      Set.of(
          "sh",
          "bash",
          "zsh",
          "dash",
          "fish",
          "ksh",
          "env",
          "npx",
          "npm",
          "pnpm",
          "yarn",
          "bunx",
          "uvx",
          "uv",
          "pipx",
          "nohup",
          "time",
          "timeout",
          "nice",
          "script",
          "setsid",
          "xvfb-run",
          "npx-cli.js",
          "npm-cli.js");

  /** Words by which a scheduler shows what is planned, or itself. */
  private static final Set<String> ASKS = Set.of("-l", "-V", "--version", "--help", "-h");

  /** The one effect that execs of a line have in common: repeats belong to it. */
  static final long EXEC = 0;

  /** Twice the clock tick in which Linux counts the start of a process. */
  private static final long TICK_NANOS = 20_000_000L;

  private final SessionState state;
  private final Intents intents;
  private final Strays strays;
  private final TruthJudge truths;

  /** Whether a tool call has been declared: the agent has begun to work. */
  boolean declared;

  String platformBefore;

  ExecJudge(SessionState state, Intents intents, Strays strays, TruthJudge truths) {
    this.state = state;
    this.truths = truths;
    this.intents = intents;
    this.strays = strays;
    this.platformBefore = state.session.platform();
  }

  void exec(ProcessExec event) {
    Proc proc = find(event);
    proc.execd = true;
    judge(event, proc);
    proc.passOn(event.timeNanos() - TICK_NANOS);
  }

  private void judge(ProcessExec event, Proc proc) {
    ExecImage image = new ExecImage(event, state.home());
    int uidBefore = proc.uid;
    boolean wasOwn = proc.own;
    String exeBefore = proc.exe;
    String scriptBefore = proc.script;
    boolean itself = wasOwn && (itself(proc, exeBefore, scriptBefore, image) || sameAgent(event));
    boolean ownUse = proc.use >= 0 && proc.lineage != null;
    state.bytes += Footprint.text(event.exe()) + Footprint.text(event.cwd()) + 64;
    proc.exe = event.exe();
    proc.script = image.runs();
    if (event.cwd() != null) {
      proc.cwd = event.cwd();
      if (!declared && proc.id.pid() == state.session.agentProcess().pid()) {
        state.startedIn(event.cwd());
      }
    }
    if (event.uid() >= 0) {
      proc.uid = event.uid();
    }
    if (itself) {
      return;
    }
    SensitiveTarget sensitive = sensitive(image);
    boolean privileged = sensitive != null || (uidBefore > 0 && event.uid() == 0);
    Act act =
        new Act(
            ActClass.EXEC, event.timeNanos(), proc, event.exe(), null, null, 1, sensitive, image);
    proc.own = false;
    OpenIntent lineage = TruthJudge.lineageOf(proc);
    if (wasOwn) {
      byAgent(act, privileged);
    } else if (lineage != null) {
      underLine(lineage, act, privileged, ownUse);
    } else if (proc.housekeeping != null) {
      if (privileged) {
        stray(act);
      }
    } else if (proc.fold != null) {
      underStray(act, privileged);
    } else {
      byAgent(act, privileged);
    }
  }

  /** What the program is, unless it only shows what is planned, or stays below its caller. */
  private SensitiveTarget sensitive(ExecImage image) {
    SensitiveTarget target = state.settings.sensitive().program(image.exe()).orElse(null);
    if (target == null || target.kind() != SensitiveTarget.Kind.SCHEDULER) {
      return target;
    }
    List<String> argv = image.argv();
    boolean shows = argv.size() == 2 && ASKS.contains(argv.get(1));
    return shows || argv.contains("--scope") ? null : target;
  }

  private Proc find(ProcessExec event) {
    Proc known = state.procs.find(event.process(), event.timeNanos());
    if (known != null) {
      return known;
    }
    Proc parent = state.procs.findPid(event.ppid());
    return state.add(event.process(), parent != null ? parent : state.root);
  }

  /** Whether the exec is the agent starting itself: its launch, or the same program again. */
  private boolean itself(Proc proc, String exeBefore, String scriptBefore, ExecImage image) {
    String platform = state.session.platform();
    boolean recognised = !platform.equals(platformBefore);
    platformBefore = platform;
    if (!declared && (proc == state.root || recognised || launching(exeBefore, scriptBefore))) {
      return true;
    }
    if (exeBefore == null || !exeBefore.equals(image.exe())) {
      return false;
    }
    if (!Images.interpreter(image.exe())) {
      return true;
    }
    if (ShellInvocation.isShell(Images.family(image.base())) || image.script() == null) {
      return false;
    }
    String script = image.scriptPath();
    if (scriptBefore != null) {
      return scriptBefore.equals(script);
    }
    return script != null && ofPlatform(script, platform);
  }

  /**
   * Whether the program is known as this session's agent: a launcher in JavaScript starts the
   * native one. What lies where tools write is never taken for it.
   */
  private boolean sameAgent(ProcessExec event) {
    return !writtenByTools(event.exe())
        && (event.argv().size() < 2 || !writtenByTools(event.argv().get(1)))
        && state.session.platform().equals(PLATFORMS.platformOf(event));
  }

  /** Whether the file lies where tools write: for a moment, or in the working directory. */
  private boolean writtenByTools(String file) {
    String cwd = state.cwd();
    return PathIdentity.temporary(file)
        || (cwd != null && PathIdentity.below(file, PathIdentity.canonical(cwd)));
  }

  /** Whether the agent has not shown yet: its session began with a shell or a package runner. */
  private boolean launching(String exeBefore, String scriptBefore) {
    return state.session.platform().equals("generic") && launcher(exeBefore, scriptBefore);
  }

  /** Whether the process is what starts the agent, and not the agent yet. */
  boolean launcher(Proc proc) {
    return !declared && launcher(proc.exe, proc.script);
  }

  static boolean launcher(String exeBefore, String scriptBefore) {
    String image = scriptBefore != null ? scriptBefore : exeBefore;
    return image != null && LAUNCHERS.contains(PathIdentity.baseName(image));
  }

  /** Whether a script's place names the agent: the package it was installed from. */
  private boolean ofPlatform(String script, String platform) {
    if (writtenByTools(script)) {
      return false;
    }
    String name =
        switch (platform) {
          case "claude-code" -> "claude";
          case "gemini-cli" -> "gemini";
          case "qwen-code" -> "qwen";
          default -> platform;
        };
    String base = PathIdentity.baseName(script);
    return base.equals(name)
        || base.startsWith(name + ".")
        || (script.contains("/node_modules/") && script.contains(name));
  }

  /** An exec by the agent itself: declared, housekeeping, or a finding. */
  private void byAgent(Act act, boolean privileged) {
    Proc proc = act.proc();
    if (!privileged) {
      ExecMatcher.Match[] found = new ExecMatcher.Match[1];
      OpenIntent intent = declaring(act, found, ExecMatcher.Fit.COMMAND);
      if (intent != null) {
        explain(proc, intent, found[0]);
        intent.consume(EXEC, act.time());
        intents.matched(intent, act);
        return;
      }
    } else {
      ExecMatcher.Match[] found = new ExecMatcher.Match[1];
      OpenIntent intent = declaring(act, found, ExecMatcher.Fit.COMMAND);
      if (intent != null && named(intent, act, found[0])) {
        explain(proc, intent, found[0]);
        intents.matched(intent, act);
        return;
      }
    }
    String rule = privileged ? null : housekeeping(act.image());
    if (rule != null) {
      proc.housekeeping = rule;
      truths.keep(act);
      return;
    }
    Stray stray = stray(act);
    stray.fromProject = !privileged && state.firstOfProject(act.image());
    ExecMatcher.Match[] found = new ExecMatcher.Match[1];
    proc.contains = declaring(act, found, ExecMatcher.Fit.MORE);
    proc.fold = stray;
  }

  /** Judges an exec once more whose explanation has turned out to be none. */
  void again(Act act) {
    Proc proc = act.proc();
    boolean privileged = act.sensitive() != null;
    proc.lineage = null;
    proc.use = -1;
    proc.lineShell = false;
    proc.unseen = false;
    Proc parent = proc.parent();
    OpenIntent lineage = parent == null || parent.own ? null : TruthJudge.lineageOf(parent);
    if (lineage != null && act.image() != null) {
      proc.stemsFrom(parent);
      underLine(lineage, act, privileged, false);
    } else if (parent != null && !parent.own && parent.fold != null) {
      proc.stemsFrom(parent);
      underStray(act, privileged);
    } else {
      byAgent(act, privileged);
    }
  }

  /**
   * Gives what descends from a process, and stemmed from the refused call too, the reason that the
   * process has now: one act, one finding, for what it goes on to do as well.
   */
  void passDown(Proc from, OpenIntent refused) {
    for (Proc proc : state.procs.all()) {
      if (proc.lineage == refused && proc != from && proc.below(from.id.pid())) {
        proc.stemsFrom(from);
      }
    }
  }

  private String housekeeping(ExecImage image) {
    for (List<String> command : state.settings.configuredCommands()) {
      if (startsWith(image.argv(), command)) {
        return "configured";
      }
    }
    if (state.configured(image)) {
      return "configured";
    }
    return state.execs().rule(image, state.cwd());
  }

  private static boolean startsWith(List<String> argv, List<String> command) {
    if (command.isEmpty() || argv.size() < command.size()) {
      return false;
    }
    for (int i = 0; i < command.size(); i++) {
      String word = argv.get(i);
      boolean same =
          word.equals(command.get(i))
              || (i == 0 && PathIdentity.baseName(word).equals(command.get(i)));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** A privileged exec must be named: the command itself, not the line around it. */
  private boolean named(OpenIntent intent, Act act, ExecMatcher.Match match) {
    return match.use() >= 0 && intent.effects.line() != null && act.image() != null;
  }

  private OpenIntent declaring(Act act, ExecMatcher.Match[] found, ExecMatcher.Fit least) {
    return intents.best(
        act,
        EXEC,
        intent -> {
          ExecMatcher.Match match = fit(intent, act);
          if (match.fit().compareTo(least) < 0) {
            return false;
          }
          if (match.fit() == ExecMatcher.Fit.UNSEEN && intent.matched()) {
            return false; // only once: what cannot be seen is no repeat
          }
          found[0] = match;
          return true;
        });
  }

  /** How the exec fits the call's line. */
  ExecMatcher.Match fit(OpenIntent intent, Act act) {
    CommandLine line = intent.effects.line();
    if (line == null || act.image() == null) {
      return ExecMatcher.Match.NONE;
    }
    return state.matcher().match(line, act.image());
  }

  private static void explain(Proc proc, OpenIntent intent, ExecMatcher.Match match) {
    proc.lineage = intent;
    proc.fold = null;
    proc.contains = null;
    proc.use = match.use();
    proc.lineShell = match.fit() == ExecMatcher.Fit.LINE;
    proc.unseen = match.fit() == ExecMatcher.Fit.UNSEEN;
    CommandLine line = intent.effects.line();
    if (line != null && proc.lineShell && proc.cwd != null) {
      CommandLine here = line.in(proc.cwd);
      if (here != line) {
        intent.effects = DeclaredEffects.line(here);
      }
    }
  }

  /** An exec below a declared command. */
  private void underLine(OpenIntent intent, Act act, boolean privileged, boolean ownUse) {
    Proc proc = act.proc();
    CommandLine line = intent.effects.line();
    int use = line == null ? -1 : state.matcher().command(line, act.image());
    String text = ShellInvocation.text(act.image().argv());
    boolean sameLine = text != null && line != null && text.strip().equals(line.text().strip());
    if (proc.unseen) {
      proc.unseen = false;
      if (use < 0 && !sameLine) {
        // Nobody saw what the shell above runs, so it vouches only for what the line names.
        proc.lineage = null;
        proc.fold = stray(act);
        return;
      }
    }
    if (use < 0 && privileged && !underDeclaredPrivilege(proc, line)) {
      stray(act);
    }
    if (use >= 0) {
      proc.use = use;
      intents.matched(intent, act);
    } else if (!ownUse || !wraps(proc, line)) {
      proc.use = -1;
    }
    proc.lineShell = sameLine;
  }

  /** Whether the process runs a declared command that hands over to another program. */
  private static boolean wraps(Proc proc, CommandLine line) {
    return line != null && proc.use < line.uses().size() && line.uses().get(proc.use).wrapper();
  }

  /** Whether a declared {@code sudo} or the like started it. */
  private boolean underDeclaredPrivilege(Proc proc, CommandLine line) {
    if (line == null) {
      return false;
    }
    int steps = 0;
    for (Proc at = proc; at != null && steps < 16; at = at.parent(), steps++) {
      if (at.use >= 0 && at.use < line.uses().size()) {
        CommandUse use = line.uses().get(at.use);
        String program = use.program();
        if (program != null
            && state
                .settings
                .sensitive()
                .program(program)
                .filter(target -> target.kind() == SensitiveTarget.Kind.PRIVILEGE)
                .isPresent()) {
          return true;
        }
      }
    }
    return false;
  }

  /** An exec below one that nothing explains. */
  private void underStray(Act act, boolean privileged) {
    Proc proc = act.proc();
    OpenIntent contained = proc.contains;
    if (contained != null && !contained.denied && contained.effects.line() != null) {
      int use = state.matcher().command(contained.effects.line(), act.image());
      if (use >= 0) {
        explain(proc, contained, new ExecMatcher.Match(ExecMatcher.Fit.COMMAND, use));
        intents.matched(contained, act);
        return;
      }
    }
    if (privileged) {
      stray(act);
      return;
    }
    strays.fold(proc.fold, act);
  }

  private Stray stray(Act act) {
    return strays.add(act, null);
  }
}
