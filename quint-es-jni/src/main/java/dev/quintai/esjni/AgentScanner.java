package dev.quintai.esjni;

import dev.quintai.core.PlatformRule;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Looks through the machine's processes for agents, those that ran before us among them, and
 * declares each once as {@link AgentProcess}, with the time at which it really started; its end
 * follows as {@link ProcessExit}. It sees nothing of what they do: that is for a {@link
 * dev.quintai.core.spi.TruthSource}.
 *
 * <p>A process that its direct parent's platform started again is not an agent of its own. On Linux
 * it reads {@code /proc}, elsewhere what Java tells of processes, where the arguments of other
 * users' processes may be missing. A working directory that it cannot read (on macOS, or of another
 * user's agent) it asks {@code lsof} for, once for each agent; that answer is an event of its own,
 * with {@code lsof} as its source, so that it ranks below what others say. An agent that starts and
 * ends between two looks is not found. Thread-safe; {@link #start} makes one thread, and {@link
 * #scan} looks once in the caller's.
 */
public final class AgentScanner implements AutoCloseable {

  /** Name of this sensor in {@link Origin#source()}. */
  public static final String NAME = "scanner";

  /** How often to look unless told otherwise. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

  /** Most agents that are known at once; later ones wait until one has ended. */
  static final int AGENTS_MAX = 4096;

  private record Seen(ProcessId id, int ppid, String exe, String cwd, String platform) {}

  private final BootClock clock;
  private final ProcFs proc;
  private final PlatformRule platforms;
  private final Duration interval;
  private final Map<ProcessId, AgentProcess> known = new HashMap<>();
  private final GuardedConsumer guard = new GuardedConsumer();
  private final Lsof lsof;
  private long sequence;
  private long lsofSequence;
  private Thread thread;
  private volatile boolean closed;

  /**
   * A scanner that looks every {@link #DEFAULT_INTERVAL}.
   *
   * @param platforms which programs are agents, for example {@code PlatformDetector.defaults()}
   */
  public AgentScanner(BootClock clock, PlatformRule platforms) {
    this(clock, platforms, DEFAULT_INTERVAL);
  }

  /**
   * A scanner.
   *
   * @param interval how long to wait between two looks, at least 1 ms
   */
  public AgentScanner(BootClock clock, PlatformRule platforms, Duration interval) {
    this(clock, new ProcFs(clock), new Lsof(), platforms, interval);
  }

  AgentScanner(BootClock clock, ProcFs proc, Lsof lsof, PlatformRule platforms, Duration interval) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.platforms = Objects.requireNonNull(platforms, "platforms");
    this.proc = proc;
    this.lsof = lsof;
    this.interval = interval;
    if (interval.toMillis() < 1) {
      throw new IllegalArgumentException("interval must be at least 1 ms: " + interval);
    }
  }

  /** Starts looking. */
  public synchronized void start(Consumer<? super Event> consumer) {
    Objects.requireNonNull(consumer, "consumer");
    if (thread != null || closed) {
      throw new IllegalStateException("a scanner runs once");
    }
    thread = new Thread(() -> run(consumer), "quint-agent-scanner");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Consumer<? super Event> consumer) {
    Consumer<Event> guarded = guard.over(consumer);
    try {
      while (!closed) {
        scan(guarded);
        Thread.sleep(interval.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** How many events the consumer of {@link #start} threw at. */
  public long refusedByConsumer() {
    return guard.refused();
  }

  /** Looks once. */
  public synchronized void scan(Consumer<? super Event> consumer) {
    if (closed) {
      return;
    }
    long now = clock.nowNanos();
    Map<Integer, Seen> agents = new HashMap<>();
    List<Seen> found = new ArrayList<>();
    ProcessHandle.allProcesses()
        .forEach(
            handle -> {
              Seen seen = look(handle, now);
              if (seen != null) {
                agents.put(seen.id().pid(), seen);
                found.add(seen);
              }
            });
    for (Iterator<AgentProcess> all = known.values().iterator(); all.hasNext(); ) {
      AgentProcess agent = all.next();
      Seen seen = agents.get(agent.process().pid());
      if (seen == null || !seen.id().equals(agent.process())) {
        all.remove();
        consumer.accept(new ProcessExit(now, agent.process(), origin(), -1));
      }
    }
    for (Seen seen : found) {
      Seen parent = agents.get(seen.ppid());
      boolean again = parent != null && parent.platform().equals(seen.platform());
      if (!again && !known.containsKey(seen.id()) && known.size() < AGENTS_MAX) {
        AgentProcess agent =
            new AgentProcess(
                now,
                seen.id(),
                origin(),
                seen.ppid(),
                seen.platform(),
                seen.exe(),
                seen.cwd(),
                null);
        known.put(seen.id(), agent);
        consumer.accept(agent);
        askForFolder(agent, consumer);
      }
    }
  }

  /** The agent is told of already: this may take a moment. */
  private void askForFolder(AgentProcess agent, Consumer<? super Event> consumer) {
    int pid = agent.process().pid();
    String cwd = agent.cwd() == null && !closed ? lsof.cwd(pid) : null;
    boolean same =
        cwd != null
            && ProcessHandle.of(pid)
                .map(handle -> id(handle, pid))
                .filter(agent.process()::equals)
                .isPresent();
    if (same) {
      consumer.accept(
          new AgentProcess(
              agent.timeNanos(),
              agent.process(),
              new Origin(Lsof.NAME, lsofSequence++),
              agent.ppid(),
              agent.platform(),
              null,
              cwd,
              null));
    }
  }

  private Seen look(ProcessHandle handle, long now) {
    int pid = (int) handle.pid();
    ProcessId id = id(handle, pid);
    String exe = proc.present() ? proc.exe(pid) : handle.info().command().orElse(null);
    if (id == null || exe == null) {
      return null; // it has ended, is the kernel's, or is not for us to look at
    }
    int ppid = handle.parent().map(parent -> (int) parent.pid()).orElse(-1);
    String cwd = proc.present() ? proc.cwd(pid) : null;
    List<String> argv = proc.present() ? proc.commandLine(pid) : arguments(handle, exe);
    String platform =
        platforms.platformOf(
            new ProcessExec(now, id, Origin.of(NAME), ppid, exe, argv, cwd, -1, null, null));
    return platform == null ? null : new Seen(id, ppid, exe, cwd, platform);
  }

  private ProcessId id(ProcessHandle handle, int pid) {
    if (proc.present()) {
      return proc.id(pid);
    }
    return handle
        .info()
        .startInstant()
        .map(Instant::toEpochMilli)
        .map(start -> new ProcessId(pid, start))
        .orElse(null);
  }

  private static List<String> arguments(ProcessHandle handle, String exe) {
    List<String> argv = new ArrayList<>(List.of(exe));
    handle.info().arguments().ifPresent(rest -> argv.addAll(List.of(rest)));
    return argv;
  }

  private Origin origin() {
    return new Origin(NAME, sequence++);
  }

  /**
   * Stops looking. Nothing is delivered after this returned, unless the consumer itself calls it.
   */
  @Override
  public void close() {
    closed = true;
    Thread running;
    synchronized (this) { // waits for a look that is under way
      running = thread;
    }
    if (running != null) {
      running.interrupt();
    }
  }
}
