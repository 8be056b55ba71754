package dev.quintai.daemon.run;

import java.io.Closeable;

/** Does something five times a second until it is closed; a failure does not end it. */
final class Ticker implements Closeable {

  private static final long PERIOD_MS = 200;

  private final Thread thread;
  private volatile boolean closed;

  private Ticker(Runnable task) {
    thread =
        new Thread(
            () -> {
              while (!closed) {
                try {
                  Thread.sleep(PERIOD_MS);
                  task.run();
                } catch (InterruptedException e) {
                  return;
                } catch (RuntimeException e) {
                  // the next beat may go well; what fails for good shows in the counters
                }
              }
            },
            "quint-time");
    thread.setDaemon(true);
  }

  static Ticker start(Runnable task) {
    Ticker ticker = new Ticker(task);
    ticker.thread.start();
    return ticker;
  }

  /** Ends it, and waits for a beat that is under way. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
