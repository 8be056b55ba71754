package dev.quintai.daemon.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditKeysTest {
  @TempDir Path parent;

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void makesAKeyThatOnlyItsOwnerCanRead() throws IOException {
    Path directory = parent.resolve("a/b");
    AuditKeys keys = AuditKeys.loadOrCreate(directory);
    assertThat(permissions(directory)).isEqualTo("rwx------");
    assertThat(permissions(directory.resolve(AuditKeys.PRIVATE_FILE))).isEqualTo("rw-------");
    String pem = Files.readString(directory.resolve(AuditKeys.PUBLIC_FILE));
    assertThat(Ed25519Key.ofPem(pem)).isEqualTo(keys.publicKey());
    assertThat(AuditKeys.loadOrCreate(directory).keyId()).isEqualTo(keys.keyId());
    assertThat(keys.keyId()).matches("[0-9a-f]{32}");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void refusesAKeyThatOthersCanRead() throws IOException {
    AuditKeys.loadOrCreate(parent);
    Path file = parent.resolve(AuditKeys.PRIVATE_FILE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> AuditKeys.load(parent))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("rw-r-----");
  }

  @Test
  void saysWhatIsWrongWithAKeyFile() throws IOException {
    assertThatThrownBy(() -> AuditKeys.load(parent)).isInstanceOf(NoSuchFileException.class);
    AuditKeys.loadOrCreate(parent);
    Path file = parent.resolve(AuditKeys.PRIVATE_FILE);
    for (String bad : List.of("", "nonsense", Pem.encode(new byte[48], "PRIVATE KEY"))) {
      Files.writeString(file, bad);
      assertThatThrownBy(() -> AuditKeys.load(parent))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void givesEveryoneWhoComesAtOnceTheSameKey() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<String>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tasks.add(() -> AuditKeys.loadOrCreate(parent).keyId());
      }
      List<String> ids = new ArrayList<>();
      for (Future<String> f : threads.invokeAll(tasks)) {
        ids.add(f.get());
      }
      assertThat(ids).containsOnly(ids.get(0));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void rotatesAndKeepsTheOldPublicKey() throws IOException {
    AuditKeys old = AuditKeys.loadOrCreate(parent);
    AuditKeys fresh = AuditKeys.rotate(parent);
    assertThat(fresh.keyId()).isNotEqualTo(old.keyId()).isEqualTo(AuditKeys.load(parent).keyId());
    String kept = Files.readString(parent.resolve("audit-key-" + old.keyId() + ".pub"));
    assertThat(Ed25519Key.ofPem(kept)).isEqualTo(old.publicKey());
    assertThat(old.reload().keyId()).isEqualTo(fresh.keyId());
  }
}
