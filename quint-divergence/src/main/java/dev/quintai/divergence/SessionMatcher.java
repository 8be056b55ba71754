package dev.quintai.divergence;

import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Approval;
import dev.quintai.core.event.DnsAnswer;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import java.util.Comparator;
import java.util.List;

/**
 * The state machine of one session: events in the order of time in, findings out. It knows no time
 * but that of the events. An event that comes late is taken with its own time as well as it can be.
 *
 * <p>{@link #snapshot} gives its whole state as bytes, and {@link DivergenceDetector#restore} makes
 * it again from them, here or on another machine: cut anywhere and restored, the findings are the
 * same. So one of them can be the value of a keyed operator of a stream engine, which hands it the
 * events of its key in the order of time ({@link #on}), tells it watermarks ({@link #advance}), and
 * stores {@link #snapshot}.
 *
 * <p>Not thread-safe: one session, one thread at a time. State is bounded by the settings.
 */
public final class SessionMatcher implements SessionDetector {
  final SessionState state;
  final Strays strays;
  final Health health;
  final Intents intents;
  final TruthJudge truths;
  final ExecJudge execs;

  SessionMatcher(
      Session session, SessionFacts facts, Findings findings, DivergenceSettings settings) {
    state = new SessionState(session, facts, findings, settings);
    Reporter reporter = new Reporter(state);
    strays = new Strays(state, reporter);
    health = new Health(reporter, settings);
    intents = new Intents(state, reporter, strays, health);
    truths = new TruthJudge(state, intents, strays);
    execs = new ExecJudge(state, intents, strays, truths);
    truths.launching(execs::launcher);
  }

  /** The session that it watches. */
  public Session session() {
    return state.session;
  }

  /** What the gates share about the session; a part of the snapshot. */
  public SessionFacts facts() {
    return state.facts;
  }

  /**
   * Its state, versioned and checksummed, as {@link dev.quintai.core.snapshot} describes. The same
   * state gives the same bytes. Costs a walk over the state; nothing of it changes.
   */
  public byte[] snapshot() {
    return SnapshotWrite.of(this);
  }

  /** Adds all that its future depends on. */
  void reach(Graph graph) {
    graph.add(state.root).add(state.marked);
    state.procs.all().stream()
        .sorted(Comparator.comparingInt(proc -> proc.id.pid()))
        .forEach(graph::add);
    state.procs.ended().forEach(graph::add);
    truths.recent.forEach(graph::add);
    intents.open.forEach(graph::add);
    intents.expired.forEach(graph::add);
    intents.byId.forEach(graph::add);
    intents.unsettled.forEach(graph::add);
    strays.open.forEach(graph::add);
    state.timers.sorted().forEach(timer -> graph.add(timer.intent).add(timer.stray));
    graph.follow();
  }

  /**
   * How much memory the state takes, by a careful estimate, in bytes. Costs a walk over the state.
   */
  public long stateBytes() {
    return Footprint.of(this);
  }

  /** How many calls, truths and processes were resolved or forgotten early for want of room. */
  public long evicted() {
    return state.evicted + state.procs.evicted();
  }

  @Override
  public void on(Event event) {
    advance(event.timeNanos());
    take(event);
    if (state.bytes > state.settings.maxBytes()) {
      relieve();
    }
  }

  /**
   * Sums up what the state takes, and where that is much lets go of the oldest: first what waits
   * for a late result, then unexplained truths, calls, and processes that have long been silent.
   */
  private void relieve() {
    long enough = state.settings.maxBytes() / 4 * 3L;
    for (int step = 0; step < 48; step++) {
      state.timers.drop().forEach(strays::alert);
      state.bytes = Footprint.of(this);
      if (state.bytes <= enough) {
        return;
      }
      switch (step & 3) {
        case 0 -> intents.forgetExpired((intents.expired.size() + 1) / 2);
        case 1 -> strays.evict(strays.open.size() / 4 + 1);
        case 2 -> intents.evict(intents.open.size() / 4 + 1);
        default -> state.procs.evict(state.procs.size() / 2);
      }
    }
    state.names.clear();
    state.procs.all().forEach(Proc::shrink);
    state.bytes = Footprint.of(this);
  }

  private void take(Event event) {
    if (event instanceof SensorLoss loss) {
      state.blindness.lost(loss);
      state.bytes += Footprint.SOURCE;
      return;
    }
    state.blindness.saw(event);
    if (event instanceof FileEvent file) {
      truths.file(file);
    } else if (event instanceof ProcessExec exec) {
      execs.exec(exec);
    } else if (event instanceof ProcessFork fork) {
      fork(fork);
    } else if (event instanceof NetworkConnect connect) {
      truths.connect(connect);
    } else if (event instanceof ProcessExit exit) {
      Proc proc = state.procs.find(exit.process());
      if (proc != null) {
        state.procs.ended(proc, state.now);
      }
    } else if (event instanceof DnsAnswer answer) {
      truths.resolve(answer);
    } else if (event instanceof IntentEvent intent) {
      execs.declared = true;
      OpenIntent fresh = intents.declared(intent);
      if (fresh != null) {
        lookBack(fresh);
      }
    } else if (event instanceof IntentResult result) {
      OpenIntent intent = intents.finished(result);
      if (intent != null) {
        claimStrays(intent, Long.MIN_VALUE);
      }
    } else if (event instanceof Approval approval) {
      OpenIntent refused = intents.answered(approval);
      if (refused != null) {
        unexplain(refused);
      }
    } else if (event instanceof AgentProcess agent) {
      agent(agent);
    }
  }

  private void fork(ProcessFork fork) {
    Proc parent = state.proc(fork.process());
    if (state.procs.find(fork.child(), fork.timeNanos()) == null) {
      state.add(fork.child(), parent).forked = fork.timeNanos();
    }
  }

  /** A process of this session is the agent: its root, or what its launcher started. */
  private void agent(AgentProcess agent) {
    state.describe(agent);
    Proc proc = state.procs.find(agent.process(), agent.timeNanos());
    if (proc == null) {
      Proc parent = state.procs.findPid(agent.ppid());
      proc = state.add(agent.process(), parent != null ? parent : state.root);
    }
    proc.own = true;
    if (proc.exe == null) {
      proc.exe = agent.exe();
    }
  }

  /** A call just declared may be what earlier truths were about. */
  private void lookBack(OpenIntent intent) {
    long since = intent.time - state.spans.tolerance();
    if (truths.keptSince(since)) {
      for (Act act : truths.recent) {
        if (act.time() >= since && fits(intent, act)) {
          claim(intent, act);
        }
      }
    }
    if (strays.open.isEmpty()) {
      return;
    }
    claimStrays(intent, since);
    if (!intent.matched()) {
      precede(intent);
    }
  }

  /** Takes from the strays what the call declares. */
  private void claimStrays(OpenIntent intent, long from) {
    if (strays.open.isEmpty()) {
      return;
    }
    for (Stray stray : List.copyOf(strays.open())) {
      if (stray.precedes != null && stray.precedes != intent) {
        continue;
      }
      for (Act act : List.copyOf(stray.acts)) {
        if (act.time() >= from && intent.openAt(act.time(), state.spans) && fits(intent, act)) {
          claim(intent, act);
          strays.explained(stray, act, intent);
        }
      }
    }
  }

  private boolean fits(OpenIntent intent, Act act) {
    if (intent.denied) {
      return false;
    }
    if (act.act() == ActClass.EXEC) {
      return execs.fit(intent, act).fit().compareTo(ExecMatcher.Fit.COMMAND) >= 0;
    }
    return truths.matches(intent, act);
  }

  private void claim(OpenIntent intent, Act act) {
    if (act.act() == ActClass.EXEC) {
      claimExec(intent, act);
    } else {
      truths.consume(intent, act);
    }
  }

  private void claimExec(OpenIntent intent, Act act) {
    ExecMatcher.Match match = execs.fit(intent, act);
    Proc proc = act.proc();
    proc.lineage = intent;
    proc.fold = null;
    proc.housekeeping = null;
    proc.use = match.use();
    proc.lineShell = match.fit() == ExecMatcher.Fit.LINE;
    proc.unseen = match.fit() == ExecMatcher.Fit.UNSEEN;
    intent.consume(ExecJudge.EXEC, act.time());
    intents.matched(intent, act);
    for (Stray stray : List.copyOf(strays.open())) {
      if (stray.proc != proc || stray.act == ActClass.EXEC || stray.cause != null) {
        continue;
      }
      for (Act done : List.copyOf(stray.acts)) {
        if (TruthJudge.named(intent, done)) {
          strays.explained(stray, done, intent);
        }
      }
    }
  }

  /** Finds the latest unexplained truth that the call would have declared, had it come before. */
  private void precede(OpenIntent intent) {
    if (!intent.effects.expected()) {
      return;
    }
    Stray best = null;
    Act nearest = null;
    for (Stray stray : strays.open()) {
      if (stray.precedes != null || !stray.canStandForACall()) {
        continue;
      }
      for (Act act : stray.acts) {
        boolean before =
            act.time() < intent.time - state.spans.tolerance()
                && act.time() >= intent.time - state.spans.horizon();
        if (before && fitsBefore(intent, act) && (nearest == null || act.time() > nearest.time())) {
          best = stray;
          nearest = act;
        }
      }
    }
    if (best == null) {
      return;
    }
    Stray own = strays.split(best, nearest);
    OpenIntent freed = own.mismatch;
    own.mismatch = null;
    own.precedes = intent;
    intent.precededBy = own;
    strays.refresh(own);
    if (freed != null) {
      freed.mismatch = null;
      intents.assign(freed);
      intents.refresh(freed);
    }
  }

  /** Whether the act is what the call declares, its time left aside. */
  private boolean fitsBefore(OpenIntent intent, Act act) {
    if (act.act() == ActClass.EXEC) {
      ExecMatcher.Fit fit = execs.fit(intent, act).fit();
      return fit == ExecMatcher.Fit.COMMAND || fit == ExecMatcher.Fit.LINE;
    }
    return truths.matches(intent, act);
  }

  /**
   * A call that was refused explains nothing. What matched it is judged like a truth that comes
   * now: something else explains it, or it is unexplained and may stand for a call that was not
   * seen. So may what would have stood for the refused one.
   */
  private void unexplain(OpenIntent refused) {
    List<Act> freed = refused.matches;
    refused.matches = List.of();
    for (Act act : freed) {
      if (act.act() == ActClass.EXEC) {
        execs.again(act);
        execs.passDown(act.proc(), refused);
      } else {
        truths.again(act);
      }
    }
    if (!freed.isEmpty()) {
      for (OpenIntent intent : List.copyOf(intents.open)) {
        if (!intent.matched() && !intent.denied && intent.precededBy == null) {
          precede(intent);
        }
      }
    }
    intents.reassign();
  }

  @Override
  public void advance(long watermarkNanos) {
    Timers.Timer timer;
    while ((timer = state.timers.due(watermarkNanos)) != null) {
      state.now = Math.max(state.now, timer.time);
      fire(timer);
    }
    state.now = Math.max(state.now, watermarkNanos);
    state.procs.advance(state.now);
  }

  @Override
  public long due() {
    return Math.min(state.timers.first(), state.procs.due());
  }

  private void fire(Timers.Timer timer) {
    switch (timer.kind) {
      case STRAY_ALERT -> strays.alert(timer.stray);
      case STRAY_SETTLED -> strays.settle(timer.stray);
      case INTENT_WINDOW -> intents.windowPassed(timer.intent);
      case INTENT_CLOSE -> intents.closeDue(timer.intent);
      case INTENT_SETTLED -> intents.settle(timer.intent, false);
      case SCALE -> intents.scale(timer.intent);
    }
  }

  @Override
  public void end() {
    state.ending = true;
    Timers.Timer timer;
    while ((timer = state.timers.due(Long.MAX_VALUE)) != null) {
      state.now = Math.max(state.now, timer.time);
      fire(timer);
    }
  }
}
