package dev.quintai.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.daemon.cli.Failure;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

  @TempDir Path folder;

  private static String modes(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Path open(String name, String modes) throws IOException {
    Path path = Files.createDirectory(folder.resolve(name));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(modes));
    return path;
  }

  @Test
  void aNewFolderAndItsFilesAreForTheirOwnerAlone() throws Exception {
    DataDirectory data = DataDirectory.open(folder.resolve("a/b/data"));
    data.machineId();
    assertThat(modes(data.path())).isEqualTo("rwx------");
    assertThat(modes(data.file("machine-id"))).isEqualTo("rw-------");
  }

  @Test
  void anEmptyFolderAndADataFolderAreClosedToOthers() throws Exception {
    Path empty = open("empty", "rwxr-xr-x");
    assertThat(modes(DataDirectory.open(empty).path())).isEqualTo("rwx------");
    Path used = open("used", "rwxr-xr-x");
    Files.createFile(used.resolve("quint.db"));
    assertThat(modes(DataDirectory.open(used).path())).isEqualTo("rwx------");
  }

  @Test
  void aFolderThatOthersUseKeepsItsModes() throws Exception {
    Path shared = open("shared", "rwxrwxrwx");
    Files.createFile(shared.resolve("somebody-else's"));
    assertThatThrownBy(() -> DataDirectory.open(shared))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(shared.toString())
        .hasMessageContaining("--data");
    assertThat(modes(shared)).isEqualTo("rwxrwxrwx");
  }

  @Test
  void aFileInTheWayIsToldByName() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.open(file))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("--data");
    assertThatThrownBy(() -> DataDirectory.open(file.resolve("below")))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("--data");
  }

  @Test
  void oneMachineIdWhoeverComesFirst() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        Path path = folder.resolve("round" + round);
        CyclicBarrier start = new CyclicBarrier(8);
        Set<String> ids = ConcurrentHashMap.newKeySet();
        Callable<Boolean> open =
            () -> {
              start.await();
              return ids.add(DataDirectory.open(path).machineId());
            };
        List<Future<Boolean>> all =
            IntStream.range(0, 8).mapToObj(i -> threads.submit(open)).toList();
        for (Future<Boolean> one : all) {
          one.get();
        }
        assertThat(ids).hasSize(1);
        assertThat(ids.iterator().next()).hasSize(36);
        try (var files = Files.list(path)) {
          assertThat(files.toList()).containsExactly(path.resolve("machine-id"));
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aDamagedMachineIdIsToldAndNotUsed() throws Exception {
    DataDirectory data = DataDirectory.open(folder.resolve("data"));
    Files.createFile(data.file("machine-id"));
    assertThatThrownBy(data::machineId)
        .isInstanceOf(Failure.class)
        .hasMessageContaining("machine-id");
  }

  @Test
  void aWorldReadableFileIsEmptiedAndClosed() throws Exception {
    Path file = Files.writeString(folder.resolve("findings"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    try (Writer out = SecureFiles.replace(file)) {
      assertThat(file).isEmptyFile();
      assertThat(modes(file)).isEqualTo("rw-------");
      out.write("new");
    }
    assertThat(file).hasContent("new");
  }

  @Test
  void aDeviceKeepsItsModes() throws Exception {
    Path device = Path.of("/dev/null");
    String before = modes(device);
    SecureFiles.replace(device).close();
    assertThat(modes(device)).isEqualTo(before);
  }

  @Test
  void whatCannotBeWrittenIsNamed() {
    assertThatThrownBy(() -> SecureFiles.replace(folder.resolve("none/f")))
        .isInstanceOf(NoSuchFileException.class)
        .extracting(Failure::explain)
        .isEqualTo(folder.resolve("none") + ": no such folder");
    assertThatThrownBy(() -> SecureFiles.replace(folder))
        .isInstanceOf(IOException.class)
        .extracting(Failure::explain)
        .asString()
        .contains(folder.toString());
  }

  @Test
  void leftoversOfRunsThatWereKilledAreRemovedByTwoAtOnce() throws Exception {
    Path runs = Files.createDirectories(folder.resolve("runs"));
    for (int i = 0; i < 20; i++) {
      // no process has so high a number
      Path left = Files.createDirectories(runs.resolve((4_194_305L + i) + "-1/certs"));
      Files.createFile(left.resolve("c.pem"));
    }
    Path alive = Files.createDirectory(runs.resolve(ProcessHandle.current().pid() + "-1"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<RuntimeDirectory>> made =
          IntStream.range(0, 4)
              .mapToObj(i -> threads.submit(() -> RuntimeDirectory.make(folder)))
              .toList();
      for (Future<RuntimeDirectory> one : made) {
        assertThat(modes(one.get().path())).isEqualTo("rwx------");
        one.get().close();
      }
    } finally {
      threads.shutdownNow();
    }
    try (var left = Files.list(runs)) {
      assertThat(left.toList()).containsExactly(alive);
    }
  }
}
