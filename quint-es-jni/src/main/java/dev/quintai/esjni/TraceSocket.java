package dev.quintai.esjni;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * The socket that the supervisor connects to before the command starts. It accepts once and is gone
 * before the command runs, so nothing in the tree can connect in the supervisor's place.
 */
final class TraceSocket implements AutoCloseable {

  /** Bytes of a Unix socket's path on Linux, without the terminator. */
  private static final int PATH_MAX = 107;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_MILLIS = 20;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ServerSocketChannel server;
  private final Path path;
  private final Path ownDirectory; // to be removed, or null

  private TraceSocket(ServerSocketChannel server, Path path, Path ownDirectory) {
    this.server = server;
    this.path = path;
    this.ownDirectory = ownDirectory;
  }

  /** Binds in the directory or, when its path is too long for a socket, in a fresh private one. */
  static TraceSocket bind(Path runtimeDirectory) throws IOException {
    byte[] random = new byte[6];
    RANDOM.nextBytes(random);
    String name = "trace-" + HexFormat.of().formatHex(random);
    Path path = runtimeDirectory.toAbsolutePath().resolve(name);
    Path own = null;
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > PATH_MAX) {
      own = Files.createTempDirectory("quint"); // 0700
      path = own.resolve(name);
    }
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path), 1);
      server.configureBlocking(false);
      return new TraceSocket(server, path, own);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /** The supervisor's connection, in blocking mode. */
  SocketChannel accept(Process supervisor) throws IOException {
    long started = System.nanoTime();
    try (Selector selector = Selector.open()) {
      server.register(selector, SelectionKey.OP_ACCEPT);
      while (System.nanoTime() - started < PATIENCE_NANOS) {
        boolean alive = supervisor.isAlive();
        selector.select(LOOK_MILLIS);
        SocketChannel channel = server.accept();
        if (channel != null) {
          return channel;
        }
        if (!alive) {
          break;
        }
      }
    }
    supervisor.destroyForcibly();
    throw new TraceRefusedException(
        TraceRefusedException.Reason.FAILED,
        "quint-trace did not connect"
            + (supervisor.isAlive() ? "" : "; it ended with " + supervisor.exitValue()));
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
    if (ownDirectory != null) {
      Files.deleteIfExists(ownDirectory);
    }
  }
}
