package dev.quintai.benchmarks.fingerprint;

import dev.quintai.core.Capability;
import dev.quintai.fingerprint.ActionBatch;
import dev.quintai.fingerprint.AgentFingerprint;
import dev.quintai.fingerprint.HashSeed;
import dev.quintai.fingerprint.KeyHasher;
import java.nio.charset.StandardCharsets;
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

/** One update of one agent's fingerprint. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class UpdateBenchmark {

  /** hot: one agent; zipf, uniform: which of 40,000 acts. */
  @Param({"hot", "zipf", "uniform"})
  public String agents;

  private Workload workload;
  private AgentFingerprint[] fingerprints;
  private long[] tools;
  private long[] servers;
  private long[] domains;
  private long[] ips;
  private byte[][] toolBytes;
  private byte[][] serverBytes;
  private byte[][] domainBytes;
  private byte[][] ipBytes;
  private Capability[] capabilities;
  private final ActionBatch batch = new ActionBatch();
  private int position;

  /** Made by JMH. */
  public UpdateBenchmark() {}

  /** Makes the stream and the fingerprints. */
  @Setup
  public void setup() {
    workload = new Workload(!agents.equals("uniform"));
    KeyHasher keys = new KeyHasher(HashSeed.ofSession("benchmark"));
    boolean hot = agents.equals("hot");
    fingerprints = new AgentFingerprint[Workload.AGENTS];
    for (int i = 0; i < fingerprints.length; i++) {
      fingerprints[i] =
          hot && i > 0 ? fingerprints[0] : AgentFingerprint.create(workload.agents[i], keys);
    }
    tools = hashes(keys, workload.tools);
    servers = hashes(keys, workload.servers);
    domains = hashes(keys, workload.domains);
    ips = hashes(keys, workload.ips);
    toolBytes = bytes(workload.tools);
    serverBytes = bytes(workload.servers);
    domainBytes = bytes(workload.domains);
    ipBytes = bytes(workload.ips);
    capabilities = Capability.values();
  }

  private static byte[][] bytes(String[] names) {
    byte[][] bytes = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      bytes[i] = names[i].getBytes(StandardCharsets.ISO_8859_1);
    }
    return bytes;
  }

  private static long[] hashes(KeyHasher keys, String[] names) {
    long[] hashes = new long[names.length];
    for (int i = 0; i < names.length; i++) {
      hashes[i] = keys.hash(names[i]);
    }
    return hashes;
  }

  /** Keys as Strings. */
  @Benchmark
  public boolean strings() {
    int i = position++;
    int e = i & (Workload.EVENTS - 1);
    Workload w = workload;
    return fingerprints[w.agent[e]].update(
        w.time(i),
        capabilities[w.verb[e] % 12],
        w.tools[w.tool[e]],
        w.servers[w.server[e]],
        w.domains[w.domain[e]],
        w.ips[w.ip[e]],
        w.risk[e]);
  }

  /** Keys as Strings that were never seen before, though their text was: as a parser makes them. */
  @Benchmark
  public boolean freshStrings() {
    int i = position++;
    int e = i & (Workload.EVENTS - 1);
    Workload w = workload;
    return fingerprints[w.agent[e]].update(
        w.time(i),
        capabilities[w.verb[e] % 12],
        fresh(toolBytes[w.tool[e]]),
        fresh(serverBytes[w.server[e]]),
        fresh(domainBytes[w.domain[e]]),
        fresh(ipBytes[w.ip[e]]),
        w.risk[e]);
  }

  private static String fresh(byte[] ascii) {
    return new String(ascii, StandardCharsets.ISO_8859_1);
  }

  /** Keys hashed before. */
  @Benchmark
  public boolean hashed() {
    int i = position++;
    int e = i & (Workload.EVENTS - 1);
    Workload w = workload;
    return fingerprints[w.agent[e]].update(
        w.time(i),
        capabilities[w.verb[e] % 12],
        tools[w.tool[e]],
        servers[w.server[e]],
        domains[w.domain[e]],
        ips[w.ip[e]],
        w.risk[e],
        true);
  }

  /** Keys hashed before, sixteen actions at a time. */
  @Benchmark
  @OperationsPerInvocation(ActionBatch.CAPACITY)
  public int hashedBatches() {
    Workload w = workload;
    boolean full;
    do {
      int i = position++;
      int e = i & (Workload.EVENTS - 1);
      full =
          batch.add(
              fingerprints[w.agent[e]],
              w.time(i),
              capabilities[w.verb[e] % 12],
              tools[w.tool[e]],
              servers[w.server[e]],
              domains[w.domain[e]],
              ips[w.ip[e]],
              w.risk[e],
              true);
    } while (!full);
    return batch.learn();
  }

  /**
   * Reads an event and its names and does nothing with them: what the loop itself costs in the
   * other benchmarks.
   */
  @Benchmark
  public long loopOnly() {
    int i = position++;
    int e = i & (Workload.EVENTS - 1);
    Workload w = workload;
    return w.time(i)
        + w.verb[e] % 12
        + w.tools[w.tool[e]].length()
        + w.servers[w.server[e]].length()
        + w.ips[w.ip[e]].length();
  }
}
