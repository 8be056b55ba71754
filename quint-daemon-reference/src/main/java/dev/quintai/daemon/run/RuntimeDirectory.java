package dev.quintai.daemon.run;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of one run alone (0700): its socket and the certificates it gives to the agent. Removed
 * at the end; what a run that was killed left behind is removed by the next one.
 */
final class RuntimeDirectory implements Closeable {

  private final Path path;

  private RuntimeDirectory(Path path) {
    this.path = path;
  }

  static RuntimeDirectory make(Path data) throws IOException {
    Path folder = data.resolve("runs");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    sweep(folder);
    Path path =
        folder.resolve(Long.toString(ProcessHandle.current().pid()) + "-" + System.nanoTime());
    return new RuntimeDirectory(SecureFiles.createDirectory(path));
  }

  private static void sweep(Path folder) throws IOException {
    List<Path> runs;
    try (Stream<Path> files = Files.list(folder)) {
      runs = files.toList();
    }
    for (Path run : runs) {
      String pid = run.getFileName().toString().replaceFirst("-.*", "");
      if (pid.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
        try {
          delete(run);
        } catch (IOException e) {
          // what another user's run has left is not ours to remove, and no reason not to start
        }
      }
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    delete(path);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          /** Two runs that start together may both tidy up. */
          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
