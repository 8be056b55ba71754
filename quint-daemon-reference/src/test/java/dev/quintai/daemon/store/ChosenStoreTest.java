package dev.quintai.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.spi.FingerprintStore;
import dev.quintai.daemon.run.SecureFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChosenStoreTest {
  @TempDir Path data;

  @Test
  void withoutAFileItIsSqliteInTheDataFolder() throws IOException {
    assertThat(ChosenStore.tried(data)).endsWith("fingerprints.db");
    try (FingerprintStore store = ChosenStore.open(data)) {
      assertThat(store).isInstanceOf(SqliteFingerprintStore.class);
    }
  }

  @Test
  void anAddressThatOthersCanReadIsRefused() throws IOException {
    Path file = data.resolve(ChosenStore.FILE);
    SecureFiles.write(file, "redis://localhost");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> ChosenStore.open(data))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " can be read by others")
        .hasMessageContaining("chmod 600");
  }

  @Test
  void whatIsNoAddressIsRefusedWithoutBeingRepeated() throws IOException {
    String[] wrong = {
      "", "http://user:hunter2@host", "hunter2", "redis://", "redis://:hunter2@h:x"
    };
    for (String text : wrong) {
      Path file = data.resolve(ChosenStore.FILE);
      Files.deleteIfExists(file);
      SecureFiles.write(file, text);
      assertThatThrownBy(() -> ChosenStore.open(data))
          .as(text)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file + " holds no address")
          .hasMessageNotContaining("hunter2")
          .hasNoCause();
    }
  }
}
