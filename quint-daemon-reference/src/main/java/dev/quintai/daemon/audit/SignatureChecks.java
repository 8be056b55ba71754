package dev.quintai.daemon.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Checks row signatures, which is nearly all the time of a verification, on two threads beside the
 * one that reads. A log of less than one batch is checked on the caller's thread. One caller.
 */
final class SignatureChecks implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int BATCH = 256;
  private static final int MAX_BATCHES_WAITING = 8;

  private static final class Check {
    final long id;
    final byte[] hash;
    final String signature;
    final Ed25519Key key;

    Check(long id, byte[] hash, String signature, Ed25519Key key) {
      this.id = id;
      this.hash = hash;
      this.signature = signature;
      this.key = key;
    }
  }

  private final AtomicLong firstBad = new AtomicLong(Long.MAX_VALUE);
  private final Semaphore waiting = new Semaphore(MAX_BATCHES_WAITING);
  private List<Check> batch = new ArrayList<>(BATCH);
  private ExecutorService threads;

  void add(long id, byte[] hash, String signature, Ed25519Key key) throws InterruptedException {
    batch.add(new Check(id, hash, signature, key));
    if (batch.size() == BATCH) {
      submit();
    }
  }

  private void submit() throws InterruptedException {
    if (threads == null) {
      threads =
          Executors.newFixedThreadPool(
              THREADS,
              task -> {
                Thread thread = new Thread(task, "quint-audit-verify");
                thread.setDaemon(true);
                return thread;
              });
    }
    List<Check> full = batch;
    batch = new ArrayList<>(BATCH);
    waiting.acquire();
    threads.execute(
        () -> {
          try {
            check(full);
          } finally {
            waiting.release();
          }
        });
  }

  private void check(List<Check> checks) {
    for (Check c : checks) {
      if (c.id < firstBad.get() && !c.key.verifies(c.hash, c.signature)) {
        firstBad.accumulateAndGet(c.id, Math::min);
      }
    }
  }

  /** Whether a bad signature has been found already; more may follow, also of earlier rows. */
  boolean foundBad() {
    return firstBad.get() != Long.MAX_VALUE;
  }

  /** Finishes all checks: the smallest id with a bad signature, or {@code Long.MAX_VALUE}. */
  long finish() throws InterruptedException {
    check(batch);
    batch.clear();
    waiting.acquire(MAX_BATCHES_WAITING);
    waiting.release(MAX_BATCHES_WAITING);
    return firstBad.get();
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
  }
}
