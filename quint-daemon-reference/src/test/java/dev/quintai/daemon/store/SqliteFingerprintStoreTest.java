package dev.quintai.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.Capability;
import dev.quintai.fingerprint.AgentFingerprint;
import dev.quintai.fingerprint.BehaviorCache;
import dev.quintai.fingerprint.HashSeed;
import dev.quintai.fingerprint.KeyHasher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFingerprintStoreTest {
  private static final UUID AGENT = UUID.fromString("f81d4fae-7dec-51d0-a765-00a0c91e6bf6");
  private static final KeyHasher KEYS = new KeyHasher(HashSeed.ofSecret(new byte[32]));

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("quint.db");
  }

  @Test
  void keepsTheLastSnapshotOverRestarts() throws IOException {
    try (SqliteFingerprintStore store = new SqliteFingerprintStore(file())) {
      assertThat(store.load(AGENT)).isEmpty();
      store.save(AGENT, new byte[] {1, 2, 3});
      store.save(AGENT, new byte[] {4, 5});
    }
    try (SqliteFingerprintStore store = new SqliteFingerprintStore(file())) {
      assertThat(store.load(AGENT)).hasValue(new byte[] {4, 5});
      assertThat(store.load(UUID.randomUUID())).isEmpty();
    }
  }

  @Test
  void theFileIsItsOwnersAlone() throws IOException {
    Files.createFile(
        file(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    try (SqliteFingerprintStore store = new SqliteFingerprintStore(file())) {
      store.save(AGENT, new byte[] {1});
      try (var files = Files.list(directory)) {
        assertThat(files.toList())
            .isNotEmpty()
            .allSatisfy(
                f ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                        .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void sharesTheFileWithOtherTables() throws IOException, SQLException {
    try (SqliteFingerprintStore store = new SqliteFingerprintStore(file());
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      store.save(AGENT, new byte[] {1});
      statement.executeUpdate("CREATE TABLE other(x INTEGER)");
      for (int i = 0; i < 20; i++) {
        statement.executeUpdate("INSERT INTO other VALUES(" + i + ")");
        store.save(AGENT, new byte[] {(byte) i});
      }
      assertThat(store.load(AGENT)).hasValue(new byte[] {19});
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsAnErrorUntilItIsGone() throws IOException {
    Files.writeString(
        file(), "this is not a database, and it is longer than a header of one".repeat(9));
    try (SqliteFingerprintStore store = new SqliteFingerprintStore(file())) {
      assertThatThrownBy(() -> store.load(AGENT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file().toString());
      Files.delete(file());
      store.save(AGENT, new byte[] {7});
      assertThat(store.load(AGENT)).hasValue(new byte[] {7});
    }
  }

  @Test
  void aMonstrousBlobIsNotReadIntoMemory() throws IOException, SQLException {
    try (SqliteFingerprintStore store = new SqliteFingerprintStore(file())) {
      store.save(AGENT, new byte[] {1});
      try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
          Statement statement = other.createStatement()) {
        statement.executeUpdate("UPDATE fingerprint SET snapshot = zeroblob(50000000)");
      }
      assertThat(store.load(AGENT).orElseThrow()).hasSize(AgentFingerprint.BYTES + 1);
    }
  }

  @Test
  void afterCloseItIsAnError() throws IOException {
    SqliteFingerprintStore store = new SqliteFingerprintStore(file());
    store.close();
    store.close();
    assertThatThrownBy(() -> store.load(AGENT)).hasMessageContaining("closed");
  }

  @Test
  void anEvictedFingerprintComesBackAsItWas() throws IOException {
    try (SqliteFingerprintStore store = new SqliteFingerprintStore(file())) {
      BehaviorCache cache = BehaviorCache.builder(KEYS).byteBudget(1).store(store).build();
      AgentFingerprint first = cache.getOrCreate(AGENT);
      first.update(1_000, Capability.SEND, "send", "mail", "example.org", "192.0.2.1", 0.4);
      cache.getOrCreate(UUID.randomUUID());
      AgentFingerprint second = cache.getOrCreate(AGENT);
      assertThat(second).isNotSameAs(first);
      assertThat(second.snapshot()).isEqualTo(first.snapshot());
      assertThat(cache.stats().loaded()).isOne();
    }
  }
}
