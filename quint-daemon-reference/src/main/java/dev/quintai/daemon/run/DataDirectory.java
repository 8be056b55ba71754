package dev.quintai.daemon.run;

import dev.quintai.daemon.cli.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The installation's folder: keys, certificates, the audit log. It and everything in it is for its
 * owner alone.
 */
public final class DataDirectory {

  /** Where {@code run} keeps what agents did without anybody minding. */
  public static final String HISTORY = "benign-history.jsonl";

  /** The folder of the signatures that were received. */
  public static final String SIGNATURES = "signatures";

  /** By one of these a folder is known as a data folder. */
  private static final Set<String> OURS =
      Set.of("machine-id", "quint.db", "ca.pem", "signatures", "fingerprints.db", "live", "runs");

  private final Path path;

  private DataDirectory(Path path) {
    this.path = path;
  }

  /** The folder that is used unless another one is named. */
  public static Path standard() {
    String home = System.getenv("HOME"); // what ~ means; user.home is from the user database
    return Path.of(
        home != null && home.startsWith("/") ? home : System.getProperty("user.home"), ".quint");
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
        try {
          SecureFiles.createDirectory(absolute);
        } catch (FileAlreadyExistsException e) {
          if (!Files.isDirectory(absolute)) { // else another process was faster
            throw e;
          }
        }
      }
      if (!Files.isWritable(absolute)) {
        throw new Failure(absolute + ": not writable; choose another folder with --data");
      }
      close(absolute);
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

  /** Closes the folder to others; never one that somebody else uses, such as /tmp. */
  private static void close(Path folder) throws IOException {
    Set<PosixFilePermission> modes = Files.getPosixFilePermissions(folder);
    if (PosixFilePermissions.toString(modes).endsWith("------")) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      if (!names.isEmpty() && names.stream().noneMatch(OURS::contains)) {
        throw new Failure(
            folder
                + ": open to others, and holds what is not Quint's; choose another folder with --data,"
                + " or chmod 700 this one");
      }
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
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
      // Written whole and then named: whoever reads it beside us reads a whole id.
      Path whole = file("machine-id." + ProcessHandle.current().pid() + "." + System.nanoTime());
      SecureFiles.write(whole, UUID.randomUUID() + "\n");
      try {
        Files.createLink(file, whole);
      } catch (FileAlreadyExistsException e) {
        // another process was faster: its id stands
      } catch (UnsupportedOperationException | FileSystemException e) {
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE); // no hard links here
      } finally {
        Files.deleteIfExists(whole);
      }
    }
    String id = Files.readString(file, StandardCharsets.UTF_8).strip();
    try {
      return UUID.fromString(id).toString();
    } catch (IllegalArgumentException e) {
      throw new Failure(file + ": a UUID was expected; remove the file to get a new one", e);
    }
  }
}
