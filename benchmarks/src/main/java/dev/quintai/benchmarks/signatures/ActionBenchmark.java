package dev.quintai.benchmarks.signatures;

import dev.quintai.core.Action;
import dev.quintai.core.AgentIds;
import dev.quintai.core.Capability;
import dev.quintai.core.Judgement;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.SessionDetector;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.SignatureDetector;
import dev.quintai.signatures.SignatureSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
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
  private static final int CALLS = 4096;

  private SessionDetector session;
  private IntentEvent intent;
  private List<List<Action>> calls;
  private int next;

  /** Made by JMH. */
  public ActionBenchmark() {}

  /** A session that reads, writes, searches and runs, as most do. */
  @Setup
  public void setup() {
    Random random = new Random(1);
    SignatureSet set = SignatureSet.of(BuiltInSignatures.all(), List.of());
    Session run =
        new Session(
            new ProcessId(1, 1),
            "claude-code",
            null,
            AgentIds.agentId("benchmark", 0, "claude-code", null));
    session = new SignatureDetector(() -> set).open(run, new SessionFacts(), finding -> {});
    intent = IntentEvent.builder(1, run.root(), "tool").build();
    Capability[] usual = {
      Capability.READ, Capability.WRITE, Capability.SEARCH, Capability.EXECUTE, Capability.READ
    };
    calls = new ArrayList<>(CALLS);
    for (int i = 0; i < CALLS; i++) {
      Capability capability =
          random.nextInt(20) == 0
              ? Capability.at(random.nextInt(Capability.COUNT))
              : usual[random.nextInt(usual.length)];
      calls.add(
          List.of(
              new Action(
                  capability,
                  "tool",
                  "server",
                  Action.LOCAL,
                  null,
                  false,
                  i,
                  0.1,
                  null,
                  true,
                  false)));
    }
  }

  /** One action. */
  @Benchmark
  public Judgement evaluate() {
    next = (next + 1) % CALLS;
    return session.evaluate(intent, calls.get(next));
  }
}
