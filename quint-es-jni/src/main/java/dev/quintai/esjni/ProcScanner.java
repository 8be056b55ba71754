package dev.quintai.esjni;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.TruthSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Looks at {@code /proc} again and again: the truth source for where nothing better works.
 *
 * <p>It sees processes that live at the moment of a look: their forks, the program they run, their
 * end. It does not see files or network, a process that starts and ends between two looks, a
 * program that was replaced by another in between, nor exit codes (-1). A process whose parent
 * ended before the next look cannot be attributed to the tree and is missed with all that follows
 * from it.
 *
 * <p>A program is told at the time when its process was made, where the process is new, and at the
 * latest when that process made others: what it started comes after it. Only that a new process
 * replaced its program in between, and when, nobody can tell.
 *
 * <p>It watches one process and its descendants. Thread-safe; {@link #start} makes one thread, and
 * {@link #scan} looks once in the caller's.
 */
public final class ProcScanner implements TruthSource {

  /** Name of this sensor in {@link Origin#source()}. */
  public static final String NAME = "proc";

  /** How often to look unless told otherwise. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(100);

  /** Most processes of one tree; later ones are not followed. */
  static final int PROCESSES_MAX = 32_768;

  private record Known(ProcessId id, String exe, List<String> argv) {}

  private final ProcFs proc;
  private final BootClock clock;
  private final ProcessId root;
  private final Duration interval;
  private final ThreadFactory threads;
  private final Map<Integer, Known> known = new HashMap<>();
  private final GuardedConsumer guard = new GuardedConsumer();
  private long sequence;
  private boolean rootTold;
  private Thread thread;
  private volatile boolean closed;

  /** Watches a process and its descendants every {@link #DEFAULT_INTERVAL}. */
  public ProcScanner(BootClock clock, ProcessId root) {
    this(new ProcFs(clock), clock, root, DEFAULT_INTERVAL, ProcScanner::daemonThread);
  }

  /**
   * Watches a process and its descendants.
   *
   * @param interval how long to wait between two looks, at least 1 ms
   * @param threads makes the thread of {@link #start}
   */
  public ProcScanner(BootClock clock, ProcessId root, Duration interval, ThreadFactory threads) {
    this(new ProcFs(clock), clock, root, interval, threads);
  }

  ProcScanner(
      ProcFs proc, BootClock clock, ProcessId root, Duration interval, ThreadFactory threads) {
    this.proc = proc;
    this.clock = clock;
    this.root = Objects.requireNonNull(root, "root");
    this.interval = interval;
    this.threads = Objects.requireNonNull(threads, "threads");
    if (interval.toMillis() < 1) {
      throw new IllegalArgumentException("interval must be at least 1 ms: " + interval);
    }
  }

  private static Thread daemonThread(Runnable work) {
    Thread thread = new Thread(work, "quint-proc-scanner");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability availability() {
    return proc.present() ? Availability.YES : Availability.no("there is no readable /proc here");
  }

  @Override
  public Set<Sight> sees() {
    return EnumSet.of(Sight.EXEC, Sight.FORK, Sight.EXIT);
  }

  @Override
  public boolean lossless() {
    return false;
  }

  @Override
  public synchronized void start(Consumer<? super Event> consumer) {
    Objects.requireNonNull(consumer, "consumer");
    if (thread != null || closed) {
      throw new IllegalStateException("a scanner runs once");
    }
    thread = threads.newThread(() -> run(consumer));
    thread.start();
  }

  private void run(Consumer<? super Event> consumer) {
    Consumer<Event> guarded = guard.over(consumer);
    try {
      while (!closed && scan(guarded)) {
        Thread.sleep(interval.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /**
   * Looks once.
   *
   * @return whether any process of the tree is left
   */
  public synchronized boolean scan(Consumer<? super Event> consumer) {
    long now = clock.nowNanos();
    Map<Integer, ProcStat> alive = alive();
    tellEnded(now, alive, consumer);
    Map<Integer, Long> firstForks = firstForks(alive);
    Set<Integer> looked = new HashSet<>();
    for (Integer pid : alive.keySet()) {
      visit(pid, now, alive, firstForks, looked, consumer);
    }
    rootTold = true;
    return !known.isEmpty();
  }

  private Map<Integer, ProcStat> alive() {
    Map<Integer, ProcStat> alive = new HashMap<>();
    for (int pid : proc.pids()) {
      ProcStat stat = proc.stat(pid);
      if (stat != null && stat.state() != 'Z' && stat.state() != 'X') {
        alive.put(pid, stat);
      }
    }
    return alive;
  }

  private void tellEnded(long now, Map<Integer, ProcStat> alive, Consumer<? super Event> consumer) {
    for (Iterator<Known> all = known.values().iterator(); all.hasNext(); ) {
      ProcessId id = all.next().id();
      ProcStat stat = alive.get(id.pid());
      if (stat == null || !proc.id(stat).equals(id)) {
        all.remove();
        consumer.accept(new ProcessExit(now, id, origin(), -1));
      }
    }
  }

  /** From the process up to an ancestor that was looked at, then down: parents come first. */
  private void visit(
      int pid,
      long now,
      Map<Integer, ProcStat> alive,
      Map<Integer, Long> firstForks,
      Set<Integer> looked,
      Consumer<? super Event> consumer) {
    Deque<ProcStat> line = new ArrayDeque<>();
    for (ProcStat at = alive.get(pid); at != null && looked.add(at.pid()); ) {
      line.push(at);
      at = known.containsKey(at.pid()) ? null : alive.get(at.ppid());
    }
    for (ProcStat stat : line) {
      look(stat, Math.min(now, firstForks.getOrDefault(stat.pid(), now)), consumer);
    }
  }

  /** When each process made the first of those that are new since the last look. */
  private Map<Integer, Long> firstForks(Map<Integer, ProcStat> alive) {
    Map<Integer, Long> first = new HashMap<>();
    if (rootTold) {
      for (ProcStat stat : alive.values()) {
        if (!known.containsKey(stat.pid())) {
          first.merge(stat.ppid(), proc.id(stat).startMs() * 1_000_000L, Math::min);
        }
      }
    }
    return first;
  }

  private void look(ProcStat stat, long now, Consumer<? super Event> consumer) {
    Known before = known.get(stat.pid());
    ProcessId id = proc.id(stat);
    if (before == null && !id.equals(root)) {
      before = known.get(stat.ppid());
      if (before == null || known.size() >= PROCESSES_MAX) {
        return;
      }
      long made = id.startMs() * 1_000_000L;
      consumer.accept(new ProcessFork(made, before.id(), origin(), id));
      now = rootTold ? Math.min(now, made) : now;
    } else if (before == null && rootTold) {
      return; // it ended, and its end was told
    }
    compare(stat, id, before, now, consumer);
  }

  /** Compares with what the process ran before, or with what its parent runs. */
  private void compare(
      ProcStat stat, ProcessId id, Known before, long now, Consumer<? super Event> consumer) {
    String exe = proc.exe(stat.pid());
    List<String> argv = proc.commandLine(stat.pid());
    if (exe == null && before != null) {
      exe = before.exe();
      argv = before.argv();
    }
    known.put(stat.pid(), new Known(id, exe, argv));
    boolean changed =
        before == null || !Objects.equals(exe, before.exe()) || !argv.equals(before.argv());
    if (exe != null && changed) {
      consumer.accept(
          new ProcessExec(
              now,
              id,
              origin(),
              stat.ppid(),
              exe,
              argv,
              proc.cwd(stat.pid()),
              proc.uid(stat.pid()),
              null,
              null));
    }
  }

  /** How many events the consumer of {@link #start} threw at. */
  public long refusedByConsumer() {
    return guard.refused();
  }

  private Origin origin() {
    return new Origin(NAME, sequence++);
  }

  @Override
  public void close() {
    closed = true;
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      running.interrupt();
    }
  }
}
