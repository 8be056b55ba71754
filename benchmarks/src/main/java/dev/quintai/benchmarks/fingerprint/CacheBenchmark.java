package dev.quintai.benchmarks.fingerprint;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.quintai.fingerprint.AgentFingerprint;
import dev.quintai.fingerprint.BehaviorCache;
import dev.quintai.fingerprint.HashSeed;
import dev.quintai.fingerprint.KeyHasher;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@code getOrCreate} of 40,000 agents that all fit, beside Caffeine with the same keys and values.
 * The keys are copies, so that finding one means comparing ids, not references.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class CacheBenchmark {

  /** hot: one of 64 agents; zipf: one of 40,000. */
  @Param({"hot", "zipf"})
  public String agents;

  private Workload workload;
  private UUID[] keys;
  private BehaviorCache ours;
  private Cache<UUID, AgentFingerprint> caffeine;
  private Function<UUID, AgentFingerprint> create;

  /** Where a thread is in the stream. */
  @State(Scope.Thread)
  public static class Position {
    private static final java.util.concurrent.atomic.AtomicInteger STARTS =
        new java.util.concurrent.atomic.AtomicInteger();
    private int next = STARTS.incrementAndGet() * 99_991;

    /** Made by JMH. */
    public Position() {}
  }

  /** Made by JMH. */
  public CacheBenchmark() {}

  /** Fills both caches. */
  @Setup
  public void setup() {
    workload = new Workload(true);
    KeyHasher hasher = new KeyHasher(HashSeed.ofSession("benchmark"));
    create = id -> AgentFingerprint.create(id, hasher);
    ours = BehaviorCache.builder(hasher).build();
    caffeine = Caffeine.newBuilder().maximumSize(ours.stats().capacity()).build();
    keys = new UUID[Workload.AGENTS];
    for (int i = 0; i < keys.length; i++) {
      UUID id = workload.agents[i];
      keys[i] = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
      ours.getOrCreate(id);
      caffeine.put(id, create.apply(id));
    }
    if (agents.equals("hot")) {
      for (int i = 0; i < Workload.EVENTS; i++) {
        workload.agent[i] = i & 63;
      }
    }
  }

  private UUID key(Position position) {
    return keys[workload.agent[position.next++ & (Workload.EVENTS - 1)]];
  }

  /** What choosing a key costs in the other benchmarks. */
  @Benchmark
  public UUID loopOnly(Position position) {
    return key(position);
  }

  /** Ours, one thread. */
  @Benchmark
  public AgentFingerprint getOrCreate(Position position) {
    return ours.getOrCreate(key(position));
  }

  /** Caffeine, one thread. */
  @Benchmark
  public AgentFingerprint caffeine(Position position) {
    return caffeine.get(key(position), create);
  }

  /** Ours, two threads. */
  @Benchmark
  @Threads(2)
  public AgentFingerprint getOrCreateTwoThreads(Position position) {
    return ours.getOrCreate(key(position));
  }

  /** Caffeine, two threads. */
  @Benchmark
  @Threads(2)
  public AgentFingerprint caffeineTwoThreads(Position position) {
    return caffeine.get(key(position), create);
  }
}
