package dev.quintai.esjni;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The secret that daemon and extension share: a file of one line that only its owner can read. */
final class ExtensionSecret {

  static final int SHORTEST = 32;
  static final int LONGEST = 4096;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private ExtensionSecret() {}

  /**
   * Reads it, or makes one of 256 random bits where there is no file.
   *
   * @throws IOException when the file is a link, readable by others, or no secret; the message says
   *     so
   */
  static byte[] open(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      make(file);
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + ": a regular file was expected");
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
    if (mode.stream().anyMatch(permission -> !permission.name().startsWith("OWNER_"))) {
      throw new IOException(
          file
              + ": others have access ("
              + PosixFilePermissions.toString(mode)
              + "); chmod 600 it");
    }
    if (Files.size(file) > LONGEST) {
      throw new IOException(file + ": at most " + LONGEST + " bytes were expected");
    }
    byte[] secret =
        Files.readString(file, StandardCharsets.ISO_8859_1)
            .strip()
            .getBytes(StandardCharsets.ISO_8859_1);
    if (secret.length < SHORTEST) {
      throw new IOException(file + ": at least " + SHORTEST + " characters were expected");
    }
    return secret;
  }

  private static void make(Path file) throws IOException {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    try (var out =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      out.write(
          java.nio.ByteBuffer.wrap(
              (HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.US_ASCII)));
    } catch (FileAlreadyExistsException e) {
      return; // another was faster
    }
  }
}
