package dev.quintai.fingerprint;

import java.util.Objects;

/**
 * At which hours of the day (UTC) an agent is active, in 96 bytes: for each of the 24 hours an
 * exponentially weighted share, 0 to 1, of the days on which it was.
 *
 * <p>Each day gives each hour one observation: 1 if there was any action in it, else 0. With α =
 * 0.1 half of the weight lies on the last seven days. One busy day raises an hour by at most 0.1.
 *
 * <pre>
 *   0      4      8             92     96
 *   +------+------+-- ... ------+------+
 *   | 00h  | 01h  |             | 23h  |   float32 each
 *   +------+------+-- ... ------+------+
 * </pre>
 *
 * <p>Cannot be merged. Not thread-safe. No method but the factories allocates.
 */
public final class HourlyActivity {
  // Hours without an action are accounted for when the next action comes: those passed over since
  // the last one decay, once for each day that passed. Within an hour nothing is written.

  /** Bytes of the state. */
  public static final int BYTES = 96;

  /** The weight of the newest day. */
  public static final float ALPHA = 0.1f;

  private static final int HOURS = 24;
  private static final long NANOS_PER_HOUR = 3_600_000_000_000L;
  private static final int FORGOTTEN_DAYS = 1_000; // 0.9^1000 is below the least float32

  private final byte[] memory;
  private final int offset;

  private HourlyActivity(byte[] memory, int offset) {
    this.memory = memory;
    this.offset = offset;
  }

  /** No activity yet, in memory of its own. */
  public static HourlyActivity create() {
    return new HourlyActivity(new byte[BYTES], 0);
  }

  /**
   * The state whose bytes are {@code memory[offset .. offset + BYTES)}; zeros are an empty one.
   *
   * @throws IndexOutOfBoundsException when they are not all inside the array
   */
  public static HourlyActivity wrap(byte[] memory, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, memory.length);
    return new HourlyActivity(memory, offset);
  }

  /**
   * Takes the next action.
   *
   * @param timeNanos when it happened, nanoseconds since the Unix epoch
   * @param lastNanos when the one before it happened; {@link Long#MIN_VALUE} for none. An action
   *     before that changes nothing.
   */
  public void add(long timeNanos, long lastNanos) {
    add(memory, offset, timeNanos, lastNanos);
  }

  /**
   * The share of days with activity in an hour, 0 to 1.
   *
   * @param hour 0 to 23, UTC
   */
  public float share(int hour) {
    return share(memory, offset, Objects.checkIndex(hour, HOURS));
  }

  static void add(byte[] m, int at, long timeNanos, long lastNanos) {
    long hour = Math.floorDiv(timeNanos, NANOS_PER_HOUR);
    if (lastNanos != Long.MIN_VALUE) {
      long lastHour = Math.floorDiv(lastNanos, NANOS_PER_HOUR);
      if (hour <= lastHour) {
        return;
      }
      decay(m, at, lastHour + 1, hour - lastHour - 1);
    }
    int cell = at + 4 * Math.floorMod(hour, HOURS);
    float share = LittleEndian.f32(m, cell);
    LittleEndian.f32(m, cell, share + ALPHA * (1 - share));
  }

  private static void decay(byte[] m, int at, long firstHour, long hours) {
    int start = Math.floorMod(firstHour, HOURS);
    for (int i = 0; i < HOURS && i < hours; i++) {
      int days = (int) Math.min(FORGOTTEN_DAYS, (hours - i + HOURS - 1) / HOURS);
      int cell = at + 4 * ((start + i) % HOURS);
      float factor = days == 1 ? 1 - ALPHA : (float) Math.pow(1 - ALPHA, days);
      LittleEndian.f32(m, cell, LittleEndian.f32(m, cell) * factor);
    }
  }

  static float share(byte[] m, int at, int hour) {
    return LittleEndian.f32(m, at + 4 * hour);
  }

  static int hourOf(long timeNanos) {
    return Math.floorMod(Math.floorDiv(timeNanos, NANOS_PER_HOUR), HOURS);
  }
}
