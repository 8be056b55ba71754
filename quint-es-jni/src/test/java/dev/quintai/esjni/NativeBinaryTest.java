package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeBinaryTest {

  @TempDir Path temp;

  @BeforeEach
  void needProgram() {
    assumeTrue(NativeBinary.TRACE.missing().isEmpty(), NativeBinary.TRACE.missing());
  }

  @Test
  void theCopyIsPrivateAndMadeOnce() throws Exception {
    Path first = NativeBinary.TRACE.extract(temp);
    Object key =
        Files.readAttributes(first, java.nio.file.attribute.BasicFileAttributes.class).fileKey();

    assertThat(Files.getPosixFilePermissions(first))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(NativeBinary.TRACE.extract(temp)).isEqualTo(first);
    assertThat(
            Files.readAttributes(first, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey())
        .isEqualTo(key);
    try (var files = Files.list(temp)) {
      assertThat(files).containsExactly(first);
    }
  }

  @Test
  void aCopyThatWasTamperedWithIsReplaced() throws Exception {
    Path copy = NativeBinary.TRACE.extract(temp);
    byte[] program = Files.readAllBytes(copy);
    Files.write(copy, new byte[program.length]);
    assertThat(NativeBinary.TRACE.extract(temp)).hasBinaryContent(program);

    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxrwxrwx"));
    NativeBinary.TRACE.extract(temp);
    assertThat(Files.getPosixFilePermissions(copy))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aLinkInItsPlaceIsReplacedAndNotFollowed() throws Exception {
    Path copy = NativeBinary.TRACE.extract(temp);
    Path victim = Files.writeString(temp.resolve("victim"), "untouched");
    Files.delete(copy);
    Files.createSymbolicLink(copy, victim);

    assertThat(Files.isSymbolicLink(NativeBinary.TRACE.extract(temp))).isFalse();
    assertThat(victim).hasContent("untouched");
  }

  @Test
  void aDirectoryThatDoesNotExistIsAnAvailabilityCause() {
    assertThat(LinuxTrace.availability(temp.resolve("missing")).cause()).contains("unpacked");
  }

  @Test
  void aTraceIsNotBuiltWithoutWhatItNeeds() throws Exception {
    BootClock clock = BootClock.open(temp);
    LinuxTrace.Builder builder = LinuxTrace.builder().clock(clock).runtimeDirectory(temp);
    assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    builder.command(List.of("true"));
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0700");
    assertThatThrownBy(() -> builder.queueKib(1)).isInstanceOf(IllegalArgumentException.class);
  }
}
