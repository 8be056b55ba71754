package dev.quintai.esjni;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files whose writing has been told already, so that their close is not told as another write.
 * Bounded by {@link #MAX}, the oldest going first: a close of one that went is told as a write once
 * more. Not thread-safe.
 */
final class WrittenFiles {

  static final int MAX = 4096;

  private record File(int pid, String path) {}

  private final Map<File, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<File, Boolean> eldest) {
          return size() > MAX;
        }
      };

  /** The process made it, wrote it or opened it for writing, and that was told. */
  void told(int pid, String path) {
    told.put(new File(pid, path), true);
  }

  /** The process closed it, changed; returns whether its writing was told. */
  boolean closed(int pid, String path) {
    return told.remove(new File(pid, path)) != null;
  }
}
