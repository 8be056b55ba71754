package dev.quintai.esjni;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The time since boot as {@code /proc/uptime} gives it, in steps of 10 ms. */
final class Uptime {

  private static final Path UPTIME = Path.of("/proc/uptime");
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final long STEP_NANOS = 10_000_000L;
  private static final int READS = 20_000;
  private static final long PATIENCE_NANOS = 4 * STEP_NANOS;

  private final String bootId;

  private Uptime(String bootId) {
    this.bootId = bootId;
  }

  /** The system's, or null where there is none. */
  static Uptime ofSystem() {
    try {
      Uptime uptime = new Uptime(Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip());
      return uptime.readNanos() < 0 ? null : uptime;
    } catch (IOException e) {
      return null;
    }
  }

  String bootId() {
    return bootId;
  }

  /** Nanoseconds since boot, rounded down to 10 ms, or -1 when it cannot be read. */
  long readNanos() {
    try {
      return parse(Files.readString(UPTIME, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return -1;
    }
  }

  /**
   * {@code SECONDS.HH IDLE}.
   *
   * @return nanoseconds, or -1 when the text is something else
   */
  static long parse(String text) {
    int dot = text.indexOf('.');
    int end = text.indexOf(' ');
    if (dot < 1 || end != dot + 3) {
      return -1;
    }
    try {
      long seconds = Long.parseLong(text, 0, dot, 10);
      return seconds * 1_000_000_000L + Long.parseLong(text, dot + 1, end, 10) * STEP_NANOS;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /**
   * Time since boot minus {@link System#nanoTime()}. Each read says that the difference lies within
   * 10 ms; reads just before and just after a step narrow that to the time that one read takes.
   */
  long minusNanoTime() {
    long least = Long.MIN_VALUE;
    long most = Long.MAX_VALUE;
    long started = System.nanoTime();
    for (int i = 0; i < READS && System.nanoTime() - started < PATIENCE_NANOS; i++) {
      long before = System.nanoTime();
      long seen = readNanos();
      long after = System.nanoTime();
      if (seen >= 0) {
        least = Math.max(least, seen - after);
        most = Math.min(most, seen + STEP_NANOS - before);
      }
    }
    return least > most || most == Long.MAX_VALUE ? least : least + (most - least) / 2;
  }
}
