package dev.quintai.divergence;

import dev.quintai.core.Finding;
import dev.quintai.core.event.IntentEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A declared call and what has become of it so far. */
final class OpenIntent {
  static final long NONE = Long.MAX_VALUE;
  private static final int MAX_CONSUMED = 256;

  final String key;
  final String toolUseId;
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
  boolean evicted;
  boolean counted;
  boolean countedUnmatched;

  /** What matched it, for the case that it turns out to have been denied. */
  final List<Act> matches = new ArrayList<>(1);

  Stray deniedStray;
  Finding missing;
  Finding timing;
  final List<Scale> scales = new ArrayList<>(0);
  private Map<String, Long> consumed = Map.of();

  OpenIntent(IntentEvent event, DeclaredEffects effects, String claim) {
    this.toolUseId = event.toolUseId();
    this.tool = event.tool();
    this.turnId = event.turnId();
    this.serverPid = event.serverPid();
    this.time = event.timeNanos();
    this.effects = effects;
    this.claim = claim;
    this.key = toolUseId != null ? toolUseId : tool + '@' + time;
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

  /** Whether it can still take an effect of this name: a repeat only while it is clearly open. */
  boolean takes(String effect, long t, Spans spans) {
    if (!openAt(t, spans)) {
      return false;
    }
    Long first = consumed.get(effect);
    return first == null || result != NONE || t <= first + spans.window();
  }

  void consume(String effect, long t) {
    if (consumed.isEmpty()) {
      consumed = new HashMap<>();
    }
    if (consumed.size() < MAX_CONSUMED) {
      consumed.putIfAbsent(effect, t);
    }
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
