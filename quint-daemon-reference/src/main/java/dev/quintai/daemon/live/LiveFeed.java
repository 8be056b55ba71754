package dev.quintai.daemon.live;

import dev.quintai.core.Finding;
import dev.quintai.core.Redactor;
import dev.quintai.core.Session;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.LocalConnect;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.spi.FindingSink;
import dev.quintai.daemon.events.JsonTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final int MAX_READERS = 16;

  private final FeedSocket socket;
  private final ArrayDeque<String> backlog = new ArrayDeque<>();
  private final List<FeedReader> readers = new CopyOnWriteArrayList<>();

  private LiveFeed(FeedSocket socket) {
    this.socket = socket;
  }

  /**
   * Opens a feed in the folder {@code live} of the data folder.
   *
   * @param data the data folder
   */
  public static LiveFeed open(Path data) throws IOException {
    LiveFeed feed = new LiveFeed(FeedSocket.open(data));
    Thread thread = new Thread(feed::welcome, "quint-live");
    thread.setDaemon(true);
    thread.start();
    return feed;
  }

  /** Also tells a listener in this process, in order, on a thread of its own. */
  public void listen(Consumer<String> listener) {
    add(listener::accept);
  }

  private void welcome() {
    while (socket.channel.isOpen()) {
      try {
        SocketChannel channel = socket.channel.accept();
        if (readers.size() < MAX_READERS) {
          add(new SocketTarget(channel));
        } else {
          channel.close();
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        pause(); // one reader could not be taken; the next may be
      }
    }
  }

  private void add(FeedReader.Target target) {
    FeedReader[] self = new FeedReader[1];
    FeedReader reader = new FeedReader(target, () -> readers.remove(self[0]));
    self[0] = reader;
    synchronized (this) {
      backlog.forEach(reader::offer);
      readers.add(reader);
    }
    reader.start();
  }

  private record SocketTarget(SocketChannel channel) implements FeedReader.Target {

    @Override
    public void line(String line) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
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
    } else if (event instanceof LocalConnect local) {
      line.put("live", "connect");
      line.put("timeMs", local.timeMs());
      line.put("pid", (long) local.process().pid());
      line.put("text", local.path());
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
  public void sessionResumed(Session session, String earlier) {
    session("resumed", session);
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
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (FeedReader reader : readers) {
      reader.close();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
