package dev.quintai.core;

import dev.quintai.core.spi.FindingSink;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps each finding's last revision, for those who want every finding once.
 *
 * <p>Bounded: past the capacity, new findings are counted and not kept. Not thread-safe beyond the
 * engine's order; read it after the engine is closed.
 */
public final class FinalFindings implements FindingSink {

  /** The order of findings in a report: by time, gate, session and id. */
  public static final Comparator<Finding> ORDER =
      Comparator.comparingLong(Finding::timeNanos)
          .thenComparing(Finding::gate)
          .thenComparing(Finding::session)
          .thenComparing(Finding::id);

  private final int capacity;
  private final Map<String, Finding> latest = new HashMap<>();
  private long dropped;

  /** Keeps up to {@code capacity} findings. */
  public FinalFindings(int capacity) {
    this.capacity = capacity;
  }

  @Override
  public synchronized void accept(Finding finding) {
    if (latest.size() >= capacity && !latest.containsKey(finding.id())) {
      dropped++;
      return;
    }
    latest.merge(finding.id(), finding, (old, now) -> now.revision() >= old.revision() ? now : old);
  }

  /** The findings in their last revision, without those that were taken back, in {@link #ORDER}. */
  public synchronized List<Finding> sorted() {
    return latest.values().stream().filter(f -> !f.takenBack()).sorted(ORDER).toList();
  }

  /** How many findings were not kept for want of room. */
  public synchronized long dropped() {
    return dropped;
  }
}
