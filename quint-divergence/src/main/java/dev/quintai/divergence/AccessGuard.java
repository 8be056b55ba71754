package dev.quintai.divergence;

import dev.quintai.core.PlatformRule;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.TruthEvent;
import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.shell.CommandUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Says at the moment of an act whether a sensitive target may be touched, for a sensor that can
 * refuse. It answers from what has arrived, without waiting for what may still come, so it knows
 * less than the matcher: where the two differ it allows, and the matcher tells the finding.
 *
 * <p>A sensitive target may be touched when an open call names it (a file tool's by the agent's own
 * process, a command's by a process of that program or a shell), by its owner, and by the agent
 * whose login it is. A {@code .env} inside the working directory may be, since lineage explains it.
 * Everything that is not sensitive may be.
 *
 * <p>It must be told what processes do before it is asked about them, and of a call before the
 * agent can carry it out. Bounded: beyond {@value #MAX_PROCESSES} processes and {@value #MAX_CALLS}
 * open calls the oldest are forgotten. Thread-safe.
 */
public final class AccessGuard implements Consumer<Event>, Predicate<TruthEvent> {

  private static final int MAX_PROCESSES = 65_536;
  private static final int MAX_CALLS = 4_096;

  /** What a process runs; of a fork that of its parent. */
  private record Image(String exe, String script, String called, String platform, boolean own) {}

  private record Call(long until, DeclaredEffects effects) {}

  private final DivergenceSettings settings;
  private final PlatformRule platforms;
  private final String platform;
  private final String cwd;
  private final String home;
  private final Map<ProcessId, Image> images = new LinkedHashMap<>();
  private final Map<String, Call> calls = new LinkedHashMap<>();
  private ProcessId root;
  private boolean declared;
  private long nameless;

  /**
   * A guard of one process tree, whose root is the first process that is told to run a program.
   *
   * @param settings the table of sensitive targets, the effects of tools, and how long a call
   *     without a result is open ({@link DivergenceSettings#horizon})
   * @param platforms recognises agents
   * @param platform the platform of the root
   * @param cwd the working directory of the root, or null
   * @param home its home, or null
   */
  public AccessGuard(
      DivergenceSettings settings,
      PlatformRule platforms,
      String platform,
      String cwd,
      String home) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.platforms = Objects.requireNonNull(platforms, "platforms");
    this.platform = platform;
    this.cwd = cwd;
    this.home = home;
  }

  @Override
  public synchronized void accept(Event event) {
    if (event instanceof ProcessFork fork) {
      Image parent = images.get(fork.process());
      if (parent != null) {
        put(fork.child(), parent);
      }
    } else if (event instanceof ProcessExec exec) {
      put(exec.process(), image(exec));
    } else if (event instanceof ProcessExit exit) {
      images.remove(exit.process());
    } else if (event instanceof IntentEvent intent) {
      declared(intent);
    } else if (event instanceof IntentResult result) {
      calls.remove(result.toolUseId());
    }
  }

  private void put(ProcessId process, Image image) {
    images.put(process, image);
    if (images.size() > MAX_PROCESSES) {
      images.remove(images.keySet().iterator().next());
    }
  }

  private Image image(ProcessExec exec) {
    Image before = images.get(exec.process());
    boolean first = root == null;
    if (first) {
      root = exec.process();
    }
    ExecImage image = new ExecImage(exec, home);
    String script = image.runs();
    String known = platforms.platformOf(exec);
    boolean same =
        before != null && exec.exe().equals(before.exe) && Objects.equals(script, before.script);
    boolean launched =
        !declared && before != null && before.own && ExecJudge.launcher(before.exe, before.script);
    boolean own = first || known != null || (before != null && before.own && (same || launched));
    String agent = known != null ? known : own && before != null ? before.platform : null;
    String called = exec.argv().isEmpty() ? null : exec.argv().get(0);
    return new Image(exec.exe(), script, called, first && known == null ? platform : agent, own);
  }

  private void declared(IntentEvent intent) {
    declared = true;
    DeclaredEffects effects = settings.effects().effects(intent, cwd, home);
    if (effects.files().isEmpty() && effects.hosts().isEmpty() && effects.line() == null) {
      return;
    }
    String id = intent.toolUseId() != null ? intent.toolUseId() : "#" + nameless++;
    calls.put(id, new Call(intent.timeNanos() + settings.horizon().toNanos(), effects));
    if (calls.size() > MAX_CALLS) {
      calls.remove(calls.keySet().iterator().next());
    }
  }

  /** Takes a call back that was refused: it declares nothing. */
  public synchronized void denied(String toolUseId) {
    calls.remove(toolUseId);
  }

  /** Whether the act may happen. */
  @Override
  public synchronized boolean test(TruthEvent act) {
    calls.values().removeIf(call -> call.until < act.timeNanos());
    Image image = images.get(act.process());
    if (act instanceof FileEvent file) {
      return file(file, image);
    }
    if (act instanceof NetworkConnect connect) {
      return connect.remoteIp() == null || host(connect.remoteIp(), image);
    }
    return true; // no Unix socket is sensitive
  }

  // ------------------------------------------------------------------ files

  private boolean file(FileEvent event, Image image) {
    if (event.op() == FileEvent.Op.RENAME) {
      return file(event, ActClass.FILE_DELETE, event.path(), image)
          && (event.newPath() == null || file(event, ActClass.FILE_WRITE, event.newPath(), image));
    }
    ActClass act = Blindness.classOf(event);
    return act == null || file(event, act, event.path(), image);
  }

  private boolean file(FileEvent event, ActClass act, String path, Image image) {
    SensitiveTarget target = settings.sensitive().path(path, home, cwd).orElse(null);
    if (target == null && event.op() == FileEvent.Op.RENAME) {
      target = settings.sensitive().folder(path, home).orElse(null);
    }
    if (target == null
        || (target.writeOnly() && act == ActClass.FILE_READ)
        || target.kind() == SensitiveTarget.Kind.ENV_FILE
        || itsOwn(event, path)) {
      return true;
    }
    if (image != null && owns(target, act, path, image)) {
      return true;
    }
    String canonical = PathIdentity.canonical(path);
    for (Call call : calls.values()) {
      if (declares(call.effects, act, canonical, image)) {
        return true;
      }
    }
    return false;
  }

  /** A process may look at its own environment and memory: it has them. */
  private static boolean itsOwn(FileEvent event, String path) {
    return path.startsWith("/proc/" + event.process().pid() + "/");
  }

  private boolean owns(SensitiveTarget target, ActClass act, String path, Image image) {
    String runs = image.script != null ? image.script : image.exe;
    boolean login = image.own && target.ownedByAgent(image.platform);
    boolean settingsOfTheAgent =
        image.own && act == ActClass.FILE_READ && PathIdentity.baseName(path).equals(".env");
    return login || settingsOfTheAgent || target.ownedBy(runs, cwd);
  }

  private boolean declares(DeclaredEffects effects, ActClass act, String path, Image image) {
    if (image == null || image.own) {
      if (names(effects.files(), act, path)) {
        return true;
      }
    }
    CommandLine line = effects.line();
    if (line == null) {
      return false;
    }
    for (int i = 0; i < line.uses().size(); i++) {
      if (names(line.effects(i).files(), act, path) && runs(line.uses().get(i), image)) {
        return true;
      }
    }
    return false;
  }

  /** A secret must be named itself: not by a folder, nor by a way out of the working directory. */
  private static boolean names(List<FileEffect> files, ActClass act, String path) {
    for (FileEffect file : files) {
      if (file.actClass() == act && file.path().equals(path) && !file.escapes()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the process may be the one that runs the command, or its shell. */
  private static boolean runs(CommandUse use, Image image) {
    if (image == null || use.program() == null) {
      return true; // not known which
    }
    String wanted = Images.family(PathIdentity.baseName(use.program()));
    String program = Images.family(PathIdentity.baseName(image.exe));
    return program.equals(wanted)
        || ShellInvocation.isShell(program)
        || (image.script != null
            && Images.family(PathIdentity.baseName(image.script)).equals(wanted))
        // One file with many names: busybox, coreutils, what /etc/alternatives points to.
        || (image.called != null
            && Images.installed(image.exe)
            && Images.family(PathIdentity.baseName(image.called)).equals(wanted));
  }

  // ------------------------------------------------------------------ hosts

  private boolean host(String address, Image image) {
    if (settings.sensitive().host(address).isEmpty()) {
      return true;
    }
    for (Call call : calls.values()) {
      boolean byAgent = (image == null || image.own) && names(call.effects.hosts(), address);
      if (byAgent || byCommand(call.effects.line(), address, image)) {
        return true;
      }
    }
    return false;
  }

  private boolean byCommand(CommandLine line, String address, Image image) {
    for (int i = 0; line != null && i < line.uses().size(); i++) {
      if (names(line.effects(i).hosts(), address) && runs(line.uses().get(i), image)) {
        return true;
      }
    }
    return false;
  }

  /** The address itself, or a name of such a service, whose address nobody has told us. */
  private boolean names(List<String> hosts, String address) {
    String canonical = HostIdentity.canonical(address);
    for (String host : hosts) {
      if (HostIdentity.same(host, canonical)
          || (!HostIdentity.isAddress(host) && settings.sensitive().host(host).isPresent())) {
        return true;
      }
    }
    return false;
  }
}
