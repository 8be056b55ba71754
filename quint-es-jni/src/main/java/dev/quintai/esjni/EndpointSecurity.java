package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.TruthSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * macOS's EndpointSecurity as a truth source: execs, forks, exits, opens, creations, writes,
 * renames and unlinks, of the whole machine or of the processes that {@link Builder#interest}
 * picks.
 *
 * <p>The kernel's messages are decoded in C into a ring that one thread reads; nothing calls up
 * into Java. The thread waits by spinning for some microseconds and then parking for 0.5 ms at a
 * time. What the kernel dropped, by the messages' numbers, and what the ring had no room for is
 * told as one {@link dev.quintai.core.event.SensorLoss} at its place. A file that a process writes
 * many times in one second is told once.
 *
 * <p>With {@link Builder#refuse} it asks before the act, too: opens, creations, renames, unlinks,
 * truncations, links, clones, copies and execs of named targets by the picked processes fail, and
 * come as events of source {@link #REFUSED}. The answer is given in C before the message's handler
 * returns. One that comes in with less than 20 ms left to its deadline gets the default, {@link
 * Builder#lateRefuses}.
 *
 * <p>There is one client in a process. Needs macOS 12, root, the entitlement and Full Disk Access;
 * {@link #availability()} says which of them is missing. Thread-safe; each event allocates itself
 * and those of its strings that were not decoded lately.
 */
public final class EndpointSecurity implements TruthSource {

  /** Name of this sensor in {@link Origin#source()}. */
  public static final String NAME = "es";

  /** Source of the events of acts that were refused. */
  public static final String REFUSED = NAME + Origin.REFUSED;

  private static final int BATCH = 256;
  private static final int SPINS = 20;
  private static final long PARK_NANOS = 500_000;

  /** A client that could not be ended goes on writing: its ring must stay for ever. */
  @SuppressWarnings("UnusedVariable") // to be reachable is all it is for
  private static volatile RecordRing abandoned;

  private final Builder settings;
  private final Object lock = new Object();
  private final AtomicLong refusedByConsumer = new AtomicLong();
  private Thread thread;
  private volatile boolean closed;

  private EndpointSecurity(Builder settings) {
    this.settings = settings;
  }

  /** A source to be set up. */
  public static Builder builder() {
    return new Builder();
  }

  /** What the bridge has counted since it was started. */
  public record Statistics(
      long records,
      long dropped,
      long overflow,
      long answered,
      long refused,
      long late,
      long unanswered,
      long merged,
      long muted) {}

  @Override
  public String name() {
    return NAME;
  }

  /** Makes a client and ends it again, unless this source is at work. */
  @Override
  public Availability availability() {
    synchronized (lock) {
      return thread != null ? Availability.YES : availability(settings.runtimeDirectory);
    }
  }

  /**
   * Whether EndpointSecurity can be used here, and if not what is missing.
   *
   * @param runtimeDirectory as in {@link Builder#runtimeDirectory}
   */
  public static Availability availability(Path runtimeDirectory) {
    String missing = EsLibrary.missing();
    if (!missing.isEmpty()) {
      return Availability.no(missing);
    }
    try {
      EsLibrary.load(runtimeDirectory);
    } catch (IOException e) {
      return Availability.no(e.getMessage());
    }
    RecordRing ring = new RecordRing(RecordRing.CAPACITY_MIN);
    int error = EsLibrary.open(ring.memory(), EsLibrary.SELECTS);
    if (error == EsLibrary.ALREADY_OPEN) {
      return Availability.YES;
    }
    error = error == 0 ? EsLibrary.close() : error;
    if (error == EsLibrary.NOT_DELETED) {
      abandoned = ring;
    }
    return error == 0 ? Availability.YES : Availability.no(EsLibrary.cause(error));
  }

  @Override
  public Set<Sight> sees() {
    return EnumSet.complementOf(EnumSet.of(Sight.NETWORK, Sight.DNS));
  }

  /** The kernel drops messages when they are not taken fast enough. */
  @Override
  public boolean lossless() {
    return false;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException whose message says what is missing and what to do about it
   */
  @Override
  public void start(Consumer<? super Event> consumer) throws IOException {
    Objects.requireNonNull(consumer, "consumer");
    CompletableFuture<Integer> opened = new CompletableFuture<>();
    synchronized (lock) {
      if (thread != null || closed) {
        throw new IOException("this source has been started or closed before");
      }
      EsLibrary.load(settings.runtimeDirectory);
      thread = settings.threads.newThread(() -> run(consumer, opened));
      thread.start();
    }
    int error = opened.join();
    if (error != 0) {
      synchronized (lock) {
        closed = true;
        thread = null;
      }
      throw new IOException(EsLibrary.cause(error));
    }
  }

  private void run(Consumer<? super Event> consumer, CompletableFuture<Integer> opened) {
    RecordRing ring = new RecordRing(settings.ringBytes);
    int error = EsLibrary.open(ring.memory(), settings.options());
    if (error == 0) {
      for (String pattern : settings.refused) {
        EsLibrary.policy(EsLibrary.REFUSE, pattern.getBytes(StandardCharsets.UTF_8));
      }
    }
    opened.complete(error);
    if (error != 0) {
      return;
    }
    try {
      read(ring, consumer);
    } finally {
      if (EsLibrary.close() != 0) {
        abandoned = ring;
      }
    }
  }

  private void read(RecordRing ring, Consumer<? super Event> consumer) {
    EsTranslator translator = new EsTranslator(NAME);
    EsSelection selection = new EsSelection(settings.interest, EsLibrary::mark);
    Consumer<Event> guarded = event -> deliver(event, consumer);
    RecordRing.Handler handler =
        record -> {
          translator.translate(record, selection.wants(record, translator), guarded);
          return !closed;
        };
    int idle = 0;
    while (!closed) {
      if (ring.poll(handler, BATCH) > 0) {
        idle = 0;
      } else {
        translator.lost(ring.lostAfterLast(), guarded);
        idle = pause(idle);
      }
    }
  }

  private static int pause(int idle) {
    if (idle < SPINS) {
      RecordRing.pause();
      return idle + 1;
    }
    LockSupport.parkNanos(PARK_NANOS);
    return idle;
  }

  private void deliver(Event event, Consumer<? super Event> consumer) {
    try {
      consumer.accept(event);
    } catch (RuntimeException e) {
      refusedByConsumer.incrementAndGet(); // the sensor goes on
    }
  }

  /** How many events the consumer threw at. */
  public long refusedByConsumer() {
    return refusedByConsumer.get();
  }

  /** What the bridge has counted. */
  public Statistics statistics() throws IOException {
    EsLibrary.load(settings.runtimeDirectory);
    long[] s = new long[9];
    EsLibrary.statistics(s);
    return new Statistics(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8]);
  }

  /**
   * Says that a process which runs already is of interest, and all that comes of it: what the
   * process scanner found. Without effect where there is no {@link Builder#interest}.
   *
   * @param pidVersion from its audit token
   */
  public void watch(ProcessId process, int pidVersion) throws IOException {
    atWork();
    EsLibrary.mark(process.pid(), pidVersion, EsLibrary.WATCHED);
  }

  /**
   * Allows what {@link Builder#refuse} names, where the pattern matches; in effect for every act
   * that is asked for after this returned. The oldest of 1,024 goes.
   *
   * @throws IOException when the source is not at work
   * @throws IllegalArgumentException when it is no pattern
   */
  public void declare(String pattern) throws IOException {
    PolicyFrames.check(pattern);
    atWork();
    if (!EsLibrary.policy(EsLibrary.DECLARE, pattern.getBytes(StandardCharsets.UTF_8))) {
      throw new IOException("there is no memory for another pattern");
    }
  }

  /** Takes back all that was declared. */
  public void forgetDeclared() throws IOException {
    atWork();
    EsLibrary.policy(EsLibrary.FORGET, new byte[0]);
  }

  private void atWork() throws IOException {
    synchronized (lock) {
      if (thread == null || closed) {
        throw new IOException("EndpointSecurity is not at work");
      }
    }
  }

  /** Waits for the event that is being delivered, unless called by who receives it. */
  @Override
  public void close() throws IOException {
    Thread running;
    synchronized (lock) {
      closed = true;
      running = thread;
    }
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    LockSupport.unpark(running);
    boolean interrupted = false;
    while (running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Settings; each has a default but the runtime directory. Not thread-safe. */
  public static final class Builder {

    private static final int PATTERNS_MAX = 256;

    private Path runtimeDirectory;
    private int ringBytes = 8 << 20;
    private Predicate<? super ProcessExec> interest;
    private List<String> refused = List.of();
    private boolean lateRefuses;
    private ThreadFactory threads = Builder::daemonThread;

    private Builder() {}

    private static Thread daemonThread(Runnable work) {
      Thread thread = new Thread(work, "quint-es");
      thread.setDaemon(true);
      return thread;
    }

    /** Where the library is unpacked. Must exist, belong to us, and be closed to others (0700). */
    public Builder runtimeDirectory(Path runtimeDirectory) {
      this.runtimeDirectory = Objects.requireNonNull(runtimeDirectory, "runtimeDirectory");
      return this;
    }

    /**
     * Capacity of the ring, a power of two from 256 KiB to 1 GiB; 8 MiB by default, some 50,000
     * events. Files leave its last quarter to forks, execs and exits. What finds no room is counted
     * and lost.
     */
    public Builder ringBytes(int ringBytes) {
      RecordRing.checkCapacity(ringBytes);
      this.ringBytes = ringBytes;
      return this;
    }

    /**
     * Which processes are told of: asked once an exec, on the delivering thread, and once for a
     * process that ran before, then with an empty {@code argv}. Descendants of what it picks are
     * told too, whatever they run. Of all others the kernel keeps what they do with files.
     * Everything by default.
     */
    public Builder interest(Predicate<? super ProcessExec> interest) {
      this.interest = Objects.requireNonNull(interest, "interest");
      return this;
    }

    /**
     * Sensitive targets, refused to the processes of {@link #interest}, which must be set: whoever
     * refuses to all may stop the machine.
     *
     * @param patterns as of fnmatch(3), where {@code *} matches {@code /} too: against absolute
     *     paths, and against {@code exec:PATH}; at most 256 of at most 4,096 bytes
     */
    public Builder refuse(List<String> patterns) {
      if (patterns.size() > PATTERNS_MAX) {
        throw new IllegalArgumentException(patterns.size() + " patterns; at most " + PATTERNS_MAX);
      }
      patterns.forEach(PolicyFrames::check);
      this.refused = List.copyOf(patterns);
      return this;
    }

    /** Whether an answer that is due within 20 ms refuses; by default it allows. */
    public Builder lateRefuses(boolean lateRefuses) {
      this.lateRefuses = lateRefuses;
      return this;
    }

    /** Makes the one thread that delivers; a daemon thread by default. */
    public Builder threads(ThreadFactory threads) {
      this.threads = Objects.requireNonNull(threads, "threads");
      return this;
    }

    /**
     * The source.
     *
     * @throws IllegalArgumentException when the runtime directory is missing or open to others, or
     *     something is to be refused to everybody
     */
    public EndpointSecurity build() {
      if (runtimeDirectory == null) {
        throw new IllegalArgumentException("runtimeDirectory is required");
      }
      NativeBinary.requirePrivate(runtimeDirectory);
      if (!refused.isEmpty() && interest == null) {
        throw new IllegalArgumentException(
            "refuse needs interest: nothing is refused to everybody");
      }
      return new EndpointSecurity(copy());
    }

    private Builder copy() {
      Builder copy = new Builder();
      copy.runtimeDirectory = runtimeDirectory;
      copy.ringBytes = ringBytes;
      copy.interest = interest;
      copy.refused = refused;
      copy.lateRefuses = lateRefuses;
      copy.threads = threads;
      return copy;
    }

    private int options() {
      return (refused.isEmpty() ? 0 : EsLibrary.BLOCKS)
          | (lateRefuses ? EsLibrary.LATE_DENIES : 0)
          | (interest == null ? 0 : EsLibrary.SELECTS);
    }
  }
}
