package dev.quintai.signatures;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files for their owner only, replaced whole or not at all. */
final class OwnerFiles {

  private OwnerFiles() {}

  /** Is told of each step of a write before it is done; tests fail it at any of them. */
  interface Steps {
    /** Nobody is told. */
    Steps UNTOLD = step -> {};

    void before(String step) throws IOException;
  }

  static void createFolders(Path folder) throws IOException {
    Files.createDirectories(folder, attributes(folder, "rwx------"));
  }

  /**
   * Puts a content in the place of a file's: written beside it, forced to disk and renamed, so that
   * a crash leaves the old content or the new one.
   */
  static void replace(Path target, byte[] content, Steps steps) throws IOException {
    Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      steps.before("create");
      try (FileChannel channel = create(temporary)) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        int half = content.length / 2;
        buffer.limit(half);
        writeAll(channel, buffer);
        steps.before("write the rest");
        buffer.limit(content.length);
        writeAll(channel, buffer);
        steps.before("force");
        channel.force(true);
      }
      steps.before("rename");
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      steps.before("force the folder");
      forceFolder(target.getParent());
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        attributes(file, "rw-------"));
  }

  private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not every platform lets a folder be opened; there the rename is as durable as it gets.
      return;
    }
  }

  /** The attributes with which a file or folder is made, where the file system knows them. */
  static FileAttribute<?>[] attributes(Path of, String permissions) throws IOException {
    Path existing = of.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    FileStore store = Files.getFileStore(existing);
    return store.supportsFileAttributeView("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
