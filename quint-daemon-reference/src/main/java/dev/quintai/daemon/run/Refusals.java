package dev.quintai.daemon.run;

import dev.quintai.core.Verdict;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.TruthEvent;
import dev.quintai.core.sensitive.SensitiveTargets;
import dev.quintai.daemon.llm.Trail;
import dev.quintai.divergence.AccessGuard;
import dev.quintai.divergence.DivergenceSettings;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a run in block mode refuses by the system itself: undeclared access to sensitive targets.
 * Calls come from the engine, before the proxy lets them through; what processes do comes from the
 * sensor, before it asks. Thread-safe.
 */
final class Refusals implements Predicate<TruthEvent> {

  private final AccessGuard guard;
  private final AtomicLong count = new AtomicLong();

  Refusals(String platform, Path directory, String home) {
    guard =
        new AccessGuard(
            DivergenceSettings.DEFAULTS, Gates.platforms(), platform, directory.toString(), home);
  }

  /** What is asked about. */
  SensitiveTargets targets() {
    return DivergenceSettings.DEFAULTS.sensitive();
  }

  /** Passes on what the sensor tells, once the guard knows it. */
  Consumer<Event> before(Consumer<Event> events) {
    return event -> {
      guard.accept(event);
      events.accept(event);
    };
  }

  /** Takes the calls among the engine's events. */
  void call(Event event) {
    if (event instanceof IntentEvent || event instanceof IntentResult) {
      guard.accept(event);
    }
  }

  /** A trail that tells the guard of calls that were refused. */
  Trail over(Trail trail) {
    return new Trail() {
      @Override
      public void request(Exchange exchange, String body) {
        trail.request(exchange, body);
      }

      @Override
      public void response(Exchange exchange, int status, String body) {
        trail.response(exchange, status, body);
      }

      @Override
      public void call(Exchange exchange, IntentEvent intent, Verdict verdict) {
        if (verdict.refused()) {
          guard.denied(intent.toolUseId());
        }
        trail.call(exchange, intent, verdict);
      }

      @Override
      public void result(
          Exchange exchange, String toolUseId, String tool, boolean isError, String text) {
        trail.result(exchange, toolUseId, tool, isError, text);
      }
    };
  }

  @Override
  public boolean test(TruthEvent act) {
    boolean allowed = guard.test(act);
    if (!allowed) {
      count.incrementAndGet();
    }
    return allowed;
  }

  /** How many accesses were refused. */
  long count() {
    return count.get();
  }
}
