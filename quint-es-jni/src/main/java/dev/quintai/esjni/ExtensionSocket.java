package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import dev.quintai.core.spi.TruthSource;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The Unix socket by which an EndpointSecurity system extension (in Swift, say) feeds us. Socket
 * and secret file have mode 0600, and both sides prove that they know the secret before anything is
 * taken or sent; the frames are described in the module's README.
 *
 * <p>One extension at a time: a newer one that proves itself takes the place of the older. At most
 * {@link #WAITING_MAX} connections may wait to prove themselves, for {@link #PATIENCE} ns each.
 * What is lost on the other side it tells us; the end of a connection is at least one lost event. A
 * frame that is no record is passed over, told, and counted as one. An extension that is faster
 * than the consumer is held back by the socket.
 *
 * <p>Thread-safe; {@link #start} makes one thread. Each event allocates itself and those of its
 * strings that were not decoded lately.
 */
public final class ExtensionSocket implements TruthSource {

  /** Name of this sensor in {@link dev.quintai.core.event.Origin#source()}. */
  public static final String NAME = "es-extension";

  /** How many connections may wait to prove themselves. */
  public static final int WAITING_MAX = 8;

  /** How long a connection may take to prove itself, in nanoseconds. */
  public static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK_MILLIS = 200;
  private static final long CLOSING_MILLIS = 2_000;

  private final Path path;
  private final Path secretFile;
  private final Consumer<? super String> problems;
  private final Object delivery = new Object();
  private final long patienceNanos;
  private final AtomicLong refused = new AtomicLong();
  private final EsTranslator translator = new EsTranslator(NAME);
  private final GuardedConsumer guard = new GuardedConsumer();
  private Selector selector;
  private Thread thread;
  private boolean started;
  private volatile boolean closed;

  // Of the socket's thread alone.
  private Consumer<Event> consumer;
  private SelectionKey extension;
  private int waiting;

  /**
   * A socket that is not there yet.
   *
   * @param path where it will be; the folder must be there
   * @param secretFile the shared secret, one line of 32 to 4,096 characters, mode 0600; made where
   *     it is missing
   * @param problems receives a message for each connection that was refused and each frame that is
   *     no record; from the socket's thread
   */
  public ExtensionSocket(Path path, Path secretFile, Consumer<? super String> problems) {
    this(path, secretFile, problems, PATIENCE);
  }

  ExtensionSocket(
      Path path, Path secretFile, Consumer<? super String> problems, long patienceNanos) {
    this.patienceNanos = patienceNanos;
    this.path = Objects.requireNonNull(path, "path");
    this.secretFile = Objects.requireNonNull(secretFile, "secretFile");
    this.problems = Objects.requireNonNull(problems, "problems");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability availability() {
    Path folder = path.toAbsolutePath().getParent();
    return Files.isWritable(folder)
        ? Availability.YES
        : Availability.no("no socket can be made in " + folder + ": create it, or choose another");
  }

  @Override
  public Set<Sight> sees() {
    return EnumSet.complementOf(EnumSet.of(Sight.NETWORK, Sight.DNS));
  }

  @Override
  public boolean lossless() {
    return false;
  }

  /** Why a secret file cannot be used, or null when it can, or will be made. */
  public static String secretProblem(Path secretFile) {
    try {
      if (Files.exists(secretFile, LinkOption.NOFOLLOW_LINKS)) {
        ExtensionSecret.open(secretFile);
      }
      return null;
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /** How many connections were turned away. */
  public long refusedConnections() {
    return refused.get();
  }

  /** How many events the consumer of {@link #start} threw at. */
  public long refusedByConsumer() {
    return guard.refused();
  }

  @Override
  public void start(Consumer<? super Event> consumer) throws IOException {
    this.consumer = guard.over(Objects.requireNonNull(consumer, "consumer"));
    synchronized (delivery) {
      if (started || closed) {
        throw new IOException("this socket has been started or closed before");
      }
      started = true;
    }
    byte[] secret = ExtensionSecret.open(secretFile);
    PrivateSocket socket = PrivateSocket.bind(path);
    try {
      socket.channel().configureBlocking(false);
      selector = Selector.open();
      socket.channel().register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    Thread serving = new Thread(() -> run(socket, secret), "quint-" + NAME);
    serving.setDaemon(true);
    thread = serving;
    serving.start();
  }

  private void run(PrivateSocket socket, byte[] secret) {
    try (socket;
        Selector ours = selector) {
      try {
        while (!closed) {
          ours.select(LOOK_MILLIS);
          for (SelectionKey key : ours.selectedKeys()) {
            serve(key, socket, secret);
          }
          ours.selectedKeys().clear();
          sendAwayTheSlow();
        }
      } finally {
        endAll();
      }
    } catch (IOException e) {
      problems.accept(path + ": cannot be served any further: " + e.getMessage());
    }
  }

  private void serve(SelectionKey key, PrivateSocket socket, byte[] secret) throws IOException {
    if (!key.isValid()) {
      return; // ended by what another one of this round said
    }
    if (key.isAcceptable()) {
      accept(socket, secret);
    } else {
      read(key);
    }
  }

  private void accept(PrivateSocket socket, byte[] secret) throws IOException {
    SocketChannel channel = socket.channel().accept();
    if (channel == null) {
      return;
    }
    if (waiting >= WAITING_MAX) {
      refused.incrementAndGet();
      channel.close();
      return;
    }
    try {
      channel.configureBlocking(false);
      ExtensionPeer peer = new ExtensionPeer(channel, secret, System.nanoTime());
      channel.register(selector, SelectionKey.OP_READ, peer);
      waiting++;
    } catch (IOException e) {
      refused.incrementAndGet();
      channel.close();
    }
  }

  private void read(SelectionKey key) {
    ExtensionPeer peer = (ExtensionPeer) key.attachment();
    boolean before = peer.proved();
    try {
      boolean open = peer.read(told);
      if (!before && peer.proved()) {
        waiting--;
        welcome(key);
      }
      if (!open) {
        end(key, before ? null : "it left before it proved itself");
      }
    } catch (IOException e) {
      end(key, e.getMessage());
    }
  }

  private final ExtensionPeer.Told told =
      new ExtensionPeer.Told() {
        @Override
        public void record(EsRecord record) {
          deliver(() -> translator.translate(record, true, consumer));
        }

        @Override
        public void lost(long timeNanos, long total) {
          deliver(() -> translator.lost(total, timeNanos, consumer));
        }

        @Override
        public void unreadable(String why) {
          problems.accept(path + ": " + why);
          translator.alsoLost(1);
        }
      };

  private void deliver(Runnable work) {
    synchronized (delivery) {
      if (!closed) {
        work.run();
      }
    }
  }

  private void welcome(SelectionKey key) {
    if (extension != null) {
      end(extension, "a newer extension has taken its place");
    }
    extension = key;
    translator.newClient();
  }

  private void end(SelectionKey key, String why) {
    ExtensionPeer peer = (ExtensionPeer) key.attachment();
    if (!peer.proved()) {
      waiting--;
      refused.incrementAndGet();
    }
    if (key.equals(extension)) {
      extension = null;
      translator.alsoLost(1); // what it does from now on we do not learn
    }
    if (why != null) {
      problems.accept(path + ": a connection was ended: " + why);
    }
    key.cancel();
    try {
      peer.channel().close();
    } catch (IOException e) {
      return; // it is gone, one way or the other
    }
  }

  private void sendAwayTheSlow() {
    long now = System.nanoTime();
    for (SelectionKey key : selector.keys()) {
      if (key.isValid()
          && key.attachment() instanceof ExtensionPeer peer
          && !peer.proved()
          && now - peer.sinceNanos() > patienceNanos) {
        end(key, "it did not prove itself in time");
      }
    }
  }

  private void endAll() {
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.attachment() instanceof ExtensionPeer) {
        end(key, null);
      }
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (delivery) {
      if (closed) {
        return;
      }
      closed = true;
    }
    Thread serving = thread;
    if (serving == null || serving == Thread.currentThread()) {
      return;
    }
    selector.wakeup();
    try {
      serving.join(CLOSING_MILLIS); // the socket is gone by then
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
