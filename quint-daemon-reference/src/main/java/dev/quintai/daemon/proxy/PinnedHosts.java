package dev.quintai.daemon.proxy;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hosts whose client has refused our certificate: its next connection there is tunnelled, once.
 * Then interception is tried again, so that a client which refuses once on purpose does not stay
 * unobserved.
 */
final class PinnedHosts {
  private static final int MAX = 1024;

  private record Key(String host, int port, long pid) {}

  private final Map<Key, Boolean> refused =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Boolean> eldest) {
          return size() > MAX;
        }
      };

  synchronized void refused(String host, int port, long pid) {
    refused.put(new Key(host, port, pid), true);
  }

  /** Whether this connection is to be tunnelled; asking uses it up. */
  synchronized boolean take(String host, int port, long pid) {
    return refused.remove(new Key(host, port, pid)) != null;
  }
}
