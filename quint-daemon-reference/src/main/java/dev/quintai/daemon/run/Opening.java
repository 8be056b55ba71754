package dev.quintai.daemon.run;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something that a thread of its own opens while ours goes on: a run's parts do not need each other
 * to be opened, and a person waits for them. Closing waits for the opening and closes what it gave.
 */
final class Opening<T> implements Closeable {

  private final FutureTask<T> task;

  private Opening(FutureTask<T> task) {
    this.task = task;
  }

  static <T> Opening<T> of(String name, Callable<T> opener) {
    FutureTask<T> task = new FutureTask<>(opener);
    Thread thread = new Thread(task, "quint-open-" + name);
    thread.setDaemon(true);
    thread.start();
    return new Opening<>(task);
  }

  /** What was opened; waits for it. Throws what the opener threw. */
  T get() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true; // it takes milliseconds, and what it opens must be closed
        }
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(cause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() throws IOException {
    T opened;
    try {
      opened = get();
    } catch (IOException | RuntimeException e) {
      return; // told to whoever asked for it
    }
    if (opened instanceof Closeable resource) {
      resource.close();
    }
  }
}
