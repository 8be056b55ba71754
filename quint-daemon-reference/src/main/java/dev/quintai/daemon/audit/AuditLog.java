package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An audit log that is open for writing.
 *
 * <p>{@link #append} queues a row and returns; one writer thread commits what is queued in groups.
 * After {@link #flush}, or {@link #close}, rows are on disk and survive a power cut. A kill of the
 * process loses what was still queued: at most the group commit window and one commit.
 *
 * <p>The queue is bounded. When it is full the caller waits for at most {@link
 * AuditOptions#maxBlock}, then the row is dropped and counted, and the next row that can be written
 * is preceded by one of method {@code dropped} that carries the count. While the database cannot be
 * written (disk full, locked by others) the writer keeps trying; {@link #health} tells.
 *
 * <p>Several processes may have one log open; their rows make one chain. A writer that ended
 * without closing the log is noticed by the next one, which appends a row of method {@code resumed}
 * and makes a checkpoint. Thread-safe.
 */
public final class AuditLog implements AutoCloseable {
  private static final int MAX_BATCH_ROWS = 512;
  private static final long MAX_BATCH_BYTES = 4L << 20;
  private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(20).toNanos();
  private static final long LAST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Path file;
  private final AuditKeys keys;
  private final InstantSource clock;
  private final AuditOptions options;
  private final RowQueue queue;
  private final Thread thread;

  // Used by the opening thread, then by the writer's alone.
  private ChainWriter chain;
  private WriterLock lock;
  private boolean lost;
  private long reportedDrops;
  private long firstUncheckpointed;
  private boolean hasUncheckpointed;
  private IOException closeFailure;

  private final Object checkpointMonitor = new Object();
  private long checkpointsWanted;
  private long checkpointsDone;
  private AuditCheckpoint lastCheckpoint;
  private String checkpointFailure;

  private volatile long closeDeadline;
  private volatile String lastFailure;

  private AuditLog(Path file, AuditKeys keys, InstantSource clock, AuditOptions options) {
    this.file = file.toAbsolutePath();
    this.keys = keys;
    this.clock = clock;
    this.options = options;
    this.queue = new RowQueue(options.maxQueuedRows(), options.maxQueuedBytes());
    this.thread = new Thread(this::run, "quint-audit-writer");
    this.thread.setDaemon(true);
  }

  /**
   * Opens a log, and makes it (0600, its directory 0700) when it is absent.
   *
   * @param file the SQLite database
   * @param keys what signs the rows, or null for a chain without signatures; a log that has signed
   *     rows takes no others
   * @param clock stamps rows that carry no time of their own, and checkpoints
   * @throws IOException when it cannot be opened or written, or is no audit log
   */
  public static AuditLog open(Path file, AuditKeys keys, InstantSource clock, AuditOptions options)
      throws IOException {
    Objects.requireNonNull(clock, "clock");
    AuditLog log = new AuditLog(file, keys, clock, options);
    PrivateFiles.createDirectories(log.file.getParent());
    log.openChain(null);
    log.thread.start();
    return log;
  }

  /** Opens with {@link AuditOptions#defaults} and the system's clock. */
  public static AuditLog open(Path file, AuditKeys keys) throws IOException {
    return open(file, keys, InstantSource.system(), AuditOptions.defaults());
  }

  private void openChain(String cause) throws IOException {
    WriterLock.acquire(
        file,
        acquired -> {
          ChainWriter opened = ChainWriter.open(file, keys, clock, options.maxFileBytes());
          boolean done = false;
          try {
            resume(opened, acquired, cause);
            done = true;
          } finally {
            if (!done) {
              opened.close();
            }
          }
          chain = opened;
          lock = acquired;
          return acquired;
        });
  }

  /** Appends the row that says that the log was not closed, if so, and makes a checkpoint. */
  private void resume(ChainWriter opened, WriterLock acquired, String cause) throws IOException {
    try {
      ChainWriter.Head head = opened.head();
      long checkpointed = opened.checkpointed();
      boolean open = acquired.firstWriter() && head.id() > checkpointed;
      String why = cause;
      if (why == null && (open || acquired.foundCrash())) {
        why = "a writer ended without closing the log";
      }
      if (why != null) {
        String details =
            "{\"cause\":\""
                + why
                + "\",\"last_id\":"
                + head.id()
                + ",\"checkpointed_id\":"
                + checkpointed
                + "}";
        opened.append(List.<Object[]>of(marker("resumed", details)));
        tell(opened.checkpoint());
      }
    } catch (SQLException e) {
      throw new IOException("cannot write the audit log " + file + ": " + e.getMessage(), e);
    }
  }

  /** A row that the log writes about itself. */
  private Object[] marker(String method, String details) {
    AuditRow row =
        AuditRow.builder(AuditRow.Direction.REQUEST)
            .timestamp(clock.instant())
            .serverName("quint")
            .method(method)
            .argumentsJson(details)
            .verdict(AuditRow.Outcome.PASSTHROUGH)
            .processPid(ProcessHandle.current().pid())
            .build();
    return row.prepared(AuditOptions.MAX_TEXT_BYTES, AuditOptions.MAX_TEXT_BYTES);
  }

  /**
   * Queues a row. Text is made safe (a lone surrogate and NUL become U+FFFD) and cut to the limits
   * here, on the caller's thread.
   *
   * @return false when there was no room in time, or the log is closed: the row is dropped and
   *     counted
   */
  public boolean append(AuditRow row) {
    Object[] values = row.prepared(AuditOptions.MAX_TEXT_BYTES, options.maxBodyBytes());
    int timestamp = AuditColumn.TIMESTAMP.ordinal();
    if (values[timestamp] == null) {
      values[timestamp] = AuditTime.format(clock.instant());
    }
    return queue.add(values, options.maxBlock().toNanos());
  }

  /**
   * Waits until every row queued so far is committed, without waiting for the group commit window.
   *
   * @return whether that was so in time; rows that were dropped after they were queued count as
   *     settled, see {@link #health}
   */
  public boolean flush(Duration timeout) throws InterruptedException {
    return queue.awaitSettled(timeout.toNanos());
  }

  /**
   * Commits what is queued and makes a checkpoint of the head.
   *
   * @return the checkpoint, or nothing when the last one covers the head already
   * @throws IOException when it could not be written within the close timeout
   */
  public Optional<AuditCheckpoint> checkpoint() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + options.closeTimeout().toNanos();
    if (!flush(options.closeTimeout())) {
      throw new IOException("no checkpoint of " + file + ": " + lastFailure);
    }
    synchronized (checkpointMonitor) {
      long mine = ++checkpointsWanted;
      queue.wake();
      while (checkpointsDone < mine) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0 || !thread.isAlive()) {
          throw new IOException("no checkpoint of " + file + ": " + lastFailure);
        }
        checkpointMonitor.wait(left);
      }
      if (checkpointFailure != null) {
        throw new IOException("no checkpoint of " + file + ": " + checkpointFailure);
      }
      return Optional.ofNullable(lastCheckpoint);
    }
  }

  /** What has become of the rows so far. */
  public AuditHealth health() {
    RowQueue.Counts counts = queue.counts();
    return new AuditHealth(
        counts.accepted(), counts.accepted() - counts.settled(), counts.dropped(), lastFailure);
  }

  /**
   * Writes what is queued, makes the last checkpoint and closes. Does nothing the second time.
   *
   * @throws IOException when not all of it could be written within the close timeout, with the
   *     number of rows lost; the next start then finds a log that was not closed in good order
   */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closeDeadline == 0) {
        closeDeadline = Math.max(1, System.nanoTime() + options.closeTimeout().toNanos());
        queue.close();
      }
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    IOException failure = closeFailure;
    closeFailure = null;
    if (failure != null) {
      throw failure;
    }
  }

  private void run() {
    List<Object[]> batch = new ArrayList<>(MAX_BATCH_ROWS);
    try {
      while (!queue.isClosed() || !queue.isEmpty()) {
        batch.clear();
        queue.take(
            batch, idleNanos(), options.groupCommit().toNanos(), MAX_BATCH_ROWS, MAX_BATCH_BYTES);
        writeBatch(batch);
        checkpointWhenDue();
      }
      writeBatch(List.of());
    } catch (InterruptedException e) {
      lost = true;
      lastFailure = "the writer was interrupted";
    } finally {
      finish();
    }
  }

  private long idleNanos() {
    if (!hasUncheckpointed) {
      return IDLE_NANOS;
    }
    long age = System.nanoTime() - firstUncheckpointed;
    return Math.min(IDLE_NANOS, Math.max(0, options.checkpointInterval().toNanos() - age));
  }

  /** Writes rows, and before them the count of rows dropped since the last one that said so. */
  private void writeBatch(List<Object[]> batch) throws InterruptedException {
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      if (lost) {
        // Closing has taken its time already: what is left is given up without another try.
        queue.settle(batch.size(), false);
        return;
      }
      long drops = queue.counts().dropped();
      if (batch.isEmpty() && drops == reportedDrops) {
        return;
      }
      try {
        reopenWhenReplaced();
        List<Object[]> rows = new ArrayList<>(batch.size() + 1);
        if (drops > reportedDrops) {
          rows.add(marker("dropped", "{\"rows\":" + (drops - reportedDrops) + "}"));
        }
        rows.addAll(batch);
        chain.append(rows);
        reportedDrops = drops;
        if (!hasUncheckpointed) {
          hasUncheckpointed = true;
          firstUncheckpointed = System.nanoTime();
        }
        lastFailure = null;
        queue.settle(batch.size(), true);
        return;
      } catch (SQLException | IOException | RuntimeException e) {
        lastFailure = describe(e);
        if (!ChainWriter.isTransient(e)) {
          batch = withoutOffenders(batch);
          if (batch.isEmpty()) {
            return;
          }
        } else if (closeDeadline != 0 && System.nanoTime() - closeDeadline > 0) {
          lost = true;
        } else {
          queue.pause(pause);
          if (queue.isClosed()) {
            Thread.sleep(pause / 1_000_000);
          }
          pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
        }
      }
    }
  }

  /** Writes the rows of a batch that SQLite refuses one by one, and drops those that it refuses. */
  private List<Object[]> withoutOffenders(List<Object[]> batch) {
    for (int i = 0; i < batch.size(); i++) {
      try {
        chain.append(List.<Object[]>of(batch.get(i)));
        hasUncheckpointed = true;
        queue.settle(1, true);
      } catch (SQLException | IOException | RuntimeException e) {
        lastFailure = describe(e);
        if (ChainWriter.isTransient(e)) {
          return batch.subList(i, batch.size());
        }
        queue.settle(1, false);
      }
    }
    return List.of();
  }

  /** A log that was deleted or replaced under the writer is begun again, visibly. */
  private void reopenWhenReplaced() throws IOException {
    if (!chain.isReplaced()) {
      return;
    }
    chain.close();
    lock.close();
    openChain("the log file was removed or replaced");
    hasUncheckpointed = false;
  }

  private void checkpointWhenDue() {
    long wanted;
    synchronized (checkpointMonitor) {
      wanted = checkpointsWanted;
    }
    boolean asked = wanted > checkpointsDone;
    boolean due =
        hasUncheckpointed
            && System.nanoTime() - firstUncheckpointed >= options.checkpointInterval().toNanos();
    if (!asked && !due) {
      return;
    }
    AuditCheckpoint made = null;
    String failure = null;
    try {
      made = chain.checkpoint();
      hasUncheckpointed = false;
    } catch (SQLException | RuntimeException e) {
      failure = describe(e);
      lastFailure = failure;
      // Try again after another interval rather than at once.
      firstUncheckpointed = System.nanoTime();
    }
    tell(made);
    synchronized (checkpointMonitor) {
      checkpointsDone = wanted;
      lastCheckpoint = made;
      checkpointFailure = failure;
      checkpointMonitor.notifyAll();
    }
  }

  private void tell(AuditCheckpoint made) {
    if (made == null) {
      return;
    }
    try {
      options.onCheckpoint().accept(made);
    } catch (RuntimeException e) {
      lastFailure = "a checkpoint could not be sent on: " + describe(e);
    }
  }

  private void finish() {
    try {
      if (lost) {
        lock.close();
      } else {
        lock.closeAfter(
            last -> {
              try {
                tell(chain.checkpoint());
              } catch (SQLException e) {
                throw new IOException("no last checkpoint: " + describe(e), e);
              }
              chain.close();
              return null;
            });
      }
    } catch (IOException | RuntimeException e) {
      lost = true;
      lastFailure = describe(e);
    }
    if (lost) {
      try {
        chain.close();
      } catch (IOException e) {
        lastFailure = describe(e);
      }
      closeFailure =
          new IOException(
              "the audit log "
                  + file
                  + " was not closed in good order ("
                  + (queue.counts().dropped() - reportedDrops)
                  + " rows lost): "
                  + lastFailure);
    }
  }

  private static String describe(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
