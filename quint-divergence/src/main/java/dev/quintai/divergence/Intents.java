package dev.quintai.divergence;

import dev.quintai.core.Finding;
import dev.quintai.core.event.Approval;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The declared calls of a session, from their declaration to their last word. */
final class Intents {
  static final int MAX_PAST = 512;

  private final SessionState state;
  private final Reporter reporter;
  private final Strays strays;
  private final Health health;

  /** Calls that a truth may still match, by time. */
  final List<OpenIntent> open = new ArrayList<>();

  /** Calls past their horizon whose result may still come. */
  final List<OpenIntent> expired = new ArrayList<>();

  /** Calls that are not final, by their id. */
  final CallsById byId = new CallsById();

  /** Ids of calls that are final: another sight of one says nothing new. */
  final RecentHashes past = new RecentHashes(MAX_PAST);

  /** Calls of which nothing was seen yet, so that another truth may stand in their place. */
  final List<OpenIntent> unsettled = new ArrayList<>(0);

  long changes;
  int running;
  int timingMismatches;

  Intents(SessionState state, Reporter reporter, Strays strays, Health health) {
    this.state = state;
    this.reporter = reporter;
    this.strays = strays;
    this.health = health;
  }

  List<OpenIntent> open() {
    return open;
  }

  /** Takes a declaration; null when it is another sight of a call that is known. */
  OpenIntent declared(IntentEvent event) {
    long hash = OpenIntent.hash(event.toolUseId());
    if (hash != 0) {
      OpenIntent known = byId.get(event.toolUseId(), hash);
      if (known != null) {
        seenAgain(known, event);
        return null;
      }
      if (past.contains(hash)) {
        return null;
      }
    }
    DeclaredEffects effects = state.settings.effects().effects(event, state.cwd(), state.home());
    OpenIntent intent = new OpenIntent(event, hash, effects, Claims.of(event, effects));
    int at = open.size();
    while (at > 0 && open.get(at - 1).time > intent.time) {
      at--;
    }
    open.add(at, intent);
    if (intent.toolUseId != null) {
      byId.add(intent);
    }
    running++;
    callsChanged();
    state.bytes += Footprint.of(intent) + 2 * Footprint.TIMER + 48;
    state.timers.set(intent.time + state.spans.window() + 1, Timers.Kind.INTENT_WINDOW, intent);
    state.timers.set(intent.time + state.spans.horizon() + 1, Timers.Kind.INTENT_CLOSE, intent);
    if (open.size() > state.settings.maxIntents()) {
      evict(open.get(0));
    }
    return intent;
  }

  /** Another sight of a call: it may say what the first could not, or contradict it. */
  private void seenAgain(OpenIntent known, IntentEvent event) {
    DeclaredEffects again = state.settings.effects().effects(event, state.cwd(), state.home());
    if (known.effects.kind() == DeclaredEffects.Kind.UNKNOWN) {
      known.effects = again;
    } else if (!known.contradicted && known.effects.contradicts(again)) {
      known.contradicted = true;
      reporter.tell(null, reporter.contradiction(known, event, Claims.of(event, again)));
    }
  }

  private void callsChanged() {
    strays.callsChanged(++changes, running > 0);
  }

  /** Resolves the oldest open calls early. */
  void evict(int many) {
    for (int i = Math.min(many, open.size()); i > 0; i--) {
      evict(open.get(0));
    }
  }

  private void evict(OpenIntent intent) {
    intent.evicted = true;
    state.evicted++;
    close(intent);
    settle(intent, true);
  }

  /** The call of the id, or null. */
  OpenIntent byId(String toolUseId) {
    return byId.get(toolUseId);
  }

  /** Takes a result; null when its call is not known or has one. */
  OpenIntent finished(IntentResult event) {
    OpenIntent intent = byId.get(event.toolUseId());
    if (intent == null || intent.result != OpenIntent.NONE) {
      return null;
    }
    intent.result = event.timeNanos();
    intent.error = event.isError();
    if (!intent.closed && !intent.denied) {
      running--;
      callsChanged();
    }
    if (expired.remove(intent)) {
      intent.closed = false;
      intent.settled = false;
      open.add(intent);
      open.sort((a, b) -> Long.compare(a.time, b.time));
      if (intent.tentative != null && !intent.matched()) {
        matched(intent, intent.tentative);
      }
    }
    state.timers.set(intent.result + state.spans.window(), Timers.Kind.INTENT_CLOSE, intent);
    refresh(intent);
    return intent;
  }

  /** Takes an answer to the question whether a call may run; the call when it was refused now. */
  OpenIntent answered(Approval event) {
    OpenIntent intent = byId.get(event.toolUseId());
    if (intent == null) {
      return null;
    }
    if (event.granted()) {
      intent.approved = event.timeNanos();
      return null;
    }
    if (intent.denied) {
      return null;
    }
    intent.denied = true;
    if (intent.result == OpenIntent.NONE && !intent.closed) {
      running--;
      callsChanged();
    }
    release(intent);
    refresh(intent);
    return intent;
  }

  /**
   * The call that explains a truth: the nearest earlier one, else one just after it.
   *
   * @param act what happened
   * @param effect its name among the call's effects, for repeats
   * @param fits whether a call declares it
   */
  OpenIntent best(Act act, long effect, Predicate<OpenIntent> fits) {
    long t = act.time();
    OpenIntent later = null;
    for (int i = open.size() - 1; i >= 0; i--) {
      OpenIntent intent = open.get(i);
      if (intent.denied || !intent.takes(effect, t, state.spans) || !fits.test(intent)) {
        continue;
      }
      if (intent.time <= t) {
        return intent;
      }
      later = intent;
    }
    if (later == null) {
      for (int i = expired.size() - 1; i >= 0; i--) {
        OpenIntent intent = expired.get(i);
        if (!intent.denied && intent.tentative == null && fits.test(intent)) {
          intent.tentative = act;
          state.bytes += Footprint.of(act);
          break;
        }
      }
    }
    return later;
  }

  /** A truth matches the call. */
  void matched(OpenIntent intent, Act act) {
    intent.match(act);
    state.bytes += Footprint.of(act.brief()) + Footprint.TIMER;
    boolean first = !intent.matched() || act.time() < intent.firstMatch;
    if (!first) {
      return;
    }
    boolean again = intent.matched();
    intent.firstMatch = act.time();
    release(intent);
    if (!again) {
      timing(intent, act);
    }
    refresh(intent);
    long scaleEnd = Math.max(intent.time, act.time()) + state.spans.window() + 1;
    if (act.time() - intent.time > state.spans.window()) {
      state.timers.set(scaleEnd, Timers.Kind.SCALE, intent);
    }
    reassign();
  }

  /** Lets go of the truths that stood for a match before there was one. */
  private void release(OpenIntent intent) {
    Stray before = intent.precededBy;
    if (before != null) {
      intent.precededBy = null;
      before.precedes = null;
      strays.refresh(before);
    }
    Stray other = intent.mismatch;
    if (other != null) {
      intent.mismatch = null;
      other.mismatch = null;
      strays.refresh(other);
    }
    if (before != null || other != null) {
      reassign();
    }
  }

  private void timing(OpenIntent intent, Act act) {
    long from = intent.time;
    if (intent.approved != OpenIntent.NONE && intent.approved <= act.time()) {
      from = Math.max(from, intent.approved);
    }
    if (act.time() - from <= state.spans.late()) {
      return;
    }
    long gap = act.time() - Math.max(from, previousResult(intent, act.time()));
    if (gap > state.spans.late()) {
      timingMismatches++;
      intent.timing =
          reporter.tell(intent.timing, reporter.late(intent, act, gap, timingMismatches >= 3));
    }
  }

  /** When the call before it in its turn had its result: calls of a turn run one by one. */
  private long previousResult(OpenIntent intent, long until) {
    if (intent.turnId == null) {
      return Long.MIN_VALUE;
    }
    long latest = Long.MIN_VALUE;
    for (OpenIntent other : byId.all()) {
      if (other != intent
          && intent.turnId.equals(other.turnId)
          && other.time <= intent.time
          && other.result != OpenIntent.NONE
          && other.result <= until) {
        latest = Math.max(latest, other.result);
      }
    }
    return latest;
  }

  /** The time in which another truth may stand in the place of a call has passed. */
  void windowPassed(OpenIntent intent) {
    intent.windowPassed = true;
    assign(intent);
    scale(intent);
  }

  /** Looks anew for what stands in the place of calls that were not seen. */
  void reassign() {
    if (!unsettled.isEmpty()) {
      List.copyOf(unsettled).forEach(this::assign);
    }
  }

  /** Of the call nothing was seen yet. */
  void unsettle(OpenIntent intent) {
    if (!intent.unsettled) {
      intent.unsettled = true;
      unsettled.add(intent);
    }
  }

  private void settled(OpenIntent intent) {
    if (intent.unsettled) {
      intent.unsettled = false;
      unsettled.remove(intent);
    }
  }

  /** Finds the unexplained truth that stands in the place of a call, nearest first. */
  void assign(OpenIntent intent) {
    if (!intent.windowPassed || intent.settled || !mayMismatch(intent)) {
      settled(intent);
      return;
    }
    unsettle(intent);
    if (intent.mismatch != null || intent.precededBy != null) {
      return;
    }
    Stray best = null;
    long distance = Long.MAX_VALUE;
    for (Stray stray : strays.open()) {
      if (stray.mismatch != null || stray.precedes != null || !stray.canStandForACall()) {
        continue;
      }
      long d = distance(stray, intent);
      if (d < distance && nearest(stray, d, intent)) {
        best = stray;
        distance = d;
      }
    }
    if (best != null) {
      best.mismatch = intent;
      intent.mismatch = best;
      strays.refresh(best);
      refresh(intent);
      reassign(); // a truth that was nearer to this call may be another's now
    }
  }

  private boolean mayMismatch(OpenIntent intent) {
    return !intent.matched() && !intent.denied && intent.effects.expected();
  }

  /** How far the stray's nearest fitting act is from the call; MAX_VALUE when none fits. */
  private long distance(Stray stray, OpenIntent intent) {
    if (!intent.effects.declares(stray.act)) {
      return Long.MAX_VALUE;
    }
    long best = Long.MAX_VALUE;
    for (Act act : stray.acts) {
      long after = act.time() - intent.time;
      if (after >= -state.spans.tolerance() && after <= state.spans.window()) {
        best = Math.min(best, Math.abs(after));
      }
    }
    if (best != Long.MAX_VALUE
        && state.blindness.blind(
            stray.act, intent.time - state.spans.tolerance(), intent.time + state.spans.window())) {
      return Long.MAX_VALUE;
    }
    return best;
  }

  /** Whether no other unmatched call is nearer to the stray. */
  private boolean nearest(Stray stray, long d, OpenIntent intent) {
    for (OpenIntent other : open) {
      if (other != intent
          && other.mismatch == null
          && other.precededBy == null
          && mayMismatch(other)) {
        long theirs = distance(stray, other);
        if (theirs < d) {
          return false;
        }
      }
    }
    return true;
  }

  /** Nothing more can match the call, unless a late result opens its span again. */
  void closeDue(OpenIntent intent) {
    if (intent.closed) {
      return;
    }
    if (intent.result != OpenIntent.NONE && state.now < intent.result + state.spans.window()) {
      return; // the horizon's timer, but a result has set the end
    }
    close(intent);
    if (intent.matched() && intent.result != OpenIntent.NONE) {
      settle(intent, false); // nothing can change it any more
      return;
    }
    state.timers.set(
        intent.spanEnd(state.spans) + state.spans.settle(), Timers.Kind.INTENT_SETTLED, intent);
  }

  private void close(OpenIntent intent) {
    intent.closed = true;
    open.remove(intent);
    if (intent.result == OpenIntent.NONE) {
      if (!intent.denied) {
        running--;
        callsChanged();
      }
      expired.add(intent);
      if (expired.size() > state.settings.maxIntents()) {
        forgetExpired();
      }
    }
    refresh(intent);
  }

  /** Gives up waiting for the results that have been missing longest. */
  void forgetExpired(int many) {
    for (int i = Math.min(many, expired.size()); i > 0; i--) {
      forgetExpired();
    }
  }

  private void forgetExpired() {
    state.evicted++;
    OpenIntent gone = expired.remove(0);
    gone.settled = true;
    settled(gone);
    forget(gone);
  }

  /** The call is final: of its id only a hash is kept. */
  private void forget(OpenIntent intent) {
    if (intent.toolUseId != null && byId.remove(intent)) {
      past.add(intent.idHash);
    }
    intent.trim();
    state.timers.forget(intent);
  }

  void settle(OpenIntent intent, boolean early) {
    if (intent.settled || (!intent.closed && !early)) {
      return;
    }
    intent.settled = true;
    settled(intent);
    scale(intent);
    refresh(intent);
    if (intent.result != OpenIntent.NONE || intent.denied) {
      expired.remove(intent);
      forget(intent);
    } else {
      intent.trim();
    }
  }

  void scale(OpenIntent intent) {
    for (Scale scale : intent.scales) {
      if (intent.matched() && scale.exceeds(state.settings)) {
        scale.reported = reporter.tell(scale.reported, reporter.scale(intent, scale));
      }
    }
  }

  /** Tells whether nothing was seen of a call, as it stands. */
  void refresh(OpenIntent intent) {
    boolean counts = intent.effects.expected() && !intent.error && !intent.denied;
    if (counts && !intent.matched()) {
      counts =
          !state.blindness.blind(
              intent.effects,
              intent.time - state.spans.tolerance(),
              intent.spanEnd(state.spans) + state.spans.tolerance());
    }
    boolean missing =
        counts
            && intent.closed
            && !intent.matched()
            && intent.precededBy == null
            && intent.mismatch == null;
    if (missing) {
      intent.missing = reporter.tell(intent.missing, reporter.missing(intent));
    } else {
      Finding before = intent.missing;
      intent.missing = reporter.takeBack(before, "The call was seen after all.");
    }
    if (intent.closed) {
      health.count(intent, counts, missing, state.now);
    }
  }
}
