package dev.quintai.divergence;

import dev.quintai.core.Finding;
import dev.quintai.core.event.IntentEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A declared call and what has become of it so far. */
final class OpenIntent {
  static final long NONE = Long.MAX_VALUE;
  static final int MAX_CONSUMED = 256;
  static final int MAX_MATCHES = 4;
  static final int MAX_SCALES = 16;
  private static final long[] NOTHING = {};

  final String key;
  final String toolUseId;

  /** The hash of its id; 0 without one. */
  final long idHash;

  final String tool;
  final String turnId;
  final int serverPid;
  final long time;
  final String claim;
  DeclaredEffects effects;

  /** When it was approved, or {@link #NONE}. */
  long approved = NONE;

  boolean denied;

  /** When its result came, or {@link #NONE}. */
  long result = NONE;

  boolean error;

  /** When a truth matched it first, or {@link #NONE}. */
  long firstMatch = NONE;

  /** What would have matched it after its horizon, or null. */
  Act tentative;

  /** The unexplained truth that came before it, or null. */
  Stray precededBy;

  /** The unexplained truth that came in its place, or null. */
  Stray mismatch;

  /** Whether the time in which another truth may stand in its place has passed. */
  boolean windowPassed;

  /** Whether nothing more can match it, unless a result comes late. */
  boolean closed;

  boolean settled;

  /** Whether another sight of it said something else. */
  boolean contradicted;

  boolean evicted;
  boolean counted;
  boolean countedUnmatched;

  /** What matched it, for the case that it turns out to have been denied. */
  List<Act> matches = List.of();

  Finding missing;
  Finding timing;
  List<Scale> scales = List.of();

  /** Effects that were seen, each as its hash and the time at which it was seen first. */
  long[] consumed = NOTHING;

  int consumedCount;

  /** The first of its timers, see {@link Timers}. */
  Timers.Timer timers;

  /** Whether nothing was seen of it yet, so that another truth may stand in its place. */
  boolean unsettled;

  OpenIntent(IntentEvent event, long hash, DeclaredEffects effects, String claim) {
    this.toolUseId = event.toolUseId();
    this.idHash = hash;
    this.tool = event.tool();
    this.turnId = event.turnId();
    this.serverPid = event.serverPid();
    this.time = event.timeNanos();
    this.effects = effects;
    this.claim = claim;
    this.key = toolUseId != null ? toolUseId : tool + '@' + time;
  }

  /** A call as a snapshot tells it; its other fields are set afterwards. */
  OpenIntent(
      String toolUseId,
      String tool,
      String turnId,
      int serverPid,
      long time,
      String claim,
      DeclaredEffects effects) {
    this.toolUseId = toolUseId;
    this.idHash = hash(toolUseId);
    this.tool = tool;
    this.turnId = turnId;
    this.serverPid = serverPid;
    this.time = time;
    this.effects = effects;
    this.claim = claim;
    this.key = toolUseId != null ? toolUseId : tool + '@' + time;
  }

  /** The hash of a call's id; 0 without one. */
  static long hash(String toolUseId) {
    return toolUseId == null ? 0 : RecentHashes.of(0, toolUseId);
  }

  void match(Act act) {
    if (matches.isEmpty()) {
      matches = new ArrayList<>(1);
    }
    if (matches.size() < MAX_MATCHES) {
      matches.add(act.brief());
    }
  }

  void add(Scale scale) {
    if (scales.isEmpty()) {
      scales = new ArrayList<>(1);
    }
    if (scales.size() < MAX_SCALES) {
      scales.add(scale);
    }
  }

  /** Keeps only what a late result or a process that stems from it may still need. */
  void trim() {
    matches = List.of();
    scales = List.of();
    consumed = NOTHING;
    consumedCount = 0;
    timing = null;
  }

  boolean matched() {
    return firstMatch != NONE;
  }

  /** Whether its span reaches to the time, for an effect that has not been seen yet. */
  boolean openAt(long t, Spans spans) {
    if (t < time - spans.tolerance()) {
      return false;
    }
    return result != NONE ? t <= result + spans.tolerance() : t <= time + spans.horizon();
  }

  /** Whether it can still take an effect: a repeat only while it is clearly open. */
  boolean takes(long effect, long t, Spans spans) {
    if (!openAt(t, spans)) {
      return false;
    }
    if (result != NONE) {
      return true;
    }
    int at = consumed(effect);
    return at < 0 || t <= consumed[at + 1] + spans.window();
  }

  private int consumed(long effect) {
    for (int i = 0; i < consumedCount * 2; i += 2) {
      if (consumed[i] == effect) {
        return i;
      }
    }
    return -1;
  }

  void consume(long effect, long t) {
    if (consumedCount >= MAX_CONSUMED || consumed(effect) >= 0) {
      return;
    }
    if (consumed.length == consumedCount * 2) {
      consumed = Arrays.copyOf(consumed, Math.max(2, consumed.length * 2));
    }
    consumed[consumedCount * 2] = effect;
    consumed[consumedCount * 2 + 1] = t;
    consumedCount++;
  }

  /** When nothing more can match it. */
  long spanEnd(Spans spans) {
    return result != NONE ? result : time + spans.horizon();
  }

  /** The lengths of time that decide, in nanoseconds. */
  record Spans(long window, long tolerance, long late, long horizon, long settle, long mark) {
    static Spans of(DivergenceSettings s) {
      return new Spans(
          s.window().toNanos(),
          s.tolerance().toNanos(),
          s.late().toNanos(),
          s.horizon().toNanos(),
          s.settle().toNanos(),
          s.mark().toNanos());
    }
  }
}
