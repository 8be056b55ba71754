package dev.quintai.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.fingerprint.HashSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedFileTest {
  @TempDir Path directory;

  @Test
  void isMadeOnceForItsOwnerAlone() throws IOException {
    Path file = directory.resolve("seed");
    HashSeed first = SeedFile.loadOrCreate(file);
    assertThat(SeedFile.loadOrCreate(file).id()).isEqualTo(first.id());
    assertThat(SeedFile.loadOrCreate(file).value()).isEqualTo(first.value());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    HashSeed other = SeedFile.loadOrCreate(directory.resolve("other"));
    assertThat(other.id()).isNotEqualTo(first.id());
  }

  @Test
  void refusesAFileThatOthersCanRead() throws IOException {
    Path file = directory.resolve("seed");
    SeedFile.loadOrCreate(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> SeedFile.loadOrCreate(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rw-r-----");
  }

  @Test
  void refusesWhatIsNoSeed() throws IOException {
    Path file = directory.resolve("seed");
    SeedFile.loadOrCreate(file);
    Files.writeString(file, "z".repeat(64));
    assertThatThrownBy(() -> SeedFile.loadOrCreate(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("64 hexadecimal digits");
    Files.writeString(file, "ab".repeat(40));
    assertThatThrownBy(() -> SeedFile.loadOrCreate(file)).isInstanceOf(IOException.class);
  }
}
