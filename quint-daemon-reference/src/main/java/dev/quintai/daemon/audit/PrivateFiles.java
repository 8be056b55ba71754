package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that only their owner can read. They are made with those permissions, never opened to
 * others first. Where a file system has no POSIX permissions the directory's own protection counts.
 */
final class PrivateFiles {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFiles() {}

  /** Makes a directory and its parents 0700 where they are missing; leaves existing ones alone. */
  static void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, attributes(existingAncestor(directory), DIRECTORY));
    }
  }

  /** Makes a file 0600 with that content; fails when it exists. */
  static void create(Path file, byte[] content) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try (FileChannel channel =
        FileChannel.open(file, options, attributes(existingAncestor(file), FILE))) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /**
   * Makes an empty file 0600, or takes group's and others' permissions from the one there. An
   * existing file is not opened: closing it would release the locks that SQLite holds in this
   * process.
   */
  static void createIfAbsent(Path file) throws IOException {
    try {
      create(file, new byte[0]);
    } catch (FileAlreadyExistsException e) {
      PosixFileAttributeView view = posix(file);
      if (view != null && !view.readAttributes().permissions().equals(FILE)) {
        view.setPermissions(FILE);
      }
    }
  }

  /** Opens a file to read and write, 0600 when it is new. */
  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
        attributes(existingAncestor(file), FILE));
  }

  /**
   * Refuses a file that group or others can read.
   *
   * @throws IOException naming the file and its permissions
   */
  static void requirePrivate(Path file) throws IOException {
    PosixFileAttributeView view = posix(file);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    for (PosixFilePermission p : permissions) {
      if (!DIRECTORY.contains(p)) {
        throw new IOException(
            file
                + " can be read by others ("
                + PosixFilePermissions.toString(permissions)
                + "): replace the key, and chmod 600 the file");
      }
    }
  }

  private static Path existingAncestor(Path path) {
    Path p = path.toAbsolutePath().getParent();
    while (p != null && !Files.exists(p)) {
      p = p.getParent();
    }
    return p;
  }

  private static FileAttribute<?>[] attributes(Path where, Set<PosixFilePermission> permissions) {
    if (where == null || posix(where) == null) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }

  private static PosixFileAttributeView posix(Path path) {
    return Files.getFileAttributeView(
        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }
}
