package dev.quintai.divergence;

import dev.quintai.core.event.DnsAnswer;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.sensitive.SensitiveTarget;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Holds what processes do with files and hosts against what explains it: a direct match, lineage,
 * housekeeping, ambient reads. {@link ExecJudge} does the same for execs.
 */
final class TruthJudge {
  static final int MAX_RECENT = 256;
  static final int MAX_WRITES = 16;
  private static final int NO_PORT = -1;

  private final SessionState state;
  private final Intents intents;
  private final Strays strays;
  private final ScaleCounter scales;

  /** Acts of the agent itself that an intent a moment later may still claim. */
  final Deque<Act> recent = new ArrayDeque<>();

  /** Whether a process only starts the agent: what its shell redirects is the operator's. */
  private Predicate<Proc> launching = proc -> false;

  TruthJudge(SessionState state, Intents intents, Strays strays) {
    this.state = state;
    this.intents = intents;
    this.strays = strays;
    this.scales = new ScaleCounter(state, intents);
  }

  void launching(Predicate<Proc> rule) {
    launching = rule;
  }

  // ---------------------------------------------------------------- files

  void file(FileEvent event) {
    Proc proc = state.proc(event.process());
    switch (event.op()) {
      case CLOSE -> {}
      case UNLINK -> file(proc, event, ActClass.FILE_DELETE, event.path());
      case CREATE, WRITE -> file(proc, event, ActClass.FILE_WRITE, event.path());
      case OPEN ->
          file(
              proc,
              event,
              event.access() == null || event.access() == FileEvent.Access.READ
                  ? ActClass.FILE_READ
                  : ActClass.FILE_WRITE,
              event.path());
      case RENAME -> rename(proc, event);
    }
  }

  /** A rename writes the new path and deletes the old one, unless that was made to be renamed. */
  private void rename(Proc proc, FileEvent event) {
    if (event.newPath() == null) {
      file(proc, event, ActClass.FILE_DELETE, event.path());
      return;
    }
    String from = PathIdentity.canonical(event.path());
    String to = PathIdentity.canonical(event.newPath());
    boolean temporary =
        proc.hasCreated(from)
            && (PathIdentity.parent(from).equals(PathIdentity.parent(to))
                || PathIdentity.baseName(from).contains(PathIdentity.baseName(to)));
    file(proc, event, ActClass.FILE_WRITE, event.newPath());
    if (temporary) {
      strays.forgetWrite(proc, from);
    } else {
      file(proc, event, ActClass.FILE_DELETE, event.path());
    }
  }

  private void file(Proc proc, FileEvent event, ActClass act, String path) {
    String target = PathIdentity.canonical(path);
    String requested =
        event.requestedPath() == null || !event.requestedPath().startsWith("/")
            ? null
            : PathIdentity.canonical(event.requestedPath());
    SensitiveTarget sensitive = state.sensitivePath(path, act == ActClass.FILE_READ);
    Act done =
        new Act(
            act,
            event.timeNanos(),
            proc,
            target,
            requested,
            event.origin().refused() ? path + REFUSED : path,
            event.count(),
            sensitive,
            null);
    if (act == ActClass.FILE_WRITE) {
      proc.remember(target);
      state.bytes += Footprint.text(target) + 48;
      if (repeatedWrite(proc, done)) {
        return;
      }
    }
    boolean explained = judge(done);
    if (event.origin().refused()) {
      return; // nobody knows the secret by it
    }
    if (explained && sensitive != null && sensitive.secret() && act == ActClass.FILE_READ) {
      mark(done);
    } else if (!explained && sensitive != null && sensitive.secret() && act == ActClass.FILE_READ) {
      state.marked = done;
    }
  }

  /** Follows what a person is shown of an act that the sensor refused. */
  private static final String REFUSED = " (refused before it happened)";

  /** Hashes of the latest writes: the process, the path and the second. */
  final RecentHashes writes = new RecentHashes(MAX_WRITES);

  /** Opens, creates and writes of one path by one process within a second are one write. */
  private boolean repeatedWrite(Proc proc, Act act) {
    long second = Math.floorDiv(act.time(), 1_000_000_000L);
    long hash = RecentHashes.of(proc.id.pid(), act.target()) ^ (second + 1) * 0x9e3779b97f4a7c15L;
    if (hash == 0 || writes.contains(hash)) {
      return true;
    }
    writes.add(hash);
    return false;
  }

  /** A read of a credential, a declared one too, makes contacts suspect for a while. */
  private void mark(Act act) {
    boolean environment = PathIdentity.baseName(act.target()).startsWith(".env");
    boolean owner = ownsIt(act) || (act.proc().own && ownSettings(act));
    if (owner || (environment && !act.proc().own)) {
      return;
    }
    state.marked = act;
  }

  /** Whether it is the program's own secret: a login of the agent's, or what its image is for. */
  private boolean ownsIt(Act act) {
    SensitiveTarget target = act.sensitive();
    return target.ownedBy(act.proc().image(), state.cwd())
        || (act.proc().own && target.ownedByAgent(state.session.platform()));
  }

  /** A file that the agent itself touched. */
  private boolean ownFile(Act act) {
    if (act.sensitive() == null && launching.test(act.proc())) {
      return true;
    }
    OpenIntent intent = intents.best(act, effect(act), i -> declares(i, act));
    if (intent != null) {
      consume(intent, act);
      return true;
    }
    SensitiveTarget sensitive = act.sensitive();
    if (sensitive != null) {
      if (ownsIt(act) || ownSettings(act)) {
        return true;
      }
      strays.add(act, null);
      return false;
    }
    boolean write = act.act() != ActClass.FILE_READ;
    if (state.rules().path(act.target(), write) != null || surroundings(act)) {
      keep(act);
      return true;
    }
    if (!write && ambient(act.target())) {
      keep(act);
      scales.ambient(act);
      return true;
    }
    strays.add(act, null);
    return false;
  }

  /** Whether something explains what was done to a file. */
  private boolean judge(Act act) {
    return act.proc().own ? ownFile(act) : otherFile(act);
  }

  /** Judges an act once more whose explanation has turned out to be none. */
  void again(Act act) {
    if (act.act() != ActClass.NETWORK) {
      judge(act);
    } else if (act.proc().own) {
      ownContact(act, NO_PORT);
    } else {
      otherContact(act, true);
    }
  }

  /** Whether it is a {@code .env} that the agent takes its own settings from, up to the home. */
  private boolean ownSettings(Act act) {
    String cwd = state.cwd();
    if (cwd == null
        || act.act() != ActClass.FILE_READ
        || !PathIdentity.baseName(act.target()).equals(".env")) {
      return false;
    }
    String folder = PathIdentity.canonical(cwd);
    String home = state.home();
    String holder = PathIdentity.parent(act.target());
    boolean near =
        PathIdentity.within(folder, holder)
            || (home != null && holder.equals(PathIdentity.canonical(home)));
    return near && "dotenv".equals(state.rules().path(folder + "/.env", false));
  }

  /** Remembers an act of the agent that is explained otherwise, for a call a moment later. */
  void keep(Act act) {
    state.bytes += Footprint.of(act);
    long since = act.time() - state.spans.tolerance();
    if (latestKept < since) {
      recent.clear();
    }
    latestKept = Math.max(latestKept, act.time());
    recent.addLast(act);
    while (recent.size() > MAX_RECENT || recent.peekFirst().time() < since) {
      recent.removeFirst();
    }
  }

  /** Whether the agent did something since then that a call may still claim. */
  boolean keptSince(long since) {
    return latestKept >= since;
  }

  /** The time of the latest of them: of those before a call that is declared most are too old. */
  private long latestKept = Long.MIN_VALUE;

  /** Takes a kept act of a snapshot. */
  void restoreKept(Act act) {
    recent.addLast(act);
    latestKept = Math.max(latestKept, act.time());
  }

  /** Whether a file tool's call declares the act. */
  boolean declares(OpenIntent intent, Act act) {
    if (intent.effects.declares(act.act())) {
      List<FileEffect> files = intent.effects.files();
      for (int i = 0; i < files.size(); i++) {
        if (files.get(i).actClass() == act.act() && covers(files.get(i), act)) {
          return true;
        }
      }
    }
    // A file that is written anew may be removed or read on the way.
    if (act.act() == ActClass.FILE_DELETE
        && act.sensitive() == null
        && intent.effects.declares(ActClass.FILE_WRITE)) {
      for (FileEffect effect : intent.effects.files()) {
        if (effect.access() == FileEffect.Access.WRITE && effect.covers(act.target())) {
          return true;
        }
      }
    }
    return false;
  }

  /** A sensitive file must be named itself: not through a link, a folder, or a way out. */
  private static boolean covers(FileEffect effect, Act act) {
    if (act.sensitive() != null) {
      return effect.path().equals(act.target()) && !effect.escapes();
    }
    return effect.covers(act.target())
        || (act.requested() != null && effect.covers(act.requested()));
  }

  private static long effect(Act act) {
    return RecentHashes.of(act.act().ordinal(), act.target());
  }

  void consume(OpenIntent intent, Act act) {
    intent.consume(effect(act), act.time());
    intents.matched(intent, act);
    scales.declared(intent, act);
  }

  /** Folders above the working directory, and the context files and settings that lie in them. */
  private boolean surroundings(Act act) {
    String cwd = state.cwd();
    if (act.act() != ActClass.FILE_READ || cwd == null) {
      return false;
    }
    String folder = PathIdentity.canonical(cwd);
    String path = act.target();
    if (above(path, folder)) {
      return true;
    }
    String home = state.home();
    if (home != null && above(path, PathIdentity.canonical(home))) {
      return true;
    }
    if (state.root.exe != null && above(path, PathIdentity.canonical(state.root.exe))) {
      return true;
    }
    for (String above = PathIdentity.parent(folder); ; above = PathIdentity.parent(above)) {
      if (PathIdentity.below(path, above)
          && ContextFiles.known(path.substring(above.equals("/") ? 1 : above.length() + 1))) {
        return true;
      }
      if (above.equals("/")) {
        return false;
      }
    }
  }

  /** Whether the folder is the place or one above it. */
  private static boolean above(String folder, String place) {
    return PathIdentity.within(place, folder);
  }

  /** An undeclared read inside the working directory. */
  private boolean ambient(String path) {
    String cwd = state.cwd();
    if (cwd == null) {
      return false;
    }
    String folder = PathIdentity.canonical(cwd);
    if (!PathIdentity.within(path, folder)) {
      return false;
    }
    String home = state.home();
    boolean wide =
        folder.equals("/") || (home != null && folder.equals(PathIdentity.canonical(home)));
    return !wide
        || PathIdentity.parent(path).equals(folder)
        || ContextFiles.known(PathIdentity.baseName(path));
  }

  /** A file that a process touched which is not the agent itself. */
  private boolean otherFile(Act act) {
    Proc proc = act.proc();
    OpenIntent lineage = lineageOf(proc);
    SensitiveTarget sensitive = act.sensitive();
    if (lineage != null) {
      boolean direct = covered(lineage, act);
      if (direct) {
        intents.matched(lineage, act);
      }
      if (sensitive == null || direct) {
        scales.byCommand(lineage, act, direct);
        return true;
      }
      boolean allowed =
          sensitive.kind() == SensitiveTarget.Kind.ENV_FILE
              || sensitive.ownedBy(proc.image(), state.cwd());
      if (!allowed) {
        strays.add(act, null);
      }
      return allowed;
    }
    if (proc.housekeeping != null) {
      boolean allowed = sensitive == null || sensitive.ownedBy(proc.image(), state.cwd());
      if (!allowed) {
        strays.add(act, null);
      }
      return allowed;
    }
    if (sensitive == null && servedBy(proc, act.time())) {
      return true;
    }
    if (proc.fold != null && sensitive == null) {
      strays.fold(proc.fold, act);
      return false;
    }
    strays.add(act, null);
    return false;
  }

  /** The intent from whose command the process stems, or null. */
  static OpenIntent lineageOf(Proc proc) {
    OpenIntent intent = proc.lineage;
    if (intent == null && proc.fold != null) {
      intent = proc.fold.explainedBy;
    }
    return intent == null || intent.denied ? null : intent;
  }

  /** Whether the process's own command names the target. */
  private static boolean covered(OpenIntent intent, Act act) {
    CommandLine line = intent.effects.line();
    if (line == null || !line.declares(act.act())) {
      return false;
    }
    Proc proc = act.proc();
    if (proc.use >= 0 && proc.use < line.uses().size() && covers(line.effects(proc.use), act)) {
      return true;
    }
    if (proc.lineShell) {
      for (int i = 0; i < line.uses().size(); i++) {
        if (covers(line.effects(i), act)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean covers(UtilityEffects effects, Act act) {
    List<FileEffect> files = effects.files();
    for (int i = 0; i < files.size(); i++) {
      if (files.get(i).actClass() == act.act() && covers(files.get(i), act)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the process belongs to an MCP server that is serving a call. */
  private boolean servedBy(Proc proc, long t) {
    for (OpenIntent intent : intents.open()) {
      if (intent.serverPid > 0 && intent.openAt(t, state.spans) && proc.below(intent.serverPid)) {
        return true;
      }
    }
    return false;
  }

  // -------------------------------------------------------------- network

  void connect(NetworkConnect event) {
    Proc proc = state.proc(event.process());
    String host = event.host();
    if (host == null && event.remoteIp() != null) {
      host = state.nameOf(event.process().pid(), HostIdentity.canonical(event.remoteIp()));
    }
    String address = event.remoteIp() == null ? null : HostIdentity.canonical(event.remoteIp());
    String target = host != null ? HostIdentity.canonical(host) : String.valueOf(address);
    SensitiveTarget sensitive = state.settings.sensitive().host(target).orElse(null);
    if (sensitive == null && event.remoteIp() != null) {
      sensitive = state.settings.sensitive().host(event.remoteIp()).orElse(null);
    }
    String shown = shown(event, target, address);
    Act act =
        new Act(
            ActClass.NETWORK, event.timeNanos(), proc, target, address, shown, 1, sensitive, null);
    boolean before = state.contactedBefore(target);
    if (proc.own) {
      ownContact(act, event.remotePort());
    } else {
      otherContact(act, before);
    }
    state.contacted(target);
  }

  /**
   * A question to a name server tells something to whoever owns the name, so while a credential is
   * known a new name counts as a contact.
   */
  void resolve(DnsAnswer event) {
    state.resolved(event);
    Proc proc = state.procs.find(event.process());
    OpenIntent lineage = proc == null || proc.own ? null : lineageOf(proc);
    if (lineage == null || !state.isMarked(event.timeNanos())) {
      return;
    }
    String name = HostIdentity.canonical(event.name());
    Act act = new Act(ActClass.NETWORK, event.timeNanos(), proc, name, null, name, 1, null, null);
    if (!coversHost(lineage, act)
        && name.indexOf('.') > 0
        && !state.contactedBefore(name)
        && suspect(act)) {
      strays.add(act, state.marked);
      state.contacted(name);
    }
  }

  private static String shown(NetworkConnect event, String target, String address) {
    StringBuilder text = new StringBuilder(target);
    if (event.remotePort() > 0) {
      text.append(':').append(event.remotePort());
    }
    if (address != null && !address.equals(target)) {
      text.append(" (").append(event.remoteIp()).append(')');
    }
    return text.append(event.origin().refused() ? REFUSED : "").toString();
  }

  private void ownContact(Act act, int port) {
    OpenIntent intent = intents.best(act, effect(act), i -> declaresHost(i, act));
    if (intent != null) {
      consume(intent, act);
      return;
    }
    if (act.sensitive() == null
        && (HostIdentity.loopback(act.target())
            || state.rules().host(act.target()) != null
            || agentHost(act.target())
            || Resolvers.query(act.target(), port))) {
      return;
    }
    strays.add(act, null);
  }

  private boolean agentHost(String host) {
    for (String pattern : state.settings.agentHosts()) {
      if (PathPattern.name(HostIdentity.canonical(pattern), host)) {
        return true;
      }
    }
    return false;
  }

  boolean declaresHost(OpenIntent intent, Act act) {
    for (String host : intent.effects.hosts()) {
      if (HostIdentity.same(host, act.target()) || host.equals(act.requested())) {
        return true;
      }
    }
    return false;
  }

  private void otherContact(Act act, boolean before) {
    Proc proc = act.proc();
    OpenIntent lineage = lineageOf(proc);
    if (lineage != null) {
      boolean direct = coversHost(lineage, act);
      if (direct) {
        intents.matched(lineage, act);
      }
      if (act.sensitive() != null && !direct) {
        strays.add(act, null);
        return;
      }
      if (!direct && !before && suspect(act)) {
        strays.add(act, state.marked);
        return;
      }
      scales.byCommand(lineage, act, direct);
      return;
    }
    if (proc.housekeeping != null) {
      if (act.sensitive() != null) {
        strays.add(act, null);
      }
      return;
    }
    if (act.sensitive() == null && servedBy(proc, act.time())) {
      if (!before && suspect(act)) {
        strays.add(act, state.marked);
      }
      return;
    }
    if (proc.fold != null && act.sensitive() == null) {
      if (proc.fold.fromProject && !before && suspect(act)) {
        strays.add(act, state.marked);
      } else {
        strays.fold(proc.fold, act);
      }
      return;
    }
    strays.add(act, null);
  }

  /** Whether a contact follows the read of a credential that is not this program's own. */
  private boolean suspect(Act act) {
    return state.isMarked(act.time())
        && HostIdentity.external(act.target())
        && !Resolvers.known(act.target())
        && !state.marked.sensitive().ownedBy(act.proc().image(), state.cwd());
  }

  /** Whether the process's own command names what the act is done to. */
  static boolean named(OpenIntent intent, Act act) {
    return act.act() == ActClass.NETWORK ? coversHost(intent, act) : covered(intent, act);
  }

  private static boolean coversHost(OpenIntent intent, Act act) {
    CommandLine line = intent.effects.line();
    if (line == null || !line.declares(ActClass.NETWORK)) {
      return false;
    }
    Proc proc = act.proc();
    if (proc.use >= 0 && proc.use < line.uses().size() && line.effects(proc.use).coversHost(act)) {
      return true;
    }
    if (proc.lineShell) {
      for (int i = 0; i < line.uses().size(); i++) {
        if (line.effects(i).coversHost(act)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the stray's act is what the call declares. */
  boolean matches(OpenIntent intent, Act act) {
    return switch (act.act()) {
      case EXEC -> false;
      case NETWORK -> act.proc().own && declaresHost(intent, act);
      default -> act.proc().own && declares(intent, act);
    };
  }
}
