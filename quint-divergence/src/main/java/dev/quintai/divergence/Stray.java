package dev.quintai.divergence;

import dev.quintai.core.Finding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Truths of one class and process that nothing explains: one act, one finding. */
final class Stray {
  static final int MAX_ACTS = 64;
  static final int MAX_FOLDED = 8;

  final String id;
  final ActClass act;
  final Proc proc;
  long first;
  long last;

  /** Which calls were open when it began; -1 when none was. */
  final long epoch;

  /** The acts that are known one by one; what is beyond counts only. */
  final List<Act> acts = new ArrayList<>(1);

  /** How many acts are no longer known one by one. */
  long more;

  /** What else the subtree of an unexplained exec did. */
  final Set<String> folded = new LinkedHashSet<>(2);

  long foldedCount;

  /** Whether it is a command that only a file of the project named. */
  boolean fromProject;

  /** The read of a credential that makes a contact suspect, or null. */
  Act cause;

  OpenIntent precedes;
  OpenIntent mismatch;

  /** The intent that explained it after all, or null. */
  OpenIntent explainedBy;

  boolean alerted;
  boolean timerSet;
  boolean settled;
  boolean evicted;
  Finding reported;

  Stray(String id, Act first, long epoch) {
    this.id = id;
    this.act = first.act();
    this.proc = first.proc();
    this.first = first.time();
    this.last = first.time();
    this.epoch = epoch;
    add(first);
  }

  /** A stray as a snapshot tells it; its other fields are set afterwards. */
  Stray(String id, ActClass act, Proc proc, long first, long epoch) {
    this.id = id;
    this.act = act;
    this.proc = proc;
    this.first = first;
    this.last = first;
    this.epoch = epoch;
  }

  void add(Act next) {
    if (acts.size() < MAX_ACTS) {
      acts.add(next);
    } else if (next.sensitive() != null && acts.get(MAX_ACTS - 1).sensitive() == null) {
      more += acts.get(MAX_ACTS - 1).count();
      acts.set(MAX_ACTS - 1, next);
    } else {
      more += next.count();
    }
    last = Math.max(last, next.time());
  }

  /** Takes an act away that has an outcome of its own by now. */
  void remove(Act act) {
    if (acts.remove(act) && act.time() == first && more == 0) {
      first = last;
      for (Act each : acts) {
        first = Math.min(first, each.time());
      }
    }
  }

  void fold(Act next) {
    foldedCount += next.count();
    if (folded.size() < MAX_FOLDED) {
      folded.add(next.act().id() + " " + next.shown());
    }
  }

  long count() {
    long count = more;
    for (Act each : acts) {
      count += each.count();
    }
    return count;
  }

  boolean empty() {
    return acts.isEmpty() && more == 0;
  }

  /** Whether it can stand for a call of which nothing was seen. */
  boolean canStandForACall() {
    return cause == null && !fromProject;
  }

  /** The act that says most: a sensitive one, else the first. */
  Act leading() {
    for (Act each : acts) {
      if (each.sensitive() != null) {
        return each;
      }
    }
    return acts.isEmpty() ? null : acts.get(0);
  }
}
