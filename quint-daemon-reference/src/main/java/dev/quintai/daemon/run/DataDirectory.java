package dev.quintai.daemon.run;

import dev.quintai.daemon.cli.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * The installation's folder: keys, certificates, the audit log. It and everything in it is for its
 * owner alone.
 */
public final class DataDirectory {

  private final Path path;

  private DataDirectory(Path path) {
    this.path = path;
  }

  /** The folder that is used unless another one is named. */
  public static Path standard() {
    return Path.of(System.getProperty("user.home"), ".quint");
  }

  /**
   * Opens the folder, making it where it is not there.
   *
   * @throws Failure when it cannot be made or written to
   */
  public static DataDirectory open(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      if (!Files.isDirectory(absolute)) {
        if (absolute.getParent() != null) {
          Files.createDirectories(absolute.getParent());
        }
        SecureFiles.createDirectory(absolute);
      }
      if (!Files.isWritable(absolute)) {
        throw new Failure(absolute + ": not writable; choose another folder with --data");
      }
      Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new Failure(
          absolute
              + ": cannot be used as data folder ("
              + Failure.explain(e)
              + "); choose another with --data",
          e);
    }
    return new DataDirectory(absolute);
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** A file in it. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /** The audit log's database. */
  public Path database() {
    return file("quint.db");
  }

  /** The installation's stable id, made once. */
  public String machineId() throws IOException {
    Path file = file("machine-id");
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        SecureFiles.write(file, UUID.randomUUID() + "\n");
      } catch (FileAlreadyExistsException e) {
        // another process was faster: its id stands
      }
    }
    return Files.readString(file, StandardCharsets.UTF_8).strip();
  }
}
