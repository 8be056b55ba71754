package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.TruthEvent;
import dev.quintai.core.sensitive.SensitiveTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Starts a command on Linux and reports what its whole process tree does: forks, execs, exits, file
 * opens, creations, renames, removals, and connections. It needs no rights. Between the kernel and
 * the supervisor nothing is lost, since a call waits until it has been seen; a reader that falls
 * behind loses events, and is told how many.
 *
 * <p>The command inherits standard input, output and error, the terminal and the process group of
 * this JVM, and its exit code is passed on. When this JVM dies the command goes on as if it had not
 * been watched, unless {@link Builder#killOnLoss} is set. Unless the JVM has CAP_SYS_ADMIN,
 * programs that gain rights by a set-user-id bit (sudo, su) do not gain them in the tree ({@link
 * #noNewPrivileges()}).
 *
 * <p>An instance runs one command once. Thread-safe; events come from one thread.
 */
public final class LinuxTrace implements CommandTrace {

  /** {@link Origin#source()} of an act that was refused: it did not happen. */
  public static final String REFUSED = WireDecoder.SOURCE + Origin.REFUSED;

  private static final int FEATURE_NO_NEW_PRIVILEGES = 1;

  private final Builder settings;
  private TraceConnection connection;
  private boolean closed;

  private LinuxTrace(Builder settings) {
    this.settings = settings;
  }

  /** A trace to be set up. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Whether commands can be watched here. The first answer for a directory is found by watching a
   * process of our own, in some 20 ms; it is kept.
   *
   * @param runtimeDirectory as in {@link Builder#runtimeDirectory}
   */
  public static Availability availability(Path runtimeDirectory) {
    return TraceProgram.availability(NativeBinary.TRACE, List.of(), runtimeDirectory);
  }

  @Override
  public String name() {
    return WireDecoder.SOURCE;
  }

  @Override
  public Availability availability() {
    return availability(settings.runtimeDirectory);
  }

  @Override
  public Set<Sight> sees() {
    EnumSet<Sight> sees = EnumSet.allOf(Sight.class);
    sees.remove(Sight.DNS);
    if (settings.reads == Reads.WRITES) {
      sees.remove(Sight.FILE_READ);
    }
    return sees;
  }

  @Override
  public boolean lossless() {
    return true;
  }

  /**
   * Starts the command. Returns when it runs; events may have been delivered by then, the root's
   * own exec as the first.
   *
   * @throws TraceRefusedException when it cannot be watched; it was not started
   * @throws IOException when it cannot be executed
   * @throws IllegalStateException when it was started before
   */
  @Override
  public void start(Consumer<? super Event> consumer) throws IOException {
    Objects.requireNonNull(consumer, "consumer");
    synchronized (this) {
      if (connection != null || closed) {
        throw new IllegalStateException("a trace runs once");
      }
    }
    Path asked =
        settings.asked == null
            ? null
            : AskPatterns.write(settings.asked, settings.runtimeDirectory);
    try {
      start(consumer, asked);
    } finally {
      if (asked != null) {
        Files.deleteIfExists(asked); // it has been read
      }
    }
  }

  private void start(Consumer<? super Event> consumer, Path asked) throws IOException {
    TraceConnection opened;
    synchronized (this) {
      if (connection != null || closed) {
        throw new IllegalStateException("a trace runs once");
      }
      connection = TraceConnection.open(settings.order(asked), consumer);
      opened = connection;
    }
    try {
      opened.awaitStart();
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public ProcessId root() {
    return started().root();
  }

  /**
   * Whether set-user-id programs do not gain rights in the tree.
   *
   * @throws IllegalStateException before {@link #start}
   */
  public boolean noNewPrivileges() {
    return (started().features() & FEATURE_NO_NEW_PRIVILEGES) != 0;
  }

  @Override
  public int waitFor() throws InterruptedException {
    return started().waitFor();
  }

  /**
   * Lets acts through that {@link Builder#refuse} would refuse. In effect for every act that is
   * asked for after this returns. The supervisor keeps the last 1,024.
   *
   * @param pattern as in {@link Builder#refuse}
   * @throws IOException when the supervisor is gone
   * @throws IllegalStateException before {@link #start}
   */
  public void declare(String pattern) throws IOException {
    PolicyFrames.check(pattern);
    started().send(PolicyFrames.declare(pattern));
  }

  /**
   * Takes all declarations back.
   *
   * @throws IOException when the supervisor is gone
   * @throws IllegalStateException before {@link #start}
   */
  public void forgetDeclared() throws IOException {
    started().send(PolicyFrames.forget());
  }

  /** How many events the consumer refused by throwing. */
  public long refusedByConsumer() {
    return started().refusedByConsumer();
  }

  private synchronized TraceConnection started() {
    if (connection == null) {
      throw new IllegalStateException("not started");
    }
    return connection;
  }

  /**
   * Stops delivering. A command that still runs goes on unwatched (or is ended, with {@link
   * Builder#killOnLoss}).
   */
  @Override
  public void close() throws IOException {
    TraceConnection open;
    synchronized (this) {
      closed = true;
      open = connection;
    }
    if (open != null) {
      open.close();
    }
  }

  /** Sets up a {@link LinuxTrace}. Not thread-safe. */
  public static final class Builder {

    private static final int QUEUE_KIB = 8 * 1024;
    private static final int PATTERNS_MAX = 256;

    List<String> command = List.of();
    Map<String, String> environment;
    Path directory;
    Path runtimeDirectory;
    BootClock clock;
    Reads reads = Reads.ALL;
    boolean killOnLoss;
    int queueKib = QUEUE_KIB;
    List<String> refused = List.of();
    SensitiveTargets asked;
    Predicate<? super TruthEvent> allowed = event -> false;
    ThreadFactory threads = Builder::daemonThread;

    private Builder() {}

    private static Thread daemonThread(Runnable work) {
      Thread thread = new Thread(work, "quint-trace-reader");
      thread.setDaemon(true);
      return thread;
    }

    /**
     * The program and its arguments; a program without a slash is looked for in its {@code PATH}.
     */
    public Builder command(List<String> command) {
      this.command = List.copyOf(command);
      return this;
    }

    /** Its whole environment; that of this JVM by default. */
    public Builder environment(Map<String, String> environment) {
      this.environment = Map.copyOf(environment);
      return this;
    }

    /** Its working directory; that of this JVM by default. */
    public Builder directory(Path directory) {
      this.directory = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /**
     * Where the program is unpacked and the socket made. Must exist, belong to us, be closed to
     * others (0700), and allow programs to run.
     */
    public Builder runtimeDirectory(Path runtimeDirectory) {
      this.runtimeDirectory = Objects.requireNonNull(runtimeDirectory, "runtimeDirectory");
      return this;
    }

    /** Gives times and start times their offset. */
    public Builder clock(BootClock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** Which opens are reported; {@link Reads#ALL} by default. */
    public Builder reads(Reads reads) {
      this.reads = Objects.requireNonNull(reads, "reads");
      return this;
    }

    /** Whether the tree is ended when this JVM dies or stops reading; not by default. */
    public Builder killOnLoss(boolean killOnLoss) {
      this.killOnLoss = killOnLoss;
      return this;
    }

    /**
     * How much the supervisor keeps for a reader that is behind, in KiB, 256 to 1,048,576; 8,192 by
     * default, some 80,000 events. What does not fit is counted and lost.
     */
    public Builder queueKib(int queueKib) {
      if (queueKib < 256 || queueKib > 1024 * 1024) {
        throw new IllegalArgumentException("queueKib must be 256 to 1048576: " + queueKib);
      }
      this.queueKib = queueKib;
      return this;
    }

    /**
     * Sensitive targets: whoever in the tree touches one that was not declared with {@link
     * LinuxTrace#declare} gets EPERM, and nothing has happened. In effect before the command runs.
     * The event comes with {@link LinuxTrace#REFUSED} as its source. Opens are refused as far as
     * they are watched, so with {@link Reads#WRITES} reads are not.
     *
     * @param patterns as of fnmatch(3), where {@code *} matches {@code /} too: against absolute
     *     paths, links followed, and against {@code connect:ADDRESS:PORT}; at most 256 of at most
     *     4,096 bytes
     */
    public Builder refuse(List<String> patterns) {
      if (patterns.size() > PATTERNS_MAX) {
        throw new IllegalArgumentException(patterns.size() + " patterns; at most " + PATTERNS_MAX);
      }
      patterns.forEach(PolicyFrames::check);
      this.refused = List.copyOf(patterns);
      return this;
    }

    /**
     * Sensitive targets that are touched only when this says so, each time anew: the call waits for
     * the answer, and gets EPERM when it is no. The event of a refused one has {@link
     * LinuxTrace#REFUSED} as its source. Asked on the delivering thread, after all that happened
     * before has been delivered; only the call in question waits. An answer that takes longer than
     * 2 s is no, and so is an exception; while 16 calls wait, further ones are refused. When this
     * JVM is gone, calls go on. With {@link Reads#WRITES} reads are not asked about.
     *
     * @param targets what is asked about: each access to their files but reads of such as are
     *     sensitive to writing only, and each contact with their hosts by address; somewhat more
     *     than that, since paths are compared without knowing whose home is whose
     * @param allowed told what the call would do, a {@link dev.quintai.core.event.FileEvent},
     *     {@link dev.quintai.core.event.NetworkConnect} or {@link
     *     dev.quintai.core.event.LocalConnect}
     */
    public Builder ask(SensitiveTargets targets, Predicate<? super TruthEvent> allowed) {
      this.asked = Objects.requireNonNull(targets, "targets");
      this.allowed = Objects.requireNonNull(allowed, "allowed");
      return this;
    }

    /** Makes the one thread that delivers; a daemon thread by default. */
    public Builder threads(ThreadFactory threads) {
      this.threads = Objects.requireNonNull(threads, "threads");
      return this;
    }

    /**
     * The trace.
     *
     * @throws IllegalArgumentException when command, runtime directory or clock is missing, or the
     *     runtime directory is open to others
     */
    public LinuxTrace build() {
      if (command.isEmpty() || runtimeDirectory == null || clock == null) {
        throw new IllegalArgumentException("command, runtimeDirectory and clock are required");
      }
      NativeBinary.requirePrivate(runtimeDirectory);
      return new LinuxTrace(copy());
    }

    private Builder copy() {
      Builder copy = new Builder();
      copy.command = command;
      copy.environment = environment;
      copy.directory = directory;
      copy.runtimeDirectory = runtimeDirectory;
      copy.clock = clock;
      copy.reads = reads;
      copy.killOnLoss = killOnLoss;
      copy.queueKib = queueKib;
      copy.threads = threads;
      copy.refused = refused;
      copy.asked = asked;
      copy.allowed = allowed;
      return copy;
    }

    /**
     * What to start.
     *
     * @param askFile what to ask about, or null
     */
    TraceConnection.Order order(Path askFile) {
      List<String> line = new ArrayList<>();
      line.addAll(List.of("--clock-offset-ns", Long.toString(clock.offsetNanos())));
      line.addAll(List.of("--reads", reads.option()));
      line.addAll(List.of("--orphan", killOnLoss ? "kill" : "continue"));
      line.addAll(List.of("--queue-kib", Integer.toString(queueKib)));
      for (String pattern : refused) {
        line.addAll(List.of("--refuse", pattern));
      }
      if (askFile != null) {
        line.addAll(List.of("--ask-file", askFile.toString()));
      }
      return new TraceConnection.Order(
          NativeBinary.TRACE,
          WireDecoder.SOURCE,
          line,
          command,
          environment,
          directory,
          runtimeDirectory,
          clock,
          threads,
          allowed);
    }
  }
}
