package dev.quintai.core.capability;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which destinations each session has declared, within bounds; the oldest are forgotten first. */
final class Destinations {
  private static final int MAX_SESSIONS = 4_096;
  private static final int MAX_DESTINATIONS = 1_024;

  private final Map<String, Set<String>> bySession =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  /** Whether the session has not named the destination before; it has from now on. */
  synchronized boolean firstContact(String session, String destination) {
    Set<String> known = bySession.computeIfAbsent(session, s -> new LinkedHashSet<>());
    if (!known.add(destination)) {
      return false;
    }
    if (known.size() > MAX_DESTINATIONS) {
      known.remove(known.iterator().next());
    }
    return true;
  }
}
