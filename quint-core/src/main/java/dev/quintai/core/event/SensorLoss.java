package dev.quintai.core.event;

import java.util.Objects;

/**
 * A sensor lost events: from its previous event up to this one it was blind.
 *
 * @param timeNanos see {@link Event#timeNanos()}
 * @param origin the sensor that lost them
 * @param lost how many events were lost, at least 1
 */
public record SensorLoss(long timeNanos, Origin origin, long lost) implements Event {

  public SensorLoss {
    Objects.requireNonNull(origin, "origin");
    if (lost < 1) {
      throw new IllegalArgumentException("lost must be at least 1: " + lost);
    }
  }
}
