package dev.quintai.daemon.store;

import dev.quintai.daemon.run.SecureFiles;
import dev.quintai.fingerprint.HashSeed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * The file that holds an installation's hash seed: 32 random bytes as 64 hexadecimal digits, 0600.
 *
 * <p>Without it the stored fingerprints are worthless, and machines that share a store must have
 * the same one.
 */
public final class SeedFile {
  private static final int BYTES = 32;
  private static final int DIGITS = 2 * BYTES;
  private static final int ATTEMPTS = 100;
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private SeedFile() {}

  /**
   * Reads the seed, or makes a new one where there is no file.
   *
   * @throws IOException when the file can be read by others, or holds something else
   */
  public static HashSeed loadOrCreate(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] secret = new byte[BYTES];
      new SecureRandom().nextBytes(secret);
      try {
        SecureFiles.write(file, HexFormat.of().formatHex(secret) + "\n");
      } catch (FileAlreadyExistsException e) {
        // Another process was faster; its seed counts.
      }
      Arrays.fill(secret, (byte) 0);
    }
    return read(file);
  }

  private static HashSeed read(Path file) throws IOException {
    requirePrivate(file);
    String text = "";
    for (int i = 0; i < ATTEMPTS; i++) {
      text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      if (text.length() >= DIGITS) {
        break;
      }
      pause(); // another process may be writing it
    }
    byte[] secret;
    try {
      secret = HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      secret = new byte[0];
    }
    if (secret.length != BYTES) {
      throw new IOException(
          file + " is no seed: " + DIGITS + " hexadecimal digits are expected in it");
    }
    HashSeed seed = HashSeed.ofSecret(secret);
    Arrays.fill(secret, (byte) 0);
    return seed;
  }

  private static void requirePrivate(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER.containsAll(permissions)) {
      throw new IOException(
          file
              + " can be read by others ("
              + PosixFilePermissions.toString(permissions)
              + "): remove it, and a new seed is made");
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the seed file", e);
    }
  }
}
