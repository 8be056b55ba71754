package dev.quintai.signatures;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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
  private static final int CHUNK = 16 << 10;

  private OwnerFiles() {}

  /** Is told of each step of a write before it is done; tests fail it at any of them. */
  interface Steps {
    /** Nobody is told. */
    Steps UNTOLD = step -> {};

    void before(String step) throws IOException;
  }

  /** What goes into a file. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  static void createFolders(Path folder) throws IOException {
    Files.createDirectories(folder, attributes(folder, "rwx------"));
  }

  /**
   * Puts a content in the place of a file's: written beside it, forced to disk and renamed, so that
   * a crash leaves the old content or the new one.
   */
  static void replace(Path target, Content content, Steps steps) throws IOException {
    Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      steps.before("create");
      try (FileChannel channel = create(temporary)) {
        OutputStream out = new BufferedOutputStream(new Chunks(channel, steps), CHUNK);
        content.writeTo(out);
        out.flush();
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

  /** Each write is a step. */
  private static final class Chunks extends OutputStream {
    private final FileChannel channel;
    private final Steps steps;

    Chunks(FileChannel channel, Steps steps) {
      this.channel = channel;
      this.steps = steps;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      steps.before("write");
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        attributes(file, "rw-------"));
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
