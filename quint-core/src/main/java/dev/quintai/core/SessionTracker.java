package dev.quintai.core;

import dev.quintai.core.ProcessTable.Node;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Approval;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.event.TruthEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Attributes events to sessions: a process belongs to the session of its nearest ancestor that is
 * an agent. Feed it events in the order of time and ask it who a process belongs to.
 *
 * <p>A session begins with an {@link AgentProcess}, or with an exec that the platform rule
 * recognises. An agent below an agent opens a session of its own, one level deeper; the same
 * program that starts itself again as a direct child stays where it is. A session ends when its
 * root and the root's tracked descendants are gone; descendants hold it open for at most an hour.
 *
 * <p>All state is bounded; what does not fit is counted ({@link #unattributed}, {@link
 * #evictedProcesses}). Thread-safe: every method holds the one lock.
 */
public final class SessionTracker {

  /** How long after its end an event still belongs to a session, in nanoseconds: 10 s. */
  public static final long GRACE_NANOS = 10_000_000_000L;

  /** How long descendants may hold a session open after its root has gone, in nanoseconds: 1 h. */
  public static final long ORPHAN_NANOS = 3_600_000_000_000L;

  /** The platform of a session root that no rule recognises. */
  public static final String GENERIC = "generic";

  private static final int MAX_CALLS = 65_536;

  /** What the tracker keeps of a session beside its public face. */
  static final class Tracked {
    final Session session;
    int alive;

    /** Whether it is no longer held. */
    boolean over;

    /** Whether the model has declared anything in it. */
    boolean declared;

    /** A hash of the model and the provider that its latest call named. */
    long model;

    long rootExit = Long.MAX_VALUE;
    long lastExit = Long.MIN_VALUE;

    Tracked(Session session) {
      this.session = session;
    }

    /** When the session was over, or {@link Long#MAX_VALUE}. */
    long end() {
      if (rootExit == Long.MAX_VALUE) {
        return Long.MAX_VALUE;
      }
      return alive <= 0 ? Math.max(rootExit, lastExit) : rootExit + ORPHAN_NANOS;
    }
  }

  private final String machineId;
  private final PlatformRule platforms;
  private final ProcessTable processes;
  private final Map<String, Tracked> sessions = new TreeMap<>();
  private final RecentCalls calls = new RecentCalls(MAX_CALLS);

  /** Those whose root has gone: only they can end. */
  private final List<Tracked> ending = new ArrayList<>();

  private final List<Session> started = new ArrayList<>();
  private long unattributed;

  /**
   * A tracker without sessions.
   *
   * @param machineId the installation's stable id; part of every agent's id
   * @param platforms tells agents from other programs
   * @param maxProcesses how many processes to remember at most
   */
  public SessionTracker(String machineId, PlatformRule platforms, int maxProcesses) {
    this.machineId = Objects.requireNonNull(machineId, "machineId");
    this.platforms = Objects.requireNonNull(platforms, "platforms");
    this.processes = new ProcessTable(maxProcesses);
  }

  /**
   * Takes an event and tells whose it is.
   *
   * @return the session, or null when it belongs to none (then it is counted) or to all (a loss)
   */
  public synchronized Session observe(Event event) {
    Session session = attribute(event);
    if (session == null && !(event instanceof SensorLoss)) {
      unattributed++;
    }
    return session;
  }

  private Session attribute(Event event) {
    if (event instanceof AgentProcess agent) {
      return agent(agent);
    } else if (event instanceof ProcessExec exec) {
      return exec(exec);
    } else if (event instanceof ProcessFork fork) {
      return fork(fork);
    } else if (event instanceof ProcessExit exit) {
      return exit(exit);
    } else if (event instanceof TruthEvent truth) {
      return sessionOf(processes.find(truth.process()), truth.timeNanos());
    } else if (event instanceof IntentEvent intent) {
      return intent(intent);
    } else if (event instanceof IntentResult result) {
      return ofCall(result.toolUseId());
    } else if (event instanceof Approval approval) {
      return ofCall(approval.toolUseId());
    }
    return null;
  }

  private Session ofCall(String toolUseId) {
    Tracked tracked = calls.get(TextHash.of(0, toolUseId));
    return tracked == null || tracked.over ? null : tracked.session;
  }

  private Session agent(AgentProcess agent) {
    ProcessId id =
        agent.process().startKnown()
            ? agent.process()
            : new ProcessId(agent.process().pid(), agent.timeMs());
    Node node = processes.find(agent.process());
    if (node == null || another(node, agent.process(), agent.timeNanos())) {
      node = processes.add(id);
      node.parent = agent.ppid() > 0 ? processes.findPid(agent.ppid()) : null;
    } else if (!node.startKnown()) {
      node.identify(id);
    }
    if (node.exe == null) {
      node.exe = agent.exe();
    }
    if (node.cwd == null) {
      node.cwd = agent.cwd();
    }
    Session session = becomeAgent(node, agent.platform(), true);
    Session.Source source = Session.Source.of(agent.origin());
    session.offer(Session.Field.EXE, agent.exe(), source);
    session.offer(Session.Field.WORKING_DIR, agent.cwd(), source);
    session.offer(Session.Field.HOME, agent.home(), source);
    return session;
  }

  /**
   * Makes the process the root of a session, unless it is the agent of the session it is in.
   *
   * @param declared whether somebody says so; else it was recognised, and then a program that
   *     starts itself again, or that a launcher starts, is no new agent
   */
  private Session becomeAgent(Node node, String platform, boolean declared) {
    if (node.isRoot() || (declared && node.agentItself && node.ranBefore)) {
      recognise(node.session, platform, node);
      return node.session;
    }
    Session above = node.session;
    if (above == null && node.parent != null) {
      above = node.parent.session;
    }
    if (above != null
        && !declared
        && (launchedBy(above) || startedItselfAgain(node, above, platform))) {
      recognise(above, platform, node);
      join(node, sessions.get(above.id()));
      node.agentItself = true;
      return above;
    }
    leave(node);
    String parentPlatform = above == null ? null : above.platform();
    Session session =
        new Session(
            node.id(),
            platform,
            above,
            AgentIds.agentId(machineId, node.uid, platform, parentPlatform));
    recognise(session, platform, node);
    Tracked tracked = new Tracked(session);
    sessions.put(session.id(), tracked);
    started.add(session);
    join(node, tracked);
    node.agentItself = true;
    return session;
  }

  private void recognise(Session session, String platform, Node node) {
    session.recognise(platform, node.id());
    session.offer(
        Session.Field.CATEGORY, platforms.categoryOf(session.platform()), Session.Source.COMPUTED);
  }

  /** Whether the session's root is a launcher (npx, a shell) whose agent has not shown yet. */
  private boolean launchedBy(Session above) {
    Tracked tracked = sessions.get(above.id());
    return above.platform().equals(GENERIC) && tracked != null && !tracked.declared;
  }

  /**
   * Whether it is the agent that already runs, as a direct child of itself: Gemini CLI's node
   * starts node again, and a launcher in JavaScript starts the agent's native program.
   */
  private static boolean startedItselfAgain(Node node, Session above, String platform) {
    Node parent = node.parent;
    return parent != null
        && parent.agentItself
        && parent.session == above
        && above.platform().equals(platform);
  }

  private Session exec(ProcessExec exec) {
    Node node = processes.find(exec.process());
    if (node == null || another(node, exec.process(), exec.timeNanos())) {
      node = processes.add(exec.process());
      node.parent = exec.ppid() > 0 ? processes.findPid(exec.ppid()) : null;
      inherit(node);
    }
    Session before = node.session;
    boolean wasRoot = node.isRoot();
    boolean first = !node.ranBefore;
    node.ranBefore = true;
    if (exec.uid() >= 0) {
      node.uid = exec.uid();
    }
    String platform = platforms.platformOf(exec);
    if (platform != null) {
      becomeAgent(node, platform, false);
    } else if (node.agentItself && !wasRoot) {
      node.agentItself = false; // a copy of the agent became another program
    }
    node.exe = exec.exe();
    node.argv = exec.argv();
    node.cwd = exec.cwd();
    if (node.isRoot()) {
      node.session.offer(Session.Field.EXE, exec.exe(), Session.Source.TRUTH);
      node.session.offer(Session.Field.WORKING_DIR, exec.cwd(), Session.Source.TRUTH);
      node.session.offer(Session.Field.SIGNING_ID, exec.signingId(), Session.Source.TRUTH);
      node.session.offer(Session.Field.TEAM_ID, exec.teamId(), Session.Source.TRUTH);
      return rootsExecBelongsTo(node, before, wasRoot, first);
    }
    if (node.session != null && node.session.agentProcess().equals(node.id())) {
      // A launcher's agent: it works where it was started, not where the launcher was.
      node.session.offer(Session.Field.WORKING_DIR, exec.cwd(), Session.Source.TRUTH);
    }
    return node.session;
  }

  /** The first exec of a session's root is what its parent session did. */
  private Session rootsExecBelongsTo(Node node, Session before, boolean wasRoot, boolean first) {
    if (!wasRoot) {
      return before; // null without a parent: then it is no truth
    }
    Tracked parent =
        node.session.parentSessionId() == null
            ? null
            : sessions.get(node.session.parentSessionId());
    return first && parent != null ? parent.session : node.session;
  }

  private Session fork(ProcessFork fork) {
    Node parent = processes.find(fork.process());
    Node child = processes.find(fork.child());
    if (child == null || another(child, fork.child(), fork.timeNanos())) {
      child = processes.add(fork.child());
    }
    if (child.parent == null && parent != null) {
      child.parent = parent;
      if (child.session == null) {
        inherit(child);
      }
    }
    return sessionOf(parent, fork.timeNanos());
  }

  private void inherit(Node child) {
    Node parent = child.parent;
    if (parent == null) {
      return;
    }
    child.exe = parent.exe;
    child.argv = parent.argv;
    child.cwd = parent.cwd;
    child.uid = parent.uid;
    if (parent.session != null) {
      join(child, parent.tracked);
      child.agentItself = parent.agentItself;
    }
  }

  private Session exit(ProcessExit exit) {
    Node node = processes.find(exit.process());
    if (node == null) {
      return null;
    }
    Session session = sessionOf(node, exit.timeNanos());
    if (!node.exited()) {
      processes.exit(node, exit.timeNanos());
      Tracked tracked = node.tracked;
      if (tracked != null) {
        tracked.alive--;
        tracked.lastExit = Math.max(tracked.lastExit, exit.timeNanos());
        if (node.isRoot() && !tracked.over) {
          tracked.rootExit = exit.timeNanos();
          ending.add(tracked);
        }
      }
    }
    return session;
  }

  private Session intent(IntentEvent intent) {
    Node node = processes.find(intent.process());
    Session session = sessionOf(node, intent.timeNanos());
    if (session != null) {
      Tracked tracked = node.tracked;
      tracked.declared = true;
      long model = hash(1, intent.model()) ^ hash(2, intent.provider());
      if (tracked.model != model) { // it seldom changes, and what is known of it is not near
        tracked.model = model;
        session.offer(Session.Field.MODEL, intent.model(), Session.Source.PROXY);
        session.offer(Session.Field.PROVIDER, intent.provider(), Session.Source.PROXY);
      }
      if (intent.toolUseId() != null) {
        long call = TextHash.of(0, intent.toolUseId());
        Tracked known = calls.get(call);
        if (known == null || known.over) {
          calls.put(call, tracked);
        }
      }
    }
    return session;
  }

  private static long hash(int kind, String text) {
    return text == null ? 0 : TextHash.of(kind, text);
  }

  private static void join(Node node, Tracked tracked) {
    leave(node);
    node.session = tracked.session;
    node.tracked = tracked;
    if (!node.exited()) {
      tracked.alive++;
    }
  }

  private static void leave(Node node) {
    if (node.tracked != null && !node.exited()) {
      node.tracked.alive--;
    }
    node.session = null;
    node.tracked = null;
  }

  private static Session sessionOf(Node node, long timeNanos) {
    if (node == null || node.tracked == null || outlived(node, timeNanos)) {
      return null;
    }
    Tracked tracked = node.tracked;
    return !tracked.over && timeNanos <= plus(tracked.end(), GRACE_NANOS) ? node.session : null;
  }

  /** Whether the event is too late to be this process's: its pid may be another's by now. */
  private static boolean outlived(Node node, long timeNanos) {
    return node.exited() && timeNanos > plus(node.exitNanos, GRACE_NANOS);
  }

  /**
   * Whether the pid is another process's by now: what has ended starts nothing, and where no start
   * times are told, that is how a pid that is used again shows.
   */
  private static boolean another(Node node, ProcessId id, long timeNanos) {
    boolean startsTold = id.startKnown() && node.startKnown();
    return outlived(node, timeNanos)
        || (node.exited() && timeNanos > node.exitNanos && !startsTold);
  }

  private static long plus(long time, long nanos) {
    return time == Long.MAX_VALUE ? time : time + nanos;
  }

  /**
   * Forgets what cannot matter any more.
   *
   * @param watermarkNanos no event before this time will come
   * @return the sessions that are over for good, in the order of their ids
   */
  public synchronized List<Session> advance(long watermarkNanos) {
    List<Session> ended = List.of();
    if (!ending.isEmpty()) {
      ended = new ArrayList<>();
      for (Tracked tracked : ending) {
        if (watermarkNanos > plus(tracked.end(), GRACE_NANOS)) {
          tracked.over = true;
          ended.add(tracked.session);
          sessions.remove(tracked.session.id());
        }
      }
      ending.removeIf(tracked -> tracked.over);
      ended.sort(Comparator.comparing(Session::id));
    }
    processes.forgetExitedBefore(watermarkNanos - GRACE_NANOS);
    return ended;
  }

  /** The sessions that have begun since the last call, in order. */
  synchronized List<Session> takeStarted() {
    if (started.isEmpty()) {
      return List.of();
    }
    List<Session> taken = List.copyOf(started);
    started.clear();
    return taken;
  }

  /** The session of the process that has the pid now, or null. */
  public synchronized Session sessionByPid(int pid) {
    Node node = processes.findPid(pid);
    return node == null || node.exited() ? null : node.session;
  }

  /** The identity of the process that has the pid now, or null when it is not tracked. */
  public synchronized ProcessId processByPid(int pid) {
    Node node = processes.findPid(pid);
    return node == null ? null : node.id();
  }

  /** The session of that id while it is held, or null. */
  public synchronized Session session(String id) {
    Tracked tracked = sessions.get(id);
    return tracked == null ? null : tracked.session;
  }

  /** The pids of the processes that live in the session besides its root, ascending. */
  public synchronized List<Integer> childPids(String id) {
    Tracked tracked = sessions.get(id);
    return tracked == null ? List.of() : processes.pidsOf(tracked);
  }

  /** The sessions that are held, in the order of their ids. */
  public synchronized Collection<Session> sessions() {
    return sessions.values().stream().map(t -> t.session).toList();
  }

  /** How many events belonged to no session. */
  public synchronized long unattributed() {
    return unattributed;
  }

  /** How many processes were forgotten for want of room. */
  public synchronized long evictedProcesses() {
    return processes.evicted();
  }
}
