package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.Keyring;
import dev.quintai.signatures.SignatureFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the files that commands name, bounded, with errors that name them. */
final class Inputs {
  private static final int MAX_TEXT = 16 << 20;

  private Inputs() {}

  /** A file of signatures; one byte more than the limit is read, so that the limit shows. */
  static byte[] signatures(Path file) {
    return bytes(file, SignatureFile.MAX_BYTES + 1);
  }

  static Keyring keyring(Path file) {
    try {
      return Keyring.parse(text(file));
    } catch (IllegalArgumentException e) {
      throw new Failure(file + ": " + e.getMessage(), e);
    }
  }

  static String text(Path file) {
    byte[] bytes = bytes(file, MAX_TEXT + 1);
    if (bytes.length > MAX_TEXT) {
      throw new Failure(file + ": larger than 16 MiB");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Path file, int max) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(max);
    } catch (IOException e) {
      throw new Failure(Failure.explain(e), e);
    }
  }
}
