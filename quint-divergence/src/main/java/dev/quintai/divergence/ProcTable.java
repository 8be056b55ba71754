package dev.quintai.divergence;

import dev.quintai.core.event.ProcessId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The processes of one session, by pid and start. Bounded: past the bound the process that has been
 * silent longest is forgotten, those that have ended first.
 */
final class ProcTable {
  private final Map<Integer, Proc> byPid = new LinkedHashMap<>(16, 0.75f, true);
  private final int capacity;
  private long evicted;

  ProcTable(int capacity) {
    this.capacity = capacity;
  }

  /** The process, or null. A start time that is not known stands for the pid's present holder. */
  Proc find(ProcessId id) {
    Proc found = byPid.get(id.pid());
    if (found == null
        || !id.startKnown()
        || !found.id.startKnown()
        || found.id.startMs() == id.startMs()) {
      return found;
    }
    return null;
  }

  Proc findPid(int pid) {
    return pid <= 0 ? null : byPid.get(pid);
  }

  Proc add(ProcessId id, Proc parent) {
    Proc fresh = new Proc(id, parent);
    byPid.put(id.pid(), fresh);
    if (byPid.size() > capacity) {
      evict();
    }
    return fresh;
  }

  private void evict() {
    evicted++;
    int looked = 0;
    Integer oldest = null;
    for (Map.Entry<Integer, Proc> entry : byPid.entrySet()) {
      if (oldest == null) {
        oldest = entry.getKey();
      }
      if (entry.getValue().exited) {
        oldest = entry.getKey();
        break;
      }
      if (++looked >= 64) {
        break;
      }
    }
    byPid.remove(oldest);
  }

  long evicted() {
    return evicted;
  }
}
