package dev.quintai.divergence;

/** Counts what bounded declarations touch: file tools, and plain utilities by their own process. */
final class ScaleCounter {
  private final SessionState state;
  private final Intents intents;

  ScaleCounter(SessionState state, Intents intents) {
    this.state = state;
    this.intents = intents;
  }

  /** Counts a target that a file tool's call declares. */
  void declared(OpenIntent intent, Act act) {
    Scale scale = toolScale(intent, act);
    if (scale != null && inWindow(intent, act.time())) {
      state.bytes += 32;
      scale.add(act.target());
    }
  }

  private boolean inWindow(OpenIntent intent, long t) {
    return (t >= intent.time - state.spans.tolerance() && t <= intent.time + state.spans.window())
        || (intent.matched() && Math.abs(t - intent.firstMatch) <= state.spans.window());
  }

  /** The counter of a file tool that names its targets, or null. */
  private Scale toolScale(OpenIntent intent, Act act) {
    int declared = act.act() == ActClass.FILE_READ ? intent.effects.boundedReads() : 0;
    return declared == 0 ? null : scaleOf(intent, act, -1, declared);
  }

  private Scale scaleOf(OpenIntent intent, Act act, int use, int declared) {
    for (Scale scale : intent.scales) {
      if (scale.act == act.act() && scale.use == use) {
        return scale;
      }
    }
    Scale fresh = new Scale(act.act(), use, declared);
    fresh.proc = act.proc();
    state.bytes += 160;
    intent.add(fresh);
    return fresh;
  }

  /** An ambient read counts towards the scale of the call that was declared last. */
  void ambient(Act act) {
    for (int i = intents.open().size() - 1; i >= 0; i--) {
      OpenIntent intent = intents.open().get(i);
      if (intent.denied || !inWindow(intent, act.time())) {
        continue;
      }
      Scale scale = toolScale(intent, act);
      if (scale != null) {
        state.bytes += 32;
        scale.add(act.target());
        return;
      }
    }
  }

  /** Counts a target of a plain utility that names its targets. */
  void byCommand(OpenIntent intent, Act act, boolean direct) {
    CommandLine line = intent.effects.line();
    int use = act.proc().use;
    if (use < 0 || line == null || use >= line.uses().size()) {
      return;
    }
    UtilityEffects effects = line.effects(use);
    int declared =
        act.act() == ActClass.NETWORK
            ? effects.boundedHosts()
            : act.act() == ActClass.FILE_READ ? effects.boundedReads() : -1;
    if (declared < 0 || !inWindow(intent, act.time())) {
      return;
    }
    if (!direct
        && act.act() == ActClass.FILE_READ
        && state.rules().path(act.target(), false) != null) {
      return; // libraries and settings that every program reads
    }
    state.bytes += 32;
    scaleOf(intent, act, use, declared).add(act.target());
  }
}
