package dev.quintai.daemon.run;

import java.io.IOException;
import java.util.ArrayDeque;

/** Closes what was opened, in the opposite order, each although another failed. */
final class Closing implements AutoCloseable {

  private final ArrayDeque<AutoCloseable> open = new ArrayDeque<>();

  <T extends AutoCloseable> T later(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException e) {
        failure = add(failure, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        failure = add(failure, new IOException(e));
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static IOException add(IOException first, IOException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }
}
