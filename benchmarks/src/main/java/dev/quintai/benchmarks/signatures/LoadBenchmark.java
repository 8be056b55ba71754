package dev.quintai.benchmarks.signatures;

import dev.quintai.core.Capability;
import dev.quintai.signatures.AdmissionTrial;
import dev.quintai.signatures.Channel;
import dev.quintai.signatures.Keyring;
import dev.quintai.signatures.Lane;
import dev.quintai.signatures.Receipt;
import dev.quintai.signatures.SigningKey;
import dev.quintai.signatures.ThreatSignature;
import dev.quintai.signatures.ThreatSignatureRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A file of 10,000 signed signatures into an empty folder: reading, canonical form, Ed25519,
 * schema, storing, index, in force.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class LoadBenchmark {
  static final int SIGNATURES = 10_000;

  private byte[] file;
  private Keyring keyring;
  private Instant now;
  private Path folder;

  /** Made by JMH. */
  public LoadBenchmark() {}

  /** Signs them. */
  @Setup
  public void setup() {
    now = Instant.now();
    SigningKey key = SigningKey.generate(new SecureRandom());
    keyring =
        new Keyring(
            List.of(
                new Keyring.Entry(
                    "benchmark",
                    key.publicKey(),
                    Set.of(Channel.GLOBAL),
                    now.minus(Duration.ofDays(1)),
                    null,
                    false)));
    file = file(key, now);
  }

  /** Ten thousand signatures of 3 to 8 cells, one a line, versions rising. */
  static byte[] file(SigningKey key, Instant now) {
    Random random = new Random(1);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < SIGNATURES; i++) {
      double[][] shape = new double[Capability.COUNT][Capability.COUNT];
      for (int k = 3 + random.nextInt(6); k > 0; k--) {
        shape[random.nextInt(12)][random.nextInt(12)] += 0.05 + random.nextDouble();
      }
      ThreatSignature signature =
          ThreatSignature.builder()
              .id("QT-SIG-L" + i)
              .version(i + 1)
              .createdAt(now.minus(Duration.ofHours(1)))
              .flowShape(shape)
              .maxJsd(0.1 + 0.2 * random.nextDouble())
              .mitreAttack(List.of("T1552.001", "T1567"))
              .build();
      lines.append(signature.document().sign(key).toJson()).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** An empty folder. */
  @Setup(Level.Iteration)
  public void makeFolder() throws IOException {
    folder = Files.createTempDirectory("quint-load");
  }

  /** Removes what was stored. */
  @TearDown(Level.Iteration)
  public void removeFolder() throws IOException {
    remove(folder);
  }

  static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The whole file. */
  @Benchmark
  public List<Receipt> verifyAndLoad() throws IOException {
    ThreatSignatureRegistry registry = ThreatSignatureRegistry.open(folder, List.of());
    List<Receipt> receipts =
        registry.receive(file, Channel.GLOBAL, keyring, Lane.BLOCK, AdmissionTrial.NONE, now);
    if (receipts.size() != SIGNATURES
        || !receipts.stream().allMatch(Receipt::accepted)
        || registry.current().signatures().size() != SIGNATURES) {
      throw new IllegalStateException("not all were accepted");
    }
    return receipts;
  }
}
