package dev.quintai.daemon.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that only their owner may read, from their first moment on. */
public final class SecureFiles {

  private static final FileAttribute<?> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private SecureFiles() {}

  /** Makes a folder for its owner alone. */
  public static Path createDirectory(Path path) throws IOException {
    return Files.createDirectory(path, DIRECTORY);
  }

  /** Writes a new file; fails when there is one. */
  public static void write(Path path, String text) throws IOException {
    try (Writer out = writer(path, StandardOpenOption.CREATE_NEW)) {
      out.write(text);
    }
  }

  /** Opens a file for writing from its beginning; one that is there is emptied and closed off. */
  public static BufferedWriter replace(Path path) throws IOException {
    if (path.getParent() != null && !Files.isDirectory(path.getParent())) {
      throw new NoSuchFileException(path.getParent().toString(), null, "no such folder");
    }
    BufferedWriter out =
        writer(path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    try {
      if (Files.isRegularFile(path)) { // never a device: /dev/null is everybody's
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      }
    } catch (IOException e) {
      out.close();
      throw e;
    }
    return out;
  }

  private static BufferedWriter writer(Path path, OpenOption... how) throws IOException {
    Set<OpenOption> options = new java.util.HashSet<>(Set.of(how));
    options.add(StandardOpenOption.WRITE);
    return new BufferedWriter(
        new OutputStreamWriter(
            Channels.newOutputStream(Files.newByteChannel(path, options, FILE)),
            StandardCharsets.UTF_8),
        1 << 16);
  }
}
