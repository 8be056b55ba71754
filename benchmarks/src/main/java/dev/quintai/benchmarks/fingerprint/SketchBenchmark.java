package dev.quintai.benchmarks.fingerprint;

import com.clearspring.analytics.stream.frequency.CountMinSketch;
import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.google.common.hash.Funnels;
import dev.quintai.fingerprint.BloomFilter;
import dev.quintai.fingerprint.DistinctCounter;
import dev.quintai.fingerprint.HashSeed;
import dev.quintai.fingerprint.KeyHash;
import dev.quintai.fingerprint.KeyHasher;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.datasketches.filters.bloomfilter.BloomFilterBuilder;
import org.apache.datasketches.frequencies.LongsSketch;
import org.apache.datasketches.hll.HllSketch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The sketches beside those of others of about the same size and purpose. Ours and hash4j's
 * distinct counters take a 64-bit hash; stream-lib, DataSketches and Guava are given the same key
 * as a long, which they hash themselves.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SketchBenchmark {
  /** How many keys an invocation takes, so that what calling it costs does not count. */
  private static final int KEYS = 256;

  private int[] tool;
  private long[] hashes;
  private String[] strings;
  private byte[][] names;
  private KeyHasher keys;
  private int position;

  private final dev.quintai.fingerprint.CountMinSketch counts =
      dev.quintai.fingerprint.CountMinSketch.create();
  private final BloomFilter filter = BloomFilter.create(BloomFilter.Size.BYTES_128);
  private final DistinctCounter distinct = DistinctCounter.create();
  private final DistinctCounter fullDistinct = DistinctCounter.create();
  private final CountMinSketch streamLib = new CountMinSketch(4, 256, 1);
  private final LongsSketch dataSketches = new LongsSketch(256);
  private final com.google.common.hash.BloomFilter<Long> guava =
      com.google.common.hash.BloomFilter.create(Funnels.longFunnel(), 100, 0.0086);
  private final org.apache.datasketches.filters.bloomfilter.BloomFilter dataSketchesFilter =
      BloomFilterBuilder.createBySize(1_024, 5, 1);
  private final UltraLogLog hash4j = UltraLogLog.create(6);
  private final HllSketch dataSketchesHll = new HllSketch(7);
  private final Hasher64 hash4jXxh3 = Hashing.xxh3_64(1);
  private KeyHash xxh3;

  /** Made by JMH. */
  public SketchBenchmark() {}

  /** Hashes the names and fills what is queried. */
  @Setup
  public void setup() {
    Workload workload = new Workload(true);
    keys = new KeyHasher(HashSeed.ofSession("benchmark"));
    xxh3 = KeyHash.xxh3(HashSeed.ofSession("benchmark"));
    tool = workload.tool;
    strings = workload.tools;
    hashes = new long[workload.tools.length];
    names = new byte[workload.tools.length][];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = keys.hash(workload.tools[i]);
      names[i] = workload.tools[i].getBytes(StandardCharsets.UTF_8);
    }
    for (int i = 0; i < 5_000; i++) {
      long hash = hashes[i % hashes.length];
      counts.add(hash);
      streamLib.add(hash, 1);
      dataSketches.update(hash);
      fullDistinct.add(hash);
    }
  }

  private int begin() {
    position = (position + KEYS) & (Workload.EVENTS - 1);
    return position;
  }

  /** What choosing a key costs in the other benchmarks. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long loopOnly() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += hashes[tool[i]];
    }
    return sum;
  }

  /** Ours. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void countMinAdd() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      counts.add(hashes[tool[i]]);
    }
  }

  /** stream-lib. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void countMinAddStreamLib() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      streamLib.add(hashes[tool[i]], 1);
    }
  }

  /**
   * DataSketches' counts of frequent items: a hash map, as no release for Java 17 has a count-min
   * sketch. Unlike that, it forgets.
   */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void frequencyAddDataSketches() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      dataSketches.update(hashes[tool[i]]);
    }
  }

  /** Ours, from Strings. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void countMinAddStrings() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      counts.add(keys.hash(strings[tool[i]]));
    }
  }

  /** stream-lib, from Strings. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void countMinAddStringsStreamLib() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      streamLib.add(strings[tool[i]], 1);
    }
  }

  /** Ours, from Strings. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long countMinCountStrings() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += counts.count(keys.hash(strings[tool[i]]));
    }
    return sum;
  }

  /** stream-lib, from Strings. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long countMinCountStringsStreamLib() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += streamLib.estimateCount(strings[tool[i]]);
    }
    return sum;
  }

  /** Ours. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long countMinCount() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += counts.count(hashes[tool[i]]);
    }
    return sum;
  }

  /** stream-lib. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long countMinCountStreamLib() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += streamLib.estimateCount(hashes[tool[i]]);
    }
    return sum;
  }

  /** DataSketches' counts of frequent items. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long frequencyCountDataSketches() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += dataSketches.getEstimate(hashes[tool[i]]);
    }
    return sum;
  }

  /** Ours. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long bloomAdd() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += filter.add(hashes[tool[i]]) ? 1 : 0;
    }
    return sum;
  }

  /** Guava. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long bloomAddGuava() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += guava.put(hashes[tool[i]]) ? 1 : 0;
    }
    return sum;
  }

  /** DataSketches. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void bloomAddDataSketches() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      dataSketchesFilter.update(hashes[tool[i]]);
    }
  }

  /** Ours, over 31 distinct keys. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void distinctAdd() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      fullDistinct.add(hashes[tool[i]]);
    }
  }

  /** Ours, up to 31 distinct keys. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void distinctAddFew() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      distinct.add(hashes[tool[i] % 20]);
    }
  }

  /** hash4j's UltraLogLog of 64 bytes. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void distinctAddHash4j() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      hash4j.add(hashes[tool[i]]);
    }
  }

  /** DataSketches' HLL of 128 four-bit registers, 64 bytes and a header. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void distinctAddDataSketches() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      dataSketchesHll.update(hashes[tool[i]]);
    }
  }

  /** XXH3 of a name of 20 to 40 bytes by zero-allocation-hashing, behind our seam. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long xxh3() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      byte[] name = names[tool[i]];
      sum += xxh3.hash(name, 0, name.length);
    }
    return sum;
  }

  /** The same by hash4j. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long xxh3Hash4j() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += hash4jXxh3.hashBytesToLong(names[tool[i]]);
    }
    return sum;
  }
}
