package dev.quintai.benchmarks.divergence;

import dev.quintai.core.QuintEngine;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.IntentEvent;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One event of 10,000 sessions on one thread, its garbage collected by the same thread's core: the
 * mix is replayed faster than its time, after some minutes of it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms6g", "-Xmx6g", "-Xmn2g"})
public class MatchingBenchmark {
  static final int SESSIONS = 10_000;
  static final int OF_EACH = 20;

  /**
   * Steps of {@link #OF_EACH} events, ten seconds each, before anything is measured: as much as a
   * window of 150 s holds, and a little more.
   */
  private static final int BEFORE = 16;

  /** Made by JMH. */
  public MatchingBenchmark() {}

  /** The events that are next. */
  public abstract static class Stream {
    private final Mix mix = new Mix(SESSIONS);
    Event[] events;

    abstract void take(Event[] some);

    /** Takes in the sessions and their first minutes. */
    @Setup(Level.Trial)
    public void warm() {
      take(mix.starts());
      for (int i = 0; i < BEFORE; i++) {
        take(mix.next(OF_EACH));
      }
    }

    /** Makes the next events, outside of what is measured. */
    @Setup(Level.Invocation)
    public void next() {
      events = mix.next(OF_EACH);
    }
  }

  /** Attribution and matchers. */
  @State(Scope.Benchmark)
  public static class Ours extends Stream {
    private final Operator operator = new Operator();

    /** Made by JMH. */
    public Ours() {}

    @Override
    void take(Event[] some) {
      operator.take(some);
    }
  }

  /** The same attribution, and a scan of the window. */
  @State(Scope.Benchmark)
  public static class Naive extends Stream {
    private final NaiveScan scan = new NaiveScan();

    /** Made by JMH. */
    public Naive() {}

    @Override
    void take(Event[] some) {
      scan.take(some);
    }
  }

  /** The engine with this gate: two attributions, the order of time, verdicts. */
  @State(Scope.Benchmark)
  public static class Whole extends Stream {
    private final QuintEngine engine = Operator.engine();

    /** Made by JMH. */
    public Whole() {}

    @Override
    void take(Event[] some) {
      for (Event event : some) {
        if (event instanceof IntentEvent intent) {
          engine.evaluate(intent);
        } else {
          engine.accept(event);
        }
      }
    }
  }

  /** Attribution and matching. */
  @Benchmark
  @OperationsPerInvocation(SESSIONS * OF_EACH)
  public void attributeAndMatch(Ours ours) {
    ours.take(ours.events);
  }

  /** The rival. */
  @Benchmark
  @OperationsPerInvocation(SESSIONS * OF_EACH)
  public void naiveScan(Naive naive) {
    naive.take(naive.events);
  }

  /** All that a daemon does with an event. */
  @Benchmark
  @OperationsPerInvocation(SESSIONS * OF_EACH)
  public void engine(Whole whole) {
    whole.take(whole.events);
  }
}
