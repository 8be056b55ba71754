package dev.quintai.daemon.parse;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A line of progress, where standard error is a terminal. */
final class Progress {

  private static final long INTERVAL_NANOS = 200_000_000;

  private final PrintStream err;
  private final long size;
  private final boolean terminal;
  private long shownNanos = System.nanoTime();
  private boolean shown;

  Progress(PrintStream err, long size) {
    this.err = err;
    this.size = size;
    this.terminal = isTerminal();
  }

  /** Standard error has no handle of its own in Java: on Linux the name of its descriptor tells. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false; // no such name elsewhere: nothing is shown
    }
  }

  void at(long bytes, long lines) {
    if (!terminal) {
      return;
    }
    long now = System.nanoTime();
    if (now - shownNanos < INTERVAL_NANOS) {
      return;
    }
    shownNanos = now;
    shown = true;
    long percent = size == 0 ? 100 : 100 * bytes / size;
    err.print("\r" + lines + " exchanges, " + Math.min(100, percent) + "%\u001b[K");
    err.flush();
  }

  void clear() {
    if (shown) {
      shown = false;
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
