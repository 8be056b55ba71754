package dev.quintai.divergence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The truths that nothing has explained yet, from their first alert to their last word. */
final class Strays {
  private final SessionState state;
  private final Reporter reporter;
  final List<Stray> open = new ArrayList<>();
  private final Map<Proc, Map<ActClass, Stray>> current = new HashMap<>();

  /** Changes whenever the set of open calls does; -1 while none is open. */
  long epoch = -1;

  Strays(SessionState state, Reporter reporter) {
    this.state = state;
    this.reporter = reporter;
  }

  /** Whether a further act of its class and process would join it. */
  boolean isCurrent(Stray stray) {
    Map<ActClass, Stray> ofProc = current.get(stray.proc);
    return ofProc != null && ofProc.get(stray.act) == stray;
  }

  /** Takes an open stray of a snapshot. */
  void restore(Stray stray, boolean isCurrent) {
    open.add(stray);
    if (isCurrent) {
      current.computeIfAbsent(stray.proc, p -> new HashMap<>(2)).put(stray.act, stray);
    }
  }

  void callsChanged(long number, boolean anyOpen) {
    epoch = anyOpen ? number : -1;
  }

  /**
   * Takes an unexplained truth in; it joins the stray of its class and process if one is going on.
   */
  Stray add(Act act, Act cause) {
    state.bytes += Footprint.of(act) + 256 + 2 * Footprint.TIMER;
    Map<ActClass, Stray> ofProc = current.computeIfAbsent(act.proc(), p -> new HashMap<>(2));
    Stray going = ofProc.get(act.act());
    if (going != null && joins(going, act)) {
      going.add(act);
      if (going.cause == null) {
        going.cause = cause;
      }
      schedule(going, act.time() + state.spans.window());
      return going;
    }
    String id =
        reporter.id(
            "truth",
            act.act(),
            act.proc().id.pid(),
            act.proc().id.startMs(),
            act.time(),
            act.target());
    Stray fresh = new Stray(id, act, epoch);
    fresh.cause = cause;
    ofProc.put(act.act(), fresh);
    open.add(fresh);
    schedule(fresh, act.time() + state.spans.window());
    state.timers.set(act.time() + state.spans.settle(), Timers.Kind.STRAY_SETTLED, fresh);
    if (open.size() > state.settings.maxStrays()) {
      evict(open.get(0));
    }
    return fresh;
  }

  private boolean joins(Stray going, Act act) {
    if (going.settled || going.explainedBy != null || going.precedes != null || going.empty()) {
      return false;
    }
    if (going.epoch >= 0) {
      return going.epoch == epoch;
    }
    return epoch < 0 && act.time() - going.last < state.spans.window();
  }

  private void schedule(Stray stray, long time) {
    if (!stray.timerSet) {
      stray.timerSet = true;
      state.timers.set(time, Timers.Kind.STRAY_ALERT, stray);
    }
  }

  /** Something else that the subtree of an unexplained exec did. */
  void fold(Stray into, Act act) {
    into.fold(act);
    state.bytes += 64 + Footprint.text(act.shown());
    if (into.alerted && into.foldedCount <= 16) {
      schedule(into, state.now + state.spans.window());
    }
  }

  void alert(Stray stray) {
    stray.timerSet = false;
    stray.alerted = true;
    refresh(stray);
  }

  /** Tells the stray's finding as it stands, once it may be told. */
  void refresh(Stray stray) {
    if (!stray.alerted) {
      return;
    }
    if (stray.empty()) {
      String why = "A tool call that came later declares it.";
      stray.reported = reporter.takeBack(stray.reported, why);
      return;
    }
    stray.reported = reporter.tell(stray.reported, reporter.stray(stray));
  }

  void settle(Stray stray) {
    long due = stray.last + state.spans.settle();
    if (due > state.now && !state.ending) {
      state.timers.set(due, Timers.Kind.STRAY_SETTLED, stray);
      return;
    }
    finish(stray);
  }

  /** Resolves the oldest early. */
  void evict(int many) {
    for (int i = Math.min(many, open.size()); i > 0; i--) {
      evict(open.get(0));
    }
  }

  private void evict(Stray stray) {
    stray.evicted = true;
    state.evicted++;
    stray.alerted = true;
    finish(stray);
  }

  private void finish(Stray stray) {
    if (stray.settled) {
      return;
    }
    stray.alerted = true;
    refresh(stray);
    stray.settled = true;
    open.remove(stray);
    Map<ActClass, Stray> ofProc = current.get(stray.proc);
    if (ofProc != null && ofProc.get(stray.act) == stray) {
      ofProc.remove(stray.act);
      if (ofProc.isEmpty()) {
        current.remove(stray.proc);
      }
    }
  }

  /** The strays that can still change, oldest first. */
  List<Stray> open() {
    return open;
  }

  /** Removes an act that has been explained after all. */
  void explained(Stray stray, Act act, OpenIntent by) {
    stray.remove(act);
    if (stray.empty()) {
      stray.explainedBy = by;
      if (stray.mismatch != null) {
        stray.mismatch.mismatch = null;
        stray.mismatch = null;
      }
    }
    refresh(stray);
  }

  /** Makes an act of a stray a stray of its own, so that it can have an outcome of its own. */
  Stray split(Stray from, Act act) {
    if (from.acts.size() == 1 && from.more == 0) {
      return from;
    }
    from.remove(act);
    String id =
        reporter.id(
            "truth",
            act.act(),
            act.proc().id.pid(),
            act.proc().id.startMs(),
            act.time(),
            act.target(),
            "apart");
    Stray apart = new Stray(id, act, -2);
    apart.alerted = from.alerted;
    open.add(apart);
    if (!apart.alerted) {
      schedule(apart, act.time() + state.spans.window());
    }
    state.timers.set(act.time() + state.spans.settle(), Timers.Kind.STRAY_SETTLED, apart);
    refresh(from);
    return apart;
  }

  /** A file written on the way to its final name is no act of its own. */
  void forgetWrite(Proc proc, String path) {
    Map<ActClass, Stray> ofProc = current.get(proc);
    Stray stray = ofProc == null ? null : ofProc.get(ActClass.FILE_WRITE);
    if (stray == null) {
      return;
    }
    boolean removed = false;
    for (Act act : List.copyOf(stray.acts)) {
      if (act.target().equals(path)) {
        stray.remove(act);
        removed = true;
      }
    }
    if (removed) {
      refresh(stray);
    }
  }
}
