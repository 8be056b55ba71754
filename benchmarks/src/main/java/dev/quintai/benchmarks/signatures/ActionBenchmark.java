package dev.quintai.benchmarks.signatures;

import dev.quintai.core.Judgement;
import dev.quintai.core.spi.SessionDetector;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.SignatureDetector;
import dev.quintai.signatures.SignatureSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One action through gate 1 with the built-in signatures: counting, all windows, matching. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class ActionBenchmark {

  /**
   * What the session does: {@code usual} work, or every capability as often as every other, which
   * touches far more shapes.
   */
  @Param({"usual", "uniform"})
  public String mix;

  private Calls calls;
  private SessionDetector session;

  /** Made by JMH. */
  public ActionBenchmark() {}

  /** Opens a session. */
  @Setup
  public void setup() {
    calls = new Calls(mix.equals("uniform"));
    SignatureSet set = SignatureSet.of(BuiltInSignatures.all(), List.of());
    session = calls.open(new SignatureDetector(() -> set));
  }

  /** One action. */
  @Benchmark
  public Judgement evaluate() {
    calls.advance();
    return session.evaluate(calls.intent(), calls.actions());
  }
}
