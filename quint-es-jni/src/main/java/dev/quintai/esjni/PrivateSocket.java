package dev.quintai.esjni;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A Unix socket at a path, of mode 0600 from the moment it can be found: it is bound in a fresh
 * closed directory beside it and moved. What a daemon that died left there is replaced; what is in
 * use, or is no socket, is not.
 */
final class PrivateSocket implements AutoCloseable {

  /** Bytes of a Unix socket's path on macOS, without the terminator. */
  private static final int PATH_MAX = 103;

  private static final int BACKLOG = 16;

  private final ServerSocketChannel server;
  private final Path path;
  private final Object identity;

  private PrivateSocket(ServerSocketChannel server, Path path, Object identity) {
    this.server = server;
    this.path = path;
    this.identity = identity;
  }

  static PrivateSocket bind(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    refuseWhatIsThere(absolute);
    Path closed = Files.createTempDirectory(absolute.getParent(), "q"); // 0700
    Path first = closed.resolve("s");
    ServerSocketChannel server = null;
    try {
      if (first.toString().getBytes(StandardCharsets.UTF_8).length > PATH_MAX) {
        throw new IOException(path + ": too long for a Unix socket");
      }
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(first), BACKLOG);
      Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("rw-------"));
      Files.move(first, absolute, StandardCopyOption.ATOMIC_MOVE);
      return new PrivateSocket(server, absolute, identity(absolute));
    } catch (IOException e) {
      if (server != null) {
        server.close();
      }
      throw e;
    } finally {
      Files.deleteIfExists(first);
      Files.deleteIfExists(closed);
    }
  }

  private static void refuseWhatIsThere(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new IOException(path + ": is there and is no socket");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return; // nobody listens
    }
    throw new IOException(path + ": another daemon listens there");
  }

  private static Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  ServerSocketChannel channel() {
    return server;
  }

  @Override
  public void close() throws IOException {
    server.close();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && identity(path).equals(identity)) {
      Files.delete(path);
    }
  }
}
