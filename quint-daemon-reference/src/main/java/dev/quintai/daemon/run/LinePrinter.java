package dev.quintai.daemon.run;

import java.io.Closeable;
import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Prints lines on a thread of its own, so that whoever reads them cannot hold up the engine. Holds
 * {@value #CAPACITY}; beyond that lines are dropped, counted, and told at the end. Thread-safe.
 */
final class LinePrinter implements Consumer<String>, Closeable {

  static final int CAPACITY = 16_384;

  private static final long PATIENCE_MILLIS = 5_000;
  private static final String END = new String("end"); // known by being this very one

  private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong dropped = new AtomicLong();
  private final Consumer<String> notices;
  private final Thread thread;

  LinePrinter(PrintStream out, Consumer<String> notices) {
    this.notices = notices;
    thread = new Thread(() -> print(out), "quint-findings");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void accept(String line) {
    if (!waiting.offer(line)) {
      dropped.incrementAndGet();
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private void print(PrintStream out) {
    try {
      for (String line = waiting.take(); line != END; line = waiting.take()) {
        out.print(line);
        out.print('\n');
        if (waiting.isEmpty()) {
          out.flush();
        }
      }
      out.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for what is left to be printed, at most 5 s. */
  @Override
  public void close() {
    try {
      long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
      while (!waiting.offer(END) && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long lost = dropped.get() + waiting.stream().filter(line -> !line.equals(END)).count();
    if (lost > 0) {
      notices.accept(lost + " lines of findings were not printed: nobody took them");
    }
  }
}
