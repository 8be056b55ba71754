package dev.quintai.daemon.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps what comes until it is released, then passes everything on in order. Thread-safe. */
final class HeldBack<T> implements Consumer<T> {

  private final Consumer<? super T> target;
  private List<T> waiting = new ArrayList<>();

  HeldBack(Consumer<? super T> target) {
    this.target = target;
  }

  @Override
  public void accept(T item) {
    synchronized (this) {
      if (waiting != null) {
        waiting.add(item);
        return;
      }
    }
    target.accept(item);
  }

  synchronized void release() {
    if (waiting != null) {
      waiting.forEach(target);
      waiting = null;
    }
  }
}
