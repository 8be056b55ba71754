package dev.quintai.esjni;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program in this jar, and private copies of it that can be run. */
enum NativeBinary {
  /** The supervisor of commands that we start. */
  TRACE("quint-trace"),

  /** The sources that need root. */
  WATCH("quint-watch");

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
          + NativeFile.architecture()
          + "; rebuild quint-es-jni there with gcc or clang installed";
    }
    return "";
  }

  private String resource() {
    return "/META-INF/native/linux-" + NativeFile.architecture() + "/" + fileName;
  }

  /**
   * A copy of the program in {@code directory} that only its owner can use, made unless it is
   * there.
   *
   * @param directory belongs to us and is closed to others
   * @throws IOException when the copy cannot be made or the program in the jar is damaged
   */
  Path extract(Path directory) throws IOException {
    return NativeFile.extract(resource(), directory);
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
}
