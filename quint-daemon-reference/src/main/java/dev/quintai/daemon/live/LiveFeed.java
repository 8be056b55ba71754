package dev.quintai.daemon.live;

import dev.quintai.core.Finding;
import dev.quintai.core.Redactor;
import dev.quintai.core.Session;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.spi.FindingSink;
import dev.quintai.daemon.events.JsonTree;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells what happens, line by line, on a Unix socket in the data folder (0600): tool calls,
 * programs, writes, connections, sessions and findings, redacted. A reader first receives the
 * recent past.
 *
 * <p>Bounded: a reader that does not keep up misses lines, and is told how many. Thread-safe.
 */
public final class LiveFeed implements FindingSink, Consumer<Event>, Closeable {

  private static final int BACKLOG = 2_000;
  private static final int QUEUE = 8_192;
  private static final int MAX_READERS = 16;

  private final Path socket;
  private final ServerSocketChannel server;
  private final ArrayDeque<String> backlog = new ArrayDeque<>();
  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  private static final class Reader {
    final SocketChannel channel;
    final BlockingQueue<String> lines = new ArrayBlockingQueue<>(QUEUE);
    long missed;

    Reader(SocketChannel channel) {
      this.channel = channel;
    }

    synchronized void offer(String line) {
      if (missed > 0 && lines.offer(missedLine(missed))) {
        missed = 0;
      }
      if (!lines.offer(line)) {
        missed++;
      }
    }

    private static String missedLine(long count) {
      return "{\"live\":\"missed\",\"count\":" + count + "}";
    }
  }

  private LiveFeed(Path socket, ServerSocketChannel server) {
    this.socket = socket;
    this.server = server;
  }

  /**
   * Opens a feed in the folder {@code live} of the data folder.
   *
   * @param data the data folder
   */
  public static LiveFeed open(Path data) throws IOException {
    Path folder = data.resolve("live");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path socket = folder.resolve(ProcessHandle.current().pid() + ".sock");
    Files.deleteIfExists(socket);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      server.close();
      throw e;
    }
    LiveFeed feed = new LiveFeed(socket, server);
    Thread thread = new Thread(feed::welcome, "quint-live");
    thread.setDaemon(true);
    thread.start();
    return feed;
  }

  /** Also tells a listener in this process; it is called in order and must return quickly. */
  public void listen(Consumer<String> listener) {
    listeners.add(listener);
  }

  private void welcome() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        if (readers.size() >= MAX_READERS) {
          channel.close();
          continue;
        }
        Reader reader = new Reader(channel);
        synchronized (this) {
          backlog.forEach(reader::offer);
          readers.add(reader);
        }
        Thread thread = new Thread(() -> serve(reader), "quint-live-reader");
        thread.setDaemon(true);
        thread.start();
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // one reader could not be taken; the next may be
      }
    }
  }

  private void serve(Reader reader) {
    try (SocketChannel channel = reader.channel) {
      while (true) {
        String line = reader.lines.take();
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (IOException e) {
      // the reader has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      readers.remove(reader);
    }
  }

  @Override
  public void accept(Event event) {
    Map<String, Object> line = new LinkedHashMap<>();
    if (event instanceof IntentEvent intent) {
      line.put("live", "intent");
      line.put("timeMs", intent.timeMs());
      line.put("pid", (long) intent.process().pid());
      line.put("tool", intent.tool());
      line.put("text", shortened(intent.arguments().text()));
      line.put("model", intent.model());
    } else if (event instanceof ProcessExec exec) {
      line.put("live", "exec");
      line.put("timeMs", exec.timeMs());
      line.put("pid", (long) exec.process().pid());
      line.put("text", shortened(String.join(" ", exec.argv())));
      line.put("exe", exec.exe());
    } else if (event instanceof NetworkConnect connect) {
      line.put("live", "connect");
      line.put("timeMs", connect.timeMs());
      line.put("pid", (long) connect.process().pid());
      String target = connect.host() != null ? connect.host() : connect.remoteIp();
      line.put("text", target + ":" + connect.remotePort());
    } else if (event instanceof FileEvent file
        && file.op() != FileEvent.Op.CLOSE
        && changes(file)) {
      line.put("live", "write");
      line.put("timeMs", file.timeMs());
      line.put("pid", (long) file.process().pid());
      line.put("text", shortened(file.newPath() != null ? file.newPath() : file.path()));
    } else {
      return;
    }
    tell(JsonTree.text(line));
  }

  private static boolean changes(FileEvent file) {
    return file.op() != FileEvent.Op.OPEN || file.access() != FileEvent.Access.READ;
  }

  @Override
  public void accept(Finding finding) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("live", "finding");
    line.put("timeMs", finding.timeNanos() / 1_000_000L);
    line.put("session", finding.session());
    line.put("severity", finding.severity().id());
    line.put("type", finding.type());
    line.put("id", finding.id());
    line.put("revision", (long) finding.revision());
    line.put("text", finding.reason());
    tell(JsonTree.text(line));
  }

  @Override
  public void sessionStarted(Session session) {
    session("started", session);
  }

  @Override
  public void sessionEnded(Session session) {
    session("ended", session);
  }

  private void session(String what, Session session) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("live", "session");
    line.put("what", what);
    line.put("session", session.id());
    line.put("platform", session.platform());
    line.put("text", session.workingDir());
    tell(JsonTree.text(line));
  }

  private static String shortened(String text) {
    String safe = Redactor.redact(text.length() > 4_000 ? text.substring(0, 4_000) : text);
    return safe.length() <= 300 ? safe : safe.substring(0, 297) + "...";
  }

  private synchronized void tell(String line) {
    if (backlog.size() == BACKLOG) {
      backlog.poll();
    }
    backlog.add(line);
    readers.forEach(reader -> reader.offer(line));
    listeners.forEach(listener -> listener.accept(line));
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Reader reader : readers) {
      for (int i = 0; i < 50 && !reader.lines.isEmpty(); i++) {
        pause();
      }
      reader.channel.close();
    }
    Files.deleteIfExists(socket);
  }

  private static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
