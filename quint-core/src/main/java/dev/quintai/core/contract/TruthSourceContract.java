package dev.quintai.core.contract;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.Origin;
import dev.quintai.core.spi.TruthSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the engine relies on in a {@link TruthSource}:
 *
 * <ul>
 *   <li>its name is one for good, and it stands in the origin of each of its events;
 *   <li>when it cannot work it says why, and {@code start} fails with an {@link IOException};
 *   <li>closing before a start, and closing twice, do nothing;
 *   <li>it delivers from one thread; the numbers it gives its events, if any, have no gap;
 *   <li>after {@code close} has returned, nothing is delivered any more.
 * </ul>
 */
public final class TruthSourceContract {

  /** Makes something happen that the source must see, and returns when it is over. */
  @FunctionalInterface
  public interface Stimulus {
    /** Does it. */
    void run() throws Exception;
  }

  private TruthSourceContract() {}

  /**
   * Checks what can be checked without delivering events.
   *
   * @param sources gives a new source that has not been started
   * @throws AssertionError listing every promise broken
   */
  public static void verify(Supplier<? extends TruthSource> sources) {
    Violations violations = new Violations("The truth source");
    describe(violations, sources);
    violations.tell();
  }

  /**
   * Checks a source at work. One that is not available here is checked to refuse its start.
   *
   * @param sources gives a new source that has not been started
   * @param stimulus causes at least one event
   * @param patience how long to wait for the first event
   * @throws AssertionError listing every promise broken
   */
  public static void verifyAtWork(
      Supplier<? extends TruthSource> sources, Stimulus stimulus, Duration patience) {
    Violations violations = new Violations("The truth source");
    TruthSource.Availability availability = describe(violations, sources);
    if (availability != null && availability.available()) {
      atWork(violations, sources.get(), stimulus, patience);
    } else if (availability != null) {
      refusesToStart(violations, sources.get());
    }
    violations.tell();
  }

  private static TruthSource.Availability describe(
      Violations violations, Supplier<? extends TruthSource> sources) {
    TruthSource source = violations.call("a new source", sources::get);
    if (source == null) {
      return null;
    }
    String name = violations.call("name()", source::name);
    violations.check(name != null && !name.isBlank(), "name() is not blank");
    violations.same(name, violations.call("name()", source::name), "name() never changes");
    Set<TruthSource.Sight> sees = violations.call("sees()", source::sees);
    violations.check(sees != null && !sees.isEmpty(), "sees() names what it can see");
    violations.call("lossless()", source::lossless);
    TruthSource.Availability availability = violations.call("availability()", source::availability);
    violations.check(availability != null, "availability() is never null");
    if (availability != null) {
      violations.check(
          availability.available() == availability.cause().isEmpty(),
          "it gives a cause exactly when it is not available");
    }
    violations.run("close() without a start", source::close);
    violations.run("close() again", source::close);
    return availability;
  }

  private static void refusesToStart(Violations violations, TruthSource source) {
    boolean refused = false;
    try {
      source.start(event -> {});
    } catch (IOException e) {
      refused = true;
    } catch (RuntimeException e) {
      violations.check(false, "start() that cannot work throws an IOException, not " + e);
    }
    violations.check(refused, "start() fails where the source is not available");
    violations.run("close() after a failed start", source::close);
  }

  private static void atWork(
      Violations violations, TruthSource source, Stimulus stimulus, Duration patience) {
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    Set<Long> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch first = new CountDownLatch(1);
    violations.run(
        "start()",
        () ->
            source.start(
                event -> {
                  events.add(event);
                  threads.add(Thread.currentThread().getId());
                  first.countDown();
                }));
    violations.run("the stimulus", stimulus::run);
    violations.run(
        "waiting",
        () ->
            violations.check(
                first.await(patience.toNanos(), TimeUnit.NANOSECONDS), "it sees the stimulus"));
    violations.run("close() at work", source::close);
    int atClose = events.size();
    violations.run("close() again", source::close);
    violations.run("the stimulus after close()", stimulus::run);
    violations.check(events.size() == atClose, "nothing is delivered after close()");
    violations.check(threads.size() <= 1, "it delivers from one thread");
    check(violations, source.name(), List.copyOf(events));
  }

  private static void check(Violations violations, String name, List<Event> events) {
    long last = Origin.NO_SEQ;
    for (Event event : events) {
      violations.check(event != null, "no null event");
      if (event == null) {
        continue;
      }
      violations.same(name, event.origin().sensor(), "the origin of an event is the source");
      violations.check(event.timeNanos() > 0, "events have a time");
      long seq = event.origin().seq();
      if (seq != Origin.NO_SEQ && last != Origin.NO_SEQ) {
        violations.check(seq == last + 1, "its numbers have no gap");
      }
      last = seq != Origin.NO_SEQ ? seq : last;
    }
  }
}
