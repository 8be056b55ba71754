package dev.quintai.benchmarks.signatures;

import dev.quintai.core.Capability;
import dev.quintai.signatures.Channel;
import dev.quintai.signatures.FlowMatrix;
import dev.quintai.signatures.Lane;
import dev.quintai.signatures.LoadedSignature;
import dev.quintai.signatures.SignatureMatcher;
import dev.quintai.signatures.SignatureSet;
import dev.quintai.signatures.ThreatSignature;
import java.time.Instant;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One flow against all signatures of a set: through the index, and as the plain loop that computes
 * the Jensen-Shannon divergence of every signature over all 144 cells. Both are checked to find the
 * same before anything is measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class MatchBenchmark {
  private static final int FLOWS = 64;
  private static final int CELLS = FlowMatrix.CELLS;

  /** How many signatures the set has. */
  @Param({"5", "100", "10000", "100000"})
  public int signatures;

  private FlowMatrix[] flows;
  private double[][] distributions;
  private double[][] shapes;
  private double[] bounds;
  private SignatureMatcher matcher;
  private int next;
  private int found;
  private final SignatureMatcher.Found count = (signature, jsd) -> found++;

  /** Made by JMH. */
  public MatchBenchmark() {}

  /** Makes signatures of 3 to 8 cells and flows of 60 actions. */
  @Setup
  public void setup() {
    Random random = new Random(1);
    List<LoadedSignature> loaded = new ArrayList<>(signatures);
    shapes = new double[signatures][];
    bounds = new double[signatures];
    for (int i = 0; i < signatures; i++) {
      double[][] shape = new double[Capability.COUNT][Capability.COUNT];
      for (int k = 3 + random.nextInt(6); k > 0; k--) {
        shape[random.nextInt(12)][random.nextInt(12)] += 0.05 + random.nextDouble();
      }
      ThreatSignature signature =
          ThreatSignature.builder()
              .id("QT-SIG-" + i)
              .createdAt(Instant.EPOCH)
              .flowShape(shape)
              .maxJsd(0.1 + 0.2 * random.nextDouble())
              .build();
      loaded.add(new LoadedSignature(signature, Channel.GLOBAL, Lane.BLOCK, null));
      shapes[i] = flat(signature.flowShape());
      bounds[i] = signature.maxJsd();
    }
    matcher = new SignatureMatcher(SignatureSet.of(loaded, List.of()));
    flows = new FlowMatrix[FLOWS];
    distributions = new double[FLOWS][];
    for (int i = 0; i < FLOWS; i++) {
      flows[i] = new FlowMatrix();
      int kinds = 1 + random.nextInt(12);
      for (int k = 0; k < 60; k++) {
        flows[i].action(Capability.at(random.nextInt(kinds)));
      }
      distributions[i] = flat(flows[i].flow());
    }
    // The plain loop over the largest set takes long: there each fork checks an eighth of the
    // flows,
    // another one by chance.
    int step = signatures > 10_000 ? 8 : 1;
    for (int i = (int) (System.nanoTime() & step - 1); i < FLOWS; i += step) {
      if (indexed(i) != plain(i)) {
        throw new IllegalStateException("index and loop differ");
      }
    }
  }

  private static double[] flat(double[][] rows) {
    double[] cells = new double[CELLS];
    for (int i = 0; i < CELLS; i++) {
      cells[i] = rows[i / Capability.COUNT][i % Capability.COUNT];
    }
    return cells;
  }

  /** Through the index. */
  @Benchmark
  public int indexed() {
    next = (next + 1) % FLOWS;
    return indexed(next);
  }

  private int indexed(int flow) {
    found = 0;
    matcher.each(flows[flow], count);
    return found;
  }

  /** The plain loop. */
  @Benchmark
  public int plain() {
    next = (next + 1) % FLOWS;
    return plain(next);
  }

  private int plain(int flow) {
    double[] p = distributions[flow];
    int matches = 0;
    for (int s = 0; s < shapes.length; s++) {
      double[] q = shapes[s];
      double sum = 0;
      for (int i = 0; i < CELLS; i++) {
        double mean = (p[i] + q[i]) / 2;
        if (p[i] > 0) {
          sum += p[i] * Math.log(p[i] / mean);
        }
        if (q[i] > 0) {
          sum += q[i] * Math.log(q[i] / mean);
        }
      }
      if (sum / 2 / Math.log(2) <= bounds[s]) {
        matches++;
      }
    }
    return matches;
  }
}
