package dev.quintai.esjni;

import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.TruthSource;

/** A source that starts the command that it watches. Runs once. */
public interface CommandTrace extends TruthSource {

  /**
   * The process of the command.
   *
   * @throws IllegalStateException before {@link #start}
   */
  ProcessId root();

  /**
   * Waits until the command has ended and all events up to then have been delivered. Processes that
   * it left behind are not waited for.
   *
   * @return its exit code, 128 + n for signal n
   * @throws IllegalStateException before {@link #start}
   */
  int waitFor() throws InterruptedException;
}
