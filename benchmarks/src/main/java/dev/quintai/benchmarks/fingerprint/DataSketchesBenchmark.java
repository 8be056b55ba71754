package dev.quintai.benchmarks.fingerprint;

import dev.quintai.fingerprint.CountMinSketch;
import dev.quintai.fingerprint.HashSeed;
import dev.quintai.fingerprint.KeyHasher;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
 * Our count-min sketch beside that of DataSketches, on the JVM that the latter needs. Its methods
 * are constant method handles, which the compiler treats as it does calls.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DataSketchesBenchmark {
  private static final int KEYS = 256;
  private static final Object THEIRS;
  private static final MethodHandle UPDATE;
  private static final MethodHandle ESTIMATE;

  static {
    try {
      Path jar = Path.of(System.getProperty(DataSketches.PROPERTY));
      // It lives as long as the classes that it loads, that is, as the JVM.
      @SuppressWarnings("resource")
      URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
      Class<?> type = loader.loadClass("org.apache.datasketches.count.CountMinSketch");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      // Of 4 rows and 256 columns, as ours; the library makes it public by deserializing only.
      Constructor<?> constructor = type.getDeclaredConstructor(byte.class, int.class, long.class);
      constructor.setAccessible(true);
      THEIRS = constructor.newInstance((byte) 4, 256, 1L);
      UPDATE =
          lookup
              .findVirtual(
                  type, "update", MethodType.methodType(void.class, long.class, long.class))
              .bindTo(THEIRS);
      ESTIMATE =
          lookup
              .findVirtual(type, "getEstimate", MethodType.methodType(long.class, long.class))
              .bindTo(THEIRS);
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final CountMinSketch ours = CountMinSketch.create();
  private int[] tool;
  private long[] hashes;
  private int position;

  /** Made by JMH. */
  public DataSketchesBenchmark() {}

  /** Hashes the names and fills what is queried. */
  @Setup
  public void setup() throws Throwable {
    Workload workload = new Workload(true);
    KeyHasher keys = new KeyHasher(HashSeed.ofSession("benchmark"));
    tool = workload.tool;
    hashes = new long[workload.tools.length];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = keys.hash(workload.tools[i]);
    }
    for (int i = 0; i < 5_000; i++) {
      long hash = hashes[i % hashes.length];
      ours.add(hash);
      UPDATE.invokeExact(hash, 1L);
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
  public void add() {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      ours.add(hashes[tool[i]]);
    }
  }

  /** DataSketches. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public void addDataSketches() throws Throwable {
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      UPDATE.invokeExact(hashes[tool[i]], 1L);
    }
  }

  /** Ours. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long count() {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += ours.count(hashes[tool[i]]);
    }
    return sum;
  }

  /** DataSketches. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public long countDataSketches() throws Throwable {
    long sum = 0;
    for (int i = begin(), end = i + KEYS; i < end; i++) {
      sum += (long) ESTIMATE.invokeExact(hashes[tool[i]]);
    }
    return sum;
  }
}
