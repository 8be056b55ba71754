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
  private static final int EVENTS = Workload.EVENTS;

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

  private long nextHash() {
    return hashes[tool[position++ & (EVENTS - 1)]];
  }

  private String nextName() {
    return strings[tool[position++ & (EVENTS - 1)]];
  }

  /** What choosing a key costs in the other benchmarks. */
  @Benchmark
  public long loopOnly() {
    return nextHash();
  }

  /** Ours. */
  @Benchmark
  public void countMinAdd() {
    counts.add(nextHash());
  }

  /** stream-lib. */
  @Benchmark
  public void countMinAddStreamLib() {
    streamLib.add(nextHash(), 1);
  }

  /**
   * DataSketches' counts of frequent items: a hash map, as no release for Java 17 has a count-min
   * sketch. Unlike that, it forgets.
   */
  @Benchmark
  public void frequencyAddDataSketches() {
    dataSketches.update(nextHash());
  }

  /** Ours, from Strings. */
  @Benchmark
  public void countMinAddStrings() {
    counts.add(keys.hash(nextName()));
  }

  /** stream-lib, from Strings. */
  @Benchmark
  public void countMinAddStringsStreamLib() {
    streamLib.add(nextName(), 1);
  }

  /** Ours, from Strings. */
  @Benchmark
  public int countMinCountStrings() {
    return counts.count(keys.hash(nextName()));
  }

  /** stream-lib, from Strings. */
  @Benchmark
  public long countMinCountStringsStreamLib() {
    return streamLib.estimateCount(nextName());
  }

  /** Ours. */
  @Benchmark
  public int countMinCount() {
    return counts.count(nextHash());
  }

  /** stream-lib. */
  @Benchmark
  public long countMinCountStreamLib() {
    return streamLib.estimateCount(nextHash());
  }

  /** DataSketches' counts of frequent items. */
  @Benchmark
  public long frequencyCountDataSketches() {
    return dataSketches.getEstimate(nextHash());
  }

  /** Ours. */
  @Benchmark
  public boolean bloomAdd() {
    return filter.add(nextHash());
  }

  /** Guava. */
  @Benchmark
  public boolean bloomAddGuava() {
    return guava.put(nextHash());
  }

  /** DataSketches. */
  @Benchmark
  public void bloomAddDataSketches() {
    dataSketchesFilter.update(nextHash());
  }

  /** Ours, over 31 distinct keys. */
  @Benchmark
  public boolean distinctAdd() {
    return fullDistinct.add(nextHash());
  }

  /** Ours, up to 31 distinct keys. */
  @Benchmark
  public boolean distinctAddFew() {
    return distinct.add(hashes[tool[position++ & (EVENTS - 1)] % 20]);
  }

  /** hash4j's UltraLogLog of 64 bytes. */
  @Benchmark
  public Object distinctAddHash4j() {
    return hash4j.add(nextHash());
  }

  /** DataSketches' HLL of 128 four-bit registers, 64 bytes and a header. */
  @Benchmark
  public void distinctAddDataSketches() {
    dataSketchesHll.update(nextHash());
  }

  /** XXH3 of a name of 20 to 40 bytes by zero-allocation-hashing, behind our seam. */
  @Benchmark
  public long xxh3() {
    byte[] name = names[tool[position++ & (EVENTS - 1)]];
    return xxh3.hash(name, 0, name.length);
  }

  /** The same by hash4j. */
  @Benchmark
  public long xxh3Hash4j() {
    byte[] name = names[tool[position++ & (EVENTS - 1)]];
    return hash4jXxh3.hashBytesToLong(name);
  }
}
