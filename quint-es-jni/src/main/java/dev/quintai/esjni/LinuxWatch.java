package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Watches as root what processes do that run already, or a command that it starts, by {@link
 * LinuxTier#BPF} or {@link LinuxTier#CONNECTOR}. Nothing that is watched waits for us: a reader
 * that falls behind, or a kernel buffer that is full, loses events, and is told how many.
 *
 * <p>What is watched is not touched by our end: it goes on unwatched.
 *
 * <p>An instance runs once. Thread-safe; events come from one thread.
 */
public final class LinuxWatch implements CommandTrace {

  private static final byte FOLLOW = 16;
  private static final int FOLLOW_BYTES = 12;

  private final Builder settings;
  private TraceConnection connection;
  private boolean closed;

  private LinuxWatch(Builder settings) {
    this.settings = settings;
  }

  /**
   * A watch to be set up.
   *
   * @param tier {@link LinuxTier#BPF} or {@link LinuxTier#CONNECTOR}
   * @throws IllegalArgumentException for another one
   */
  public static Builder builder(LinuxTier tier) {
    return new Builder(tier);
  }

  static Availability availability(LinuxTier tier, Path runtimeDirectory) {
    return TraceProgram.availability(
        NativeBinary.WATCH, List.of("--tier", tier.option()), runtimeDirectory);
  }

  @Override
  public String name() {
    return settings.tier.option();
  }

  @Override
  public Availability availability() {
    return availability(settings.tier, settings.runtimeDirectory);
  }

  @Override
  public Set<Sight> sees() {
    Set<Sight> sees = settings.tier.sees();
    if (settings.reads == Reads.WRITES) {
      sees.remove(Sight.FILE_READ);
    }
    return sees;
  }

  @Override
  public boolean lossless() {
    return false;
  }

  /**
   * Starts delivering. Processes that run already are told as they are: a fork from the one that
   * they were found under, and the program that they run.
   *
   * @throws TraceRefusedException when it does not work here; a command was not started
   * @throws IOException when the command cannot be executed
   * @throws IllegalStateException when it was started before
   */
  @Override
  public void start(Consumer<? super Event> consumer) throws IOException {
    Objects.requireNonNull(consumer, "consumer");
    TraceConnection opened;
    synchronized (this) {
      if (connection != null || closed) {
        throw new IllegalStateException("a watch runs once");
      }
      connection = TraceConnection.open(settings.order(), consumer);
      opened = connection;
    }
    try {
      opened.awaitStart();
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Watches a further process and its descendants, as they are now and from now on.
   *
   * @throws IOException when the program that watches is gone
   * @throws IllegalStateException before {@link #start}
   */
  public void follow(int pid) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(FOLLOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    started().send(frame.putInt(FOLLOW_BYTES).put(FOLLOW).put(new byte[3]).putInt(pid).flip());
  }

  @Override
  public ProcessId root() {
    return started().root();
  }

  @Override
  public int waitFor() throws InterruptedException {
    return started().waitFor();
  }

  private synchronized TraceConnection started() {
    if (connection == null) {
      throw new IllegalStateException("not started");
    }
    return connection;
  }

  /** Stops delivering. What is watched goes on. */
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

  /** Sets up a {@link LinuxWatch}. Not thread-safe. */
  public static final class Builder {

    private static final int PIDS_MAX = 1024;

    private final LinuxTier tier;
    private List<String> command = List.of();
    private List<Integer> pids = List.of();
    private boolean everybody;
    private Map<String, String> environment;
    private Path directory;
    private Path runtimeDirectory;
    private BootClock clock;
    private Reads reads = Reads.ALL;
    private int queueKib = 8 * 1024;
    private ThreadFactory threads = Builder::daemonThread;

    private Builder(LinuxTier tier) {
      if (tier != LinuxTier.BPF && tier != LinuxTier.CONNECTOR) {
        throw new IllegalArgumentException(tier + " does not watch running processes as root");
      }
      this.tier = tier;
    }

    private static Thread daemonThread(Runnable work) {
      Thread thread = new Thread(work, "quint-watch-reader");
      thread.setDaemon(true);
      return thread;
    }

    /** A program to start and watch, and its arguments; without one only running processes are. */
    public Builder command(List<String> command) {
      this.command = List.copyOf(command);
      return this;
    }

    /** Processes that run already, watched with their descendants; at most 1,024. */
    public Builder follow(List<Integer> pids) {
      if (pids.size() > PIDS_MAX || pids.stream().anyMatch(pid -> pid < 1)) {
        throw new IllegalArgumentException("at most " + PIDS_MAX + " pids, each above 0");
      }
      this.pids = List.copyOf(pids);
      return this;
    }

    /**
     * Also tells the forks, execs and exits of all other processes of the machine, so that agents
     * can be recognised and then be followed; not by default.
     */
    public Builder everybody(boolean everybody) {
      this.everybody = everybody;
      return this;
    }

    /** The command's whole environment; that of this JVM by default. */
    public Builder environment(Map<String, String> environment) {
      this.environment = Map.copyOf(environment);
      return this;
    }

    /** The command's working directory; that of this JVM by default. */
    public Builder directory(Path directory) {
      this.directory = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /** As {@link LinuxTrace.Builder#runtimeDirectory}. */
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

    /** As {@link LinuxTrace.Builder#queueKib}. */
    public Builder queueKib(int queueKib) {
      if (queueKib < 256 || queueKib > 1024 * 1024) {
        throw new IllegalArgumentException("queueKib must be 256 to 1048576: " + queueKib);
      }
      this.queueKib = queueKib;
      return this;
    }

    /** Makes the one thread that delivers; a daemon thread by default. */
    public Builder threads(ThreadFactory threads) {
      this.threads = Objects.requireNonNull(threads, "threads");
      return this;
    }

    /**
     * The watch.
     *
     * @throws IllegalArgumentException when runtime directory or clock is missing, there is nothing
     *     to watch, or the runtime directory is open to others
     */
    public LinuxWatch build() {
      if (runtimeDirectory == null || clock == null) {
        throw new IllegalArgumentException("runtimeDirectory and clock are required");
      }
      if (command.isEmpty() && pids.isEmpty() && !everybody) {
        throw new IllegalArgumentException("a command, pids or everybody is required");
      }
      NativeBinary.requirePrivate(runtimeDirectory);
      return new LinuxWatch(copy());
    }

    private Builder copy() {
      Builder copy = new Builder(tier);
      copy.command = command;
      copy.pids = pids;
      copy.everybody = everybody;
      copy.environment = environment;
      copy.directory = directory;
      copy.runtimeDirectory = runtimeDirectory;
      copy.clock = clock;
      copy.reads = reads;
      copy.queueKib = queueKib;
      copy.threads = threads;
      return copy;
    }

    private TraceConnection.Order order() {
      List<String> line = new ArrayList<>(List.of("--tier", tier.option()));
      line.addAll(List.of("--clock-offset-ns", Long.toString(clock.offsetNanos())));
      line.addAll(List.of("--reads", reads.option()));
      line.addAll(List.of("--queue-kib", Integer.toString(queueKib)));
      if (everybody) {
        line.add("--everybody");
      }
      for (Integer pid : pids) {
        line.addAll(List.of("--pid", pid.toString()));
      }
      return new TraceConnection.Order(
          NativeBinary.WATCH,
          tier.option(),
          line,
          command,
          environment,
          directory,
          runtimeDirectory,
          clock,
          threads,
          event -> true);
    }
  }
}
