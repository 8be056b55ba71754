package dev.quintai.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.core.Capability;
import dev.quintai.core.spi.FingerprintStore;
import dev.quintai.daemon.run.SecureFiles;
import dev.quintai.fingerprint.AgentFingerprint;
import dev.quintai.fingerprint.BehaviorCache;
import dev.quintai.fingerprint.HashSeed;
import dev.quintai.fingerprint.KeyHasher;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real redis-server on loopback; skipped where none is installed. */
class RedisFingerprintStoreTest {
  private static final UUID AGENT = UUID.fromString("f81d4fae-7dec-51d0-a765-00a0c91e6bf6");
  private static final KeyHasher KEYS = new KeyHasher(HashSeed.ofSecret(new byte[32]));
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  @TempDir Path directory;
  private Process server;
  private int port;

  @BeforeEach
  void start() throws Exception {
    Optional<Path> program = program();
    assumeTrue(program.isPresent(), "redis-server is not installed");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    startServer();
  }

  private void startServer() throws Exception {
    server =
        new ProcessBuilder(
                program().orElseThrow().toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("redis.log").toFile())
            .start();
    for (int i = 0; i < 200 && !listens(); i++) {
      Thread.sleep(50);
    }
    assertThat(listens()).isTrue();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (server != null) {
      server.destroy();
      server.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<Path> program() {
    for (String directory : System.getenv("PATH").split(":", -1)) {
      Path path = Path.of(directory, "redis-server");
      if (Files.isExecutable(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  private RedisURI address() {
    return RedisURI.create("127.0.0.1", port);
  }

  @Test
  void keepsTheLastSnapshot() throws IOException {
    try (RedisFingerprintStore store = new RedisFingerprintStore(address(), TIMEOUT, null)) {
      assertThat(store.load(AGENT)).isEmpty();
      store.save(AGENT, new byte[] {1, 2, 3});
      store.save(AGENT, new byte[] {4, 0, -1});
      assertThat(store.load(AGENT)).hasValue(new byte[] {4, 0, -1});
    }
  }

  @Test
  void anEvictedFingerprintComesBackAsItWas() throws IOException {
    try (RedisFingerprintStore store =
        new RedisFingerprintStore(address(), TIMEOUT, Duration.ofHours(1))) {
      BehaviorCache cache = BehaviorCache.builder(KEYS).byteBudget(1).store(store).build();
      AgentFingerprint first = cache.getOrCreate(AGENT);
      first.update(1_000, Capability.SEND, "send", "mail", "example.org", "192.0.2.1", 0.4);
      cache.getOrCreate(UUID.randomUUID());
      assertThat(cache.getOrCreate(AGENT).snapshot()).isEqualTo(first.snapshot());
    }
  }

  @Test
  void aValueThatIsTooLongIsNotReadWhole() throws IOException {
    try (RedisFingerprintStore store = new RedisFingerprintStore(address(), TIMEOUT, null)) {
      store.save(AGENT, new byte[5_000_000]);
      assertThat(store.load(AGENT).orElseThrow()).hasSize(AgentFingerprint.BYTES + 1);
    }
  }

  @Test
  void aServerThatGoesIsAnErrorAtOnceAndComesBackByItself() throws Exception {
    try (RedisFingerprintStore store = new RedisFingerprintStore(address(), TIMEOUT, null)) {
      store.save(AGENT, new byte[] {1});
      stop();
      assertThatThrownBy(() -> store.save(AGENT, new byte[] {2})).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.load(AGENT)).isInstanceOf(IOException.class);
      BehaviorCache cache = BehaviorCache.builder(KEYS).store(store).build();
      assertThat(cache.getOrCreate(AGENT).totalActions()).isZero();
      assertThat(cache.stats().storeFailures()).isOne();
      startServer();
      for (int i = 0; ; i++) {
        try {
          store.save(AGENT, new byte[] {3});
          break;
        } catch (IOException e) {
          assertThat(i).isLessThan(200);
          Thread.sleep(50);
        }
      }
      assertThat(store.load(AGENT)).hasValue(new byte[] {3});
    }
  }

  @Test
  void aServerThatWasNeverThereIsLeftAloneBetweenAttempts() throws Exception {
    stop();
    AtomicLong now = new AtomicLong();
    try (RedisFingerprintStore store =
        new RedisFingerprintStore(address(), TIMEOUT, null, now::get)) {
      assertThatThrownBy(() -> store.load(AGENT)).hasMessageContaining("cannot read");
      assertThatThrownBy(() -> store.load(AGENT)).hasMessageContaining("next attempt");
      startServer();
      assertThatThrownBy(() -> store.load(AGENT)).hasMessageContaining("next attempt");
      now.addAndGet(RedisFingerprintStore.RETRY.toNanos());
      assertThat(store.load(AGENT)).isEmpty();
    }
  }

  @Test
  void itIsChosenByAFileInTheDataFolder() throws IOException {
    Path file = directory.resolve(ChosenStore.FILE);
    SecureFiles.write(file, "redis://127.0.0.1:" + port + "/0\n");
    try (FingerprintStore store = ChosenStore.open(directory)) {
      store.save(AGENT, new byte[] {7});
    }
    try (RedisFingerprintStore store = new RedisFingerprintStore(address(), TIMEOUT, null)) {
      assertThat(store.load(AGENT)).hasValue(new byte[] {7});
    }
    assertThat(ChosenStore.tried(directory)).contains("Redis at 127.0.0.1:" + port);
    assertThat(directory.resolve("fingerprints.db")).doesNotExist();
  }

  @Test
  void afterCloseItIsAnError() {
    RedisFingerprintStore store = new RedisFingerprintStore(address(), TIMEOUT, null);
    store.close();
    assertThatThrownBy(() -> store.load(AGENT)).hasMessageContaining("closed");
  }
}
