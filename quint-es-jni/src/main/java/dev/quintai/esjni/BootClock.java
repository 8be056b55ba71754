package dev.quintai.esjni;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Time that does not step: the time since boot plus an offset to the Unix epoch that is taken once
 * a boot and kept. Whoever opens the clock on the same directory during the same boot gets the same
 * offset, so tracer, scanner and a restarted daemon agree on start times to the millisecond, and a
 * step of the wall clock moves nothing.
 *
 * <p>On Linux the time since boot is {@code CLOCK_BOOTTIME}, which goes on while the machine
 * sleeps. Elsewhere it is {@link System#nanoTime()}, and the offset holds for this process only.
 *
 * <p>Thread-safe. {@link #nowNanos()} does not allocate, except about once a second on Linux.
 */
public final class BootClock {

  private static final long RECHECK_NANOS = 1_000_000_000L;
  private static final long SLEPT_NANOS = 50_000_000L;

  private final Uptime uptime;
  private final long offsetNanos;
  private volatile long bootMinusNano;
  private volatile long checkedAt;

  private BootClock(Uptime uptime, long offsetNanos, long bootMinusNano) {
    this.uptime = uptime;
    this.offsetNanos = offsetNanos;
    this.bootMinusNano = bootMinusNano;
    this.checkedAt = System.nanoTime();
  }

  /**
   * Opens the clock.
   *
   * @param dataDir where the offset is kept, in {@code boot-clock} (0600); exists and is ours
   * @throws IOException when the offset can neither be read nor kept
   */
  public static BootClock open(Path dataDir) throws IOException {
    Uptime uptime = Uptime.ofSystem();
    if (uptime == null) {
      long nano = System.nanoTime();
      return new BootClock(null, wallNanos() - nano, 0);
    }
    long bootMinusNano = uptime.minusNanoTime();
    long fresh = wallNanos() - (System.nanoTime() + bootMinusNano);
    long offset = BootOffset.keep(dataDir.resolve("boot-clock"), uptime.bootId(), fresh);
    return new BootClock(uptime, offset, bootMinusNano);
  }

  private static long wallNanos() {
    java.time.Instant now = java.time.Instant.now();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }

  /** Now, in nanoseconds since the Unix epoch. */
  public long nowNanos() {
    long nano = System.nanoTime();
    if (uptime != null && nano - checkedAt > RECHECK_NANOS) {
      checkedAt = nano;
      followSleep(nano);
      nano = System.nanoTime();
    }
    return nano + bootMinusNano + offsetNanos;
  }

  /** {@code nanoTime} stands still while the machine sleeps, the time since boot does not. */
  private void followSleep(long nano) {
    long seen = uptime.readNanos();
    if (seen >= 0 && Math.abs(seen - (nano + bootMinusNano)) > SLEPT_NANOS) {
      bootMinusNano = uptime.minusNanoTime();
    }
  }

  /** What is to be added to the time since boot to get nanoseconds since the Unix epoch. */
  public long offsetNanos() {
    return offsetNanos;
  }

  /**
   * When a process started.
   *
   * @param ticks start time in clock ticks since boot, field 22 of {@code /proc/PID/stat}
   * @param ticksPerSecond how many ticks a second has, 100 on nearly every Linux
   * @return milliseconds since the Unix epoch, rounded down
   */
  public long startMs(long ticks, long ticksPerSecond) {
    return Math.floorDiv(ticks * (1_000_000_000L / ticksPerSecond) + offsetNanos, 1_000_000L);
  }
}
