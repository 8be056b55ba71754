package dev.quintai.esjni;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file that keeps one boot's clock offset: the boot's id, a space, nanoseconds, a newline. */
final class BootOffset {

  private static final int LONGEST = 256;

  private BootOffset() {}

  /**
   * The offset kept for this boot, or {@code fresh}, which is kept from now on.
   *
   * @throws IOException when the file cannot be read or written
   */
  static synchronized long keep(Path file, String bootId, long fresh) throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, ownerOnly);
        FileLock lock = channel.lock()) {
      ByteBuffer content = ByteBuffer.allocate(LONGEST);
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // until the end or the limit
      }
      Long kept =
          parse(
              new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII),
              bootId);
      if (kept != null && lock.isValid()) {
        return kept;
      }
      ByteBuffer line =
          ByteBuffer.wrap((bootId + " " + fresh + "\n").getBytes(StandardCharsets.US_ASCII));
      channel.truncate(0);
      channel.position(0);
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(true);
      return fresh;
    }
  }

  /** Null when the text is of another boot, or damaged. */
  private static Long parse(String text, String bootId) {
    if (!text.startsWith(bootId + " ") || !text.endsWith("\n")) {
      return null;
    }
    try {
      return Long.valueOf(text.substring(bootId.length() + 1, text.length() - 1));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
