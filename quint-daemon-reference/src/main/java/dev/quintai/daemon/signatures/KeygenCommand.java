package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.ExitCode;
import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.SigningKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quint signatures keygen}. */
@Command(
    name = "keygen",
    mixinStandardHelpOptions = true,
    description = "Makes an Ed25519 key pair: FILE (private, PKCS#8 PEM) and FILE.pub (SPKI PEM).")
final class KeygenCommand implements Callable<Integer> {

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "The private key.")
  Path out;

  @Override
  public Integer call() throws IOException {
    Path pub = out.resolveSibling(out.getFileName() + ".pub");
    for (Path file : new Path[] {out, pub}) {
      if (Files.exists(file)) {
        throw new Failure(file + " exists already; a key is never overwritten");
      }
    }
    SigningKey key = SigningKey.generate(new SecureRandom());
    write(out, key.toPem(), "rw-------");
    write(pub, key.publicKey().toPem(), "rw-r--r--");
    return ExitCode.DONE;
  }

  private static void write(Path file, String pem, String permissions) throws IOException {
    boolean posix =
        Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
            }
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer bytes = ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
