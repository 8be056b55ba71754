package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A consumer whose exceptions cost it the event and nobody else anything: the sensor goes on. */
final class GuardedConsumer {

  private final AtomicLong refused = new AtomicLong();

  Consumer<Event> over(Consumer<? super Event> consumer) {
    return event -> {
      try {
        consumer.accept(event);
      } catch (RuntimeException e) {
        refused.incrementAndGet();
      }
    };
  }

  /** How many events were thrown at. */
  long refused() {
    return refused.get();
  }
}
