package dev.quintai.divergence;

import dev.quintai.core.event.ProcessId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The processes of one session, by pid and start. A process is forgotten some seconds after it
 * ended. Bounded: past the bound an eighth goes at once, those that have ended and those that have
 * been silent longest first; the root stays.
 */
final class ProcTable {
  private final int capacity;
  private final long grace;

  /** Open addressing by pid, at most half full; the pid stands beside its process. */
  private Proc[] table = new Proc[16];

  private int[] pids = new int[16];

  private int size;

  /** Those that ended, in the order in which that was heard. */
  private final Deque<Proc> ended = new ArrayDeque<>(0);

  /** When the first of them is forgotten: never later than that. */
  private long due = Long.MAX_VALUE;

  private long evicted;

  /**
   * An empty table.
   *
   * @param capacity how many processes it holds
   * @param grace for how long an ended process may still be heard of, in nanoseconds
   */
  ProcTable(int capacity, long grace) {
    this.capacity = capacity;
    this.grace = grace;
  }

  private int slot(int pid) {
    int mask = table.length - 1;
    int at = ((pid * 0x9e3779b9) >>> 8) & mask;
    while (table[at] != null && pids[at] != pid) {
      at = at + 1 & mask;
    }
    return at;
  }

  /** The process, or null. A start time that is not known stands for the pid's present holder. */
  Proc find(ProcessId id) {
    Proc found = table[slot(id.pid())];
    if (found == null || !id.startKnown()) {
      return found;
    }
    boolean same =
        found.id.startKnown()
            ? found.id.startMs() == id.startMs()
            : !found.exited || id.startMs() <= found.seen / 1_000_000;
    return same ? found : null;
  }

  /**
   * The process that is made, or runs another program, at the time; null when it is not known. What
   * has ended does neither: where no start times are told, that is how a pid shows that is used
   * again.
   */
  Proc find(ProcessId id, long timeNanos) {
    Proc found = find(id);
    boolean ended = found != null && found.exited && timeNanos > found.seen;
    return ended && !(id.startKnown() && found.id.startKnown()) ? null : found;
  }

  Proc findPid(int pid) {
    return pid <= 0 ? null : table[slot(pid)];
  }

  /** Enters a process; it takes the place of one that had its pid. */
  Proc add(ProcessId id, Proc parent, long now) {
    Proc fresh = new Proc(id, parent);
    fresh.seen = now;
    put(fresh);
    if (size > capacity) {
      evict(capacity / 8 + 1);
    }
    return fresh;
  }

  /** Puts a process where its pid says. */
  void put(Proc proc) {
    int at = slot(proc.id.pid());
    if (table[at] != null) {
      table[at].detach();
      table[at] = proc;
      return;
    }
    enter(at, proc);
    if (++size * 2 > table.length) {
      Proc[] old = table;
      table = new Proc[old.length * 2];
      pids = new int[old.length * 2];
      for (Proc each : old) {
        if (each != null) {
          enter(slot(each.id.pid()), each);
        }
      }
    }
  }

  private void enter(int at, Proc proc) {
    table[at] = proc;
    pids[at] = proc.id.pid();
  }

  void clear() {
    table = new Proc[16];
    pids = new int[16];
    size = 0;
  }

  void ended(Proc proc, long now) {
    if (!proc.exited) {
      proc.exited = true;
      proc.seen = now;
      ended.addLast(proc);
      due = Math.min(due, now + grace);
    }
  }

  /** Forgets what ended so long ago that nothing is heard of it any more. */
  void advance(long now) {
    if (now <= due) {
      return;
    }
    Proc first = ended.peekFirst();
    while (first != null && first.seen < now - grace) {
      ended.removeFirst();
      forget(first);
      first = ended.peekFirst();
    }
    due = first == null ? Long.MAX_VALUE : first.seen + grace;
  }

  /** When the first of those that ended is forgotten; {@link Long#MAX_VALUE} without one. */
  long due() {
    return due;
  }

  /** Takes an ended process of a snapshot. */
  void restoreEnded(Proc proc) {
    ended.addLast(proc);
    due = Math.min(due, proc.seen + grace);
  }

  private void forget(Proc proc) {
    int at = slot(proc.id.pid());
    if (table[at] != proc || proc.root()) {
      return;
    }
    proc.detach();
    size--;
    int mask = table.length - 1;
    int hole = at;
    table[hole] = null;
    for (int next = hole + 1 & mask; table[next] != null; next = next + 1 & mask) {
      Proc moved = table[next];
      table[next] = null;
      enter(slot(pids[next]), moved);
    }
  }

  /** Forgets up to so many processes, those that ended and those silent longest first. */
  void evict(int many) {
    List<Proc> all = all();
    all.sort(
        Comparator.comparing((Proc p) -> !p.exited)
            .thenComparingLong(p -> p.seen)
            .thenComparingInt(p -> p.id.pid()));
    int left = many;
    for (Proc proc : all) {
      if (left-- <= 0) {
        break;
      }
      if (!proc.root()) {
        evicted++;
        forget(proc);
      }
    }
    ended.removeIf(p -> p.forgotten);
  }

  /** All processes, in no order that means anything. */
  List<Proc> all() {
    List<Proc> all = new ArrayList<>(size);
    for (Proc each : table) {
      if (each != null) {
        all.add(each);
      }
    }
    return all;
  }

  /** Those that ended and are not forgotten yet, in the order in which that was heard. */
  Deque<Proc> ended() {
    return ended;
  }

  int size() {
    return size;
  }

  long evicted() {
    return evicted;
  }

  void evicted(long count) {
    evicted = count;
  }
}
