package dev.quintai.benchmarks.signatures;

import dev.quintai.core.Judgement;
import dev.quintai.core.spi.SessionDetector;
import dev.quintai.signatures.AdmissionTrial;
import dev.quintai.signatures.Channel;
import dev.quintai.signatures.Keyring;
import dev.quintai.signatures.Lane;
import dev.quintai.signatures.SignatureDetector;
import dev.quintai.signatures.SigningKey;
import dev.quintai.signatures.ThreatSignatureRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One action through gate 1 with a registry of 10,000 signatures, each call timed by itself, while
 * the set is replaced: another registry changes the folder, and ours reads it again, as {@code run}
 * does when {@code update-signatures} has loaded something. Beside it the same with the set left
 * alone, and with all that work done by a neighbour on a folder of its own, which costs the machine
 * as much and only does not touch the set in force.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class ReloadBenchmark {

  /** Whose set is replaced meanwhile: {@code nobody}'s, a {@code neighbour}'s or {@code ours}. */
  @Param({"nobody", "neighbour", "ours"})
  public String reloaded;

  /** How long the reloads pause; 0 for not at all. */
  @Param({"0", "2000"})
  public int pauseMillis;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private Path folder;
  private SessionDetector session;
  private Calls calls;
  private Thread reloader;

  /** Made by JMH. */
  public ReloadBenchmark() {}

  /** Loads them, and starts replacing them. */
  @Setup
  public void setup() throws IOException {
    Instant now = Instant.now();
    SigningKey key = SigningKey.generate(new SecureRandom());
    Keyring keyring =
        new Keyring(
            List.of(
                new Keyring.Entry(
                    "benchmark",
                    key.publicKey(),
                    Set.of(Channel.GLOBAL),
                    now.minus(Duration.ofDays(1)),
                    null,
                    false)));
    folder = Files.createTempDirectory("quint-reload");
    byte[] file = LoadBenchmark.file(key, now);
    ThreatSignatureRegistry registry = filled("ours", file, keyring, now);
    calls = new Calls(false);
    session = calls.open(new SignatureDetector(registry::current));
    if (!reloaded.equals("nobody")) {
      ThreatSignatureRegistry read =
          reloaded.equals("ours") ? registry : filled("neighbour", file, keyring, now);
      ThreatSignatureRegistry written =
          ThreatSignatureRegistry.open(folder.resolve(reloaded), List.of());
      reloader = new Thread(() -> reload(read, written), "reloader");
      reloader.setDaemon(true);
      reloader.start();
    }
  }

  private ThreatSignatureRegistry filled(String name, byte[] file, Keyring keyring, Instant now)
      throws IOException {
    ThreatSignatureRegistry registry =
        ThreatSignatureRegistry.open(folder.resolve(name), List.of());
    registry.receive(file, Channel.GLOBAL, keyring, Lane.SHADOW, AdmissionTrial.NONE, now);
    return registry;
  }

  private void reload(ThreatSignatureRegistry read, ThreatSignatureRegistry written) {
    try {
      for (int i = 0; !stopped.await(pauseMillis, TimeUnit.MILLISECONDS); i++) {
        written.setLane("QT-SIG-L0", i % 2 == 0 ? Lane.ALERT : Lane.SHADOW);
        read.refresh();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops replacing them. */
  @TearDown
  public void tearDown() throws IOException, InterruptedException {
    stopped.countDown();
    if (reloader != null) {
      reloader.join();
    }
    LoadBenchmark.remove(folder);
  }

  /** One action. */
  @Benchmark
  public Judgement evaluate() {
    calls.advance();
    return session.evaluate(calls.intent(), calls.actions());
  }
}
