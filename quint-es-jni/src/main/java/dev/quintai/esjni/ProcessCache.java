package dev.quintai.esjni;

import dev.quintai.core.event.ProcessId;

/** Processes that were named lately, so that each is one object. Direct-mapped; not thread-safe. */
final class ProcessCache {

  private static final int SLOTS = 1024;

  private final ProcessId[] known = new ProcessId[SLOTS];

  ProcessId get(int pid, long startMs) {
    int slot = pid & (SLOTS - 1);
    ProcessId found = known[slot];
    if (found == null || found.pid() != pid || found.startMs() != startMs) {
      found = new ProcessId(pid, startMs);
      known[slot] = found;
    }
    return found;
  }
}
