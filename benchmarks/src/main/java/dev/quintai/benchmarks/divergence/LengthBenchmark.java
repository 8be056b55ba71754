package dev.quintai.benchmarks.divergence;

import dev.quintai.core.event.Event;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One event of 1,000 sessions that have lasted for some minutes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms3g", "-Xmx3g", "-Xmn1g"})
public class LengthBenchmark {
  private static final int SESSIONS = 1_000;
  private static final int OF_EACH = 60;

  /** How long the sessions have lasted. */
  @Param({"5", "60"})
  public int minutes;

  private final Mix mix = new Mix(SESSIONS);
  private final Operator operator = new Operator();
  private Event[] events;

  /** Made by JMH. */
  public LengthBenchmark() {}

  /** Takes in the sessions and their past. */
  @Setup(Level.Trial)
  public void warm() {
    operator.take(mix.starts());
    for (int i = 0; i < minutes * 2; i++) {
      operator.take(mix.next(OF_EACH));
    }
  }

  /** Makes the next events, outside of what is measured. */
  @Setup(Level.Invocation)
  public void next() {
    events = mix.next(OF_EACH);
  }

  /** Attribution and matching. */
  @Benchmark
  @OperationsPerInvocation(SESSIONS * OF_EACH)
  public void attributeAndMatch() {
    operator.take(events);
  }
}
