package dev.quintai.esjni;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/** What this jar holds of native code, with its SHA-256 beside it, and private copies of it. */
final class NativeFile {

  private static final int LARGEST = 64 << 20;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private NativeFile() {}

  static boolean present(String resource) {
    return NativeFile.class.getResource(resource) != null;
  }

  /** This machine's architecture as native directories are named. */
  static String architecture() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "amd64" -> "x86_64";
      case "arm64" -> "aarch64";
      default -> name.replaceAll("[^a-z0-9_]", "_");
    };
  }

  /**
   * A copy in {@code directory} that only its owner can use, made unless it is there.
   *
   * @param directory belongs to us and is closed to others
   * @throws IOException when the copy cannot be made or what the jar holds is damaged
   */
  static Path extract(String resource, Path directory) throws IOException {
    String name = resource.substring(resource.lastIndexOf('/') + 1);
    byte[] content = read(resource);
    String expected =
        new String(read(resource + ".sha256"), StandardCharsets.US_ASCII).split("\\s", 2)[0];
    if (!expected.equals(sha256(content))) {
      throw new IOException("the " + name + " in the jar does not have its SHA-256 " + expected);
    }
    Path target = directory.resolve(name + "-" + expected.substring(0, 16));
    if (!usable(target, content)) {
      Path fresh = Files.createTempFile(directory, name, ".new");
      try {
        Files.write(fresh, content, StandardOpenOption.TRUNCATE_EXISTING);
        Files.setPosixFilePermissions(fresh, OWNER_ONLY);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    }
    return target;
  }

  private static boolean usable(Path target, byte[] content) throws IOException {
    return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
        && Files.getPosixFilePermissions(target, LinkOption.NOFOLLOW_LINKS).equals(OWNER_ONLY)
        && Files.size(target) == content.length
        && MessageDigest.isEqual(Files.readAllBytes(target), content);
  }

  private static byte[] read(String resource) throws IOException {
    try (InputStream in = NativeFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("this build has no " + resource);
      }
      return in.readNBytes(LARGEST);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
