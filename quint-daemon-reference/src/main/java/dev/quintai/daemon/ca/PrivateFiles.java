package dev.quintai.daemon.ca;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files for the owner only (0600) in directories for the owner only (0700), written whole. */
final class PrivateFiles {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  private static final FileAttribute<?>[] DIRECTORY_MODE = mode("rwx------");
  private static final FileAttribute<?>[] FILE_MODE = mode("rw-------");

  private PrivateFiles() {}

  static void createDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, DIRECTORY_MODE);
    }
  }

  /** Writes beside the target, forces it to disk and renames, so no reader sees half of it. */
  static void write(Path file, byte[] content) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    createDirectory(parent);
    Path fresh = Files.createTempFile(parent, "." + file.getFileName(), ".new", FILE_MODE);
    try {
      try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Takes away what group and others may do with a file that must be secret. */
  static void restrict(Path file) throws IOException {
    if (POSIX) {
      Set<PosixFilePermission> now = Files.getPosixFilePermissions(file);
      Set<PosixFilePermission> owner =
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
      if (!owner.containsAll(now)) {
        Files.setPosixFilePermissions(file, owner);
      }
    }
  }

  static FileAttribute<?>[] fileMode() {
    return FILE_MODE.clone();
  }

  private static FileAttribute<?>[] mode(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
