package dev.quintai.benchmarks.fingerprint;

import dev.quintai.fingerprint.AgentFingerprint;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the memory alone takes of an update: one byte is read of each cache line that an update of a
 * fingerprint changes or asks, all of sixteen updates one after the other, and nothing is done with
 * it. It leaves out what only some updates need (a line in the middle of the transitions, the
 * hours) and the object in front of the bytes, so an update reads at least this much.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class LinesBenchmark {
  private static final int BATCH = 16;
  private static final int LINE = 64;

  // Where AgentFingerprint's javadoc draws them.
  private static final int TRANSITIONS = 656;
  private static final int TRANSITION_SET = 96;
  private static final int COUNTERS = 1_152;
  private static final int COUNTER_ROW = 512;

  /** Which of 40,000 acts. */
  @Param({"zipf", "uniform"})
  public String agents;

  private Workload workload;
  private byte[][] fingerprints;
  private int position;

  /** Made by JMH. */
  public LinesBenchmark() {}

  /** Makes the stream and the memory. */
  @Setup
  public void setup() {
    workload = new Workload(agents.equals("zipf"));
    fingerprints = new byte[Workload.AGENTS][AgentFingerprint.BYTES];
  }

  /** Reads the lines of sixteen updates, first those that each needs whatever its keys. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int linesOfBatches() {
    Workload w = workload;
    int start = position;
    position = start + BATCH;
    int sum = 0;
    for (int i = start; i < start + BATCH; i++) {
      byte[] m = fingerprints[w.agent[i & (Workload.EVENTS - 1)]];
      for (int at = 0; at < TRANSITIONS; at += LINE) {
        sum += m[at];
      }
    }
    for (int i = start; i < start + BATCH; i++) {
      int e = i & (Workload.EVENTS - 1);
      sum += readChosen(fingerprints[w.agent[e]], w.tool[e], w.verb[e]);
    }
    return sum;
  }

  /** The counters of a tool and one set of transitions. */
  private static int readChosen(byte[] m, int tool, int verb) {
    long columns = (tool + 1) * 0x9E37_79B9_7F4A_7C15L;
    int set = TRANSITIONS + TRANSITION_SET * (verb & 3);
    int sum = m[set] + m[set + TRANSITION_SET - 1];
    for (int row = 0; row < 4; row++) {
      int column = (int) (columns >>> (32 + 8 * row)) & 0xFF;
      sum += m[COUNTERS + COUNTER_ROW * row + 2 * column];
    }
    return sum;
  }
}
