package dev.quintai.daemon.live;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One reader of the feed, with a queue and a thread of its own: whoever tells it something never
 * waits for it. A reader that does not keep up misses lines, and is told how many.
 */
final class FeedReader implements Closeable {

  /** How many lines wait for a reader at most. */
  static final int QUEUE = 8_192;

  /** How long a reader that does not read may hold up the end, twice. */
  private static final long PATIENCE_MS = 200;

  @SuppressWarnings("StringOperationCanBeSimplified") // told apart by identity
  private static final String END = new String("end");

  /** Where lines go. */
  interface Target extends Closeable {
    void line(String line) throws IOException;

    @Override
    default void close() throws IOException {}
  }

  private final Target target;
  private final Runnable gone;
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(QUEUE);
  private final Thread thread;
  private long missed;

  FeedReader(Target target, Runnable gone) {
    this.target = target;
    this.gone = gone;
    thread = new Thread(this::serve, "quint-live-reader");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Never blocks. */
  synchronized void offer(String line) {
    if (missed > 0 && lines.offer("{\"live\":\"missed\",\"count\":" + missed + "}")) {
      missed = 0;
    }
    if (missed > 0 || !lines.offer(line)) {
      missed++;
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private void serve() {
    try (target) {
      for (String line = lines.take(); line != END; line = lines.take()) {
        target.line(line);
      }
    } catch (IOException e) {
      // the reader has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      gone.run();
    }
  }

  /** Lets it have what waits, as long as it reads. */
  @Override
  public void close() throws IOException {
    try {
      if (lines.offer(END, PATIENCE_MS, TimeUnit.MILLISECONDS)) {
        thread.join(PATIENCE_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      target.close();
    }
  }
}
