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

/** A program in this jar, and private copies of it that can be run. */
enum NativeBinary {
  /** The supervisor of commands that we start. */
  TRACE("quint-trace"),

  /** The sources that need root. */
  WATCH("quint-watch");

  private static final int LARGEST = 64 << 20;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final String fileName;

  NativeBinary(String fileName) {
    this.fileName = fileName;
  }

  /** Its name. */
  String program() {
    return fileName;
  }

  /** Why there is no program for this machine in the jar, or an empty string when there is. */
  String missing() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return "watching system calls needs Linux";
    }
    if (NativeBinary.class.getResource(resource()) == null) {
      return "this build has no "
          + fileName
          + " for "
          + architecture()
          + "; rebuild quint-es-jni there with gcc or clang installed";
    }
    return "";
  }

  private String resource() {
    return "/META-INF/native/linux-" + architecture() + "/" + fileName;
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "amd64" -> "x86_64";
      case "arm64" -> "aarch64";
      default -> name.replaceAll("[^a-z0-9_]", "_");
    };
  }

  /**
   * A copy of the program in {@code directory} that only its owner can use, made unless it is
   * there.
   *
   * @param directory belongs to us and is closed to others
   * @throws IOException when the copy cannot be made or the program in the jar is damaged
   */
  Path extract(Path directory) throws IOException {
    byte[] program = read(resource());
    String expected =
        new String(read(resource() + ".sha256"), StandardCharsets.US_ASCII).split("\\s", 2)[0];
    if (!expected.equals(sha256(program))) {
      throw new IOException(
          "the " + fileName + " in the jar does not have its SHA-256 " + expected);
    }
    Path target = directory.resolve(fileName + "-" + expected.substring(0, 16));
    if (!usable(target, program)) {
      Path fresh = Files.createTempFile(directory, fileName, ".new");
      try {
        Files.write(fresh, program, StandardOpenOption.TRUNCATE_EXISTING);
        Files.setPosixFilePermissions(fresh, OWNER_ONLY);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    }
    return target;
  }

  /**
   * Refuses a directory that others can get at.
   *
   * @throws IllegalArgumentException when they can, or it is not there
   */
  static void requirePrivate(Path directory) {
    try {
      if (Files.getPosixFilePermissions(directory).stream()
          .anyMatch(permission -> !permission.name().startsWith("OWNER_"))) {
        throw new IllegalArgumentException(directory + " must be closed to others (mode 0700)");
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(directory + " cannot be used: " + e.getMessage(), e);
    } catch (UnsupportedOperationException e) {
      return; // not a POSIX file system, so not Linux: availability() says so
    }
  }

  private static boolean usable(Path target, byte[] program) throws IOException {
    return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
        && Files.getPosixFilePermissions(target, LinkOption.NOFOLLOW_LINKS).equals(OWNER_ONLY)
        && Files.size(target) == program.length
        && MessageDigest.isEqual(Files.readAllBytes(target), program);
  }

  private static byte[] read(String resource) throws IOException {
    try (InputStream in = NativeBinary.class.getResourceAsStream(resource)) {
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
