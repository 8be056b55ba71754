package dev.quintai.daemon.live;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The feed's socket (0600): {@code live/PID.sock} in the data folder. Where that path is too long
 * for a socket, it is made in a private folder of the system's temporary files, and the name in the
 * data folder is a link to it.
 */
final class FeedSocket implements Closeable {

  /** Bytes of a Unix socket's path, without its end: the least of the systems that matter. */
  private static final int MAX_PATH = 103;

  private final Path name;
  private final Path elsewhere;
  final ServerSocketChannel channel;

  private FeedSocket(Path name, Path elsewhere, ServerSocketChannel channel) {
    this.name = name;
    this.elsewhere = elsewhere;
    this.channel = channel;
  }

  static FeedSocket open(Path data) throws IOException {
    Path folder = data.resolve("live");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    sweep(folder);
    Path name = folder.resolve(ProcessHandle.current().pid() + ".sock");
    remove(name);
    boolean fits = name.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_PATH;
    Path elsewhere = fits ? null : Files.createTempDirectory("quint-live-");
    Path real = fits ? name : elsewhere.resolve("feed.sock");
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    FeedSocket socket = new FeedSocket(name, elsewhere, channel);
    try {
      channel.bind(UnixDomainSocketAddress.of(real));
      Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-------"));
      if (!fits) {
        Files.createSymbolicLink(name, real);
      }
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  /** Removes what runs that were killed have left. */
  private static void sweep(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.list(folder)) {
      all = files.toList();
    }
    for (Path file : all) {
      String pid = file.getFileName().toString().replaceFirst("\\.sock$", "");
      if (pid.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
        try {
          remove(file);
        } catch (IOException e) {
          // not ours to remove
        }
      }
    }
  }

  private static void remove(Path name) throws IOException {
    if (Files.isSymbolicLink(name)) {
      Path real = Files.readSymbolicLink(name);
      Path folder = real.getParent();
      if (folder != null && folder.getFileName().toString().startsWith("quint-live-")) {
        Files.deleteIfExists(real);
        Files.deleteIfExists(folder);
      }
    }
    Files.deleteIfExists(name);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    remove(name);
    if (elsewhere != null) {
      Files.deleteIfExists(elsewhere.resolve("feed.sock"));
      Files.deleteIfExists(elsewhere);
    }
  }
}
