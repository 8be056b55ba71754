package dev.quintai.daemon.audit;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Rows on their way to the writer, bounded in number and in bytes. Any thread may add; one takes.
 */
final class RowQueue {
  private final int maxRows;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();
  private final Condition settled = lock.newCondition();
  private final ArrayDeque<Object[]> rows = new ArrayDeque<>();
  private long bytes;
  private long accepted;
  private long done;
  private long dropped;
  private boolean urgent;
  private boolean closed;

  RowQueue(int maxRows, long maxBytes) {
    this.maxRows = maxRows;
    this.maxBytes = maxBytes;
  }

  /**
   * Adds a row, waiting for room at most {@code nanos}.
   *
   * @return false when there was none, or the queue is closed: the row is dropped and counted
   */
  boolean add(Object[] row, long nanos) {
    long size = sizeOf(row);
    long left = nanos;
    boolean interrupted = false;
    lock.lock();
    try {
      while (!closed && !hasRoom(size) && left > 0) {
        urgent = true;
        work.signal();
        try {
          left = room.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
          left = 0;
        }
      }
      if (closed || !hasRoom(size)) {
        dropped++;
        return false;
      }
      rows.add(row);
      bytes += size;
      accepted++;
      work.signal();
      return true;
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean hasRoom(long size) {
    // An empty queue takes a row of any size, or a large one could never be written.
    return rows.isEmpty() || (rows.size() < maxRows && bytes + size <= maxBytes);
  }

  /**
   * Moves waiting rows to {@code out}: waits up to {@code idleNanos} for a first one, then {@code
   * gatherNanos} for more to commit with it, unless somebody waits for the commit.
   */
  void take(
      List<Object[]> out, long idleNanos, long gatherNanos, int maxBatchRows, long maxBatchBytes)
      throws InterruptedException {
    lock.lock();
    try {
      long left = idleNanos;
      while (rows.isEmpty() && !urgent && !closed && left > 0) {
        left = work.awaitNanos(left);
      }
      left = gatherNanos;
      while (!rows.isEmpty() && !isBatchFull(maxBatchRows, maxBatchBytes) && left > 0) {
        left = work.awaitNanos(left);
      }
      urgent = false;
      long taken = 0;
      while (!rows.isEmpty() && out.size() < maxBatchRows && taken < maxBatchBytes) {
        Object[] row = rows.poll();
        out.add(row);
        taken += sizeOf(row);
      }
      bytes -= taken;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isBatchFull(int maxBatchRows, long maxBatchBytes) {
    return urgent || closed || rows.size() >= maxBatchRows || bytes >= maxBatchBytes;
  }

  /** Tells that rows taken are committed, or that they were given up and count as dropped. */
  void settle(int count, boolean written) {
    lock.lock();
    try {
      done += count;
      if (!written) {
        dropped += count;
      }
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until every row accepted so far is settled; false when the time is over first. */
  boolean awaitSettled(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long goal = accepted;
      long left = nanos;
      while (done < goal && left > 0) {
        urgent = true;
        work.signal();
        left = settled.awaitNanos(left);
      }
      return done >= goal;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the writer though no row came. */
  void wake() {
    lock.lock();
    try {
      urgent = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits a while before the writer tries again; ends early when the queue is closed. */
  void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!closed && left > 0) {
        left = work.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more rows; those that wait can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return rows.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Counts since the start: accepted, settled, dropped. */
  Counts counts() {
    lock.lock();
    try {
      return new Counts(accepted, done, dropped);
    } finally {
      lock.unlock();
    }
  }

  record Counts(long accepted, long settled, long dropped) {}

  private static long sizeOf(Object[] row) {
    long size = 256;
    for (Object value : row) {
      if (value instanceof String s) {
        size += 2L * s.length();
      }
    }
    return size;
  }
}
