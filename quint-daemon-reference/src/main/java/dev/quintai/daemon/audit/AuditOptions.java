package dev.quintai.daemon.audit;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Limits and policies of an open log. Immutable.
 *
 * @param groupCommit how long the writer collects rows before it commits them together; 0 commits
 *     whatever is there
 * @param maxQueuedRows how many rows wait at most for the writer
 * @param maxQueuedBytes how many bytes of text they hold together at most
 * @param maxBlock how long {@link AuditLog#append} waits for room before the row is dropped and
 *     counted; 0 never waits
 * @param checkpointInterval a checkpoint is at most this much older than the rows after it
 * @param maxBodyBytes how many bytes of UTF-8 of arguments and of a response are kept; more is cut
 *     and marked
 * @param maxFileBytes how large the database file may become, 0 for no limit; rows that do not fit
 *     are dropped and counted
 * @param closeTimeout how long {@link AuditLog#close} tries to write what is queued
 * @param onCheckpoint is told each checkpoint after it is committed, on the writer's thread, so
 *     that it can be kept elsewhere; it must not block
 */
public record AuditOptions(
    Duration groupCommit,
    int maxQueuedRows,
    long maxQueuedBytes,
    Duration maxBlock,
    Duration checkpointInterval,
    int maxBodyBytes,
    long maxFileBytes,
    Duration closeTimeout,
    Consumer<AuditCheckpoint> onCheckpoint) {

  /** The most that {@code maxBodyBytes} can be: 16 MiB. */
  public static final int MAX_BODY_BYTES = 16 << 20;

  /** How many bytes any column but a body keeps. */
  static final int MAX_TEXT_BYTES = 8 << 10;

  public AuditOptions {
    Objects.requireNonNull(onCheckpoint, "onCheckpoint");
    atLeast("groupCommit", groupCommit.toNanos(), 0);
    atLeast("maxQueuedRows", maxQueuedRows, 1);
    atLeast("maxQueuedBytes", maxQueuedBytes, 1);
    atLeast("maxBlock", maxBlock.toNanos(), 0);
    atLeast("checkpointInterval", checkpointInterval.toNanos(), 0);
    atLeast("maxBodyBytes", maxBodyBytes, 0);
    atLeast("maxFileBytes", maxFileBytes, 0);
    atLeast("closeTimeout", closeTimeout.toNanos(), 0);
    if (maxBodyBytes > MAX_BODY_BYTES) {
      throw new IllegalArgumentException(
          "maxBodyBytes must be at most " + MAX_BODY_BYTES + ", not " + maxBodyBytes);
    }
  }

  /**
   * 10 ms group commit, 8,192 rows or 64 MiB queued, 200 ms of waiting, a checkpoint every 30 s,
   * bodies of 256 KiB, no file limit, 10 s to close.
   */
  public static AuditOptions defaults() {
    return new AuditOptions(
        Duration.ofMillis(10),
        8192,
        64L << 20,
        Duration.ofMillis(200),
        Duration.ofSeconds(30),
        256 << 10,
        0,
        Duration.ofSeconds(10),
        checkpoint -> {});
  }

  public AuditOptions withGroupCommit(Duration value) {
    return new AuditOptions(
        value,
        maxQueuedRows,
        maxQueuedBytes,
        maxBlock,
        checkpointInterval,
        maxBodyBytes,
        maxFileBytes,
        closeTimeout,
        onCheckpoint);
  }

  public AuditOptions withQueue(int rows, long bytes) {
    return new AuditOptions(
        groupCommit,
        rows,
        bytes,
        maxBlock,
        checkpointInterval,
        maxBodyBytes,
        maxFileBytes,
        closeTimeout,
        onCheckpoint);
  }

  public AuditOptions withMaxBlock(Duration value) {
    return new AuditOptions(
        groupCommit,
        maxQueuedRows,
        maxQueuedBytes,
        value,
        checkpointInterval,
        maxBodyBytes,
        maxFileBytes,
        closeTimeout,
        onCheckpoint);
  }

  public AuditOptions withCheckpointInterval(Duration value) {
    return new AuditOptions(
        groupCommit,
        maxQueuedRows,
        maxQueuedBytes,
        maxBlock,
        value,
        maxBodyBytes,
        maxFileBytes,
        closeTimeout,
        onCheckpoint);
  }

  public AuditOptions withMaxBodyBytes(int value) {
    return new AuditOptions(
        groupCommit,
        maxQueuedRows,
        maxQueuedBytes,
        maxBlock,
        checkpointInterval,
        value,
        maxFileBytes,
        closeTimeout,
        onCheckpoint);
  }

  public AuditOptions withMaxFileBytes(long value) {
    return new AuditOptions(
        groupCommit,
        maxQueuedRows,
        maxQueuedBytes,
        maxBlock,
        checkpointInterval,
        maxBodyBytes,
        value,
        closeTimeout,
        onCheckpoint);
  }

  public AuditOptions withCloseTimeout(Duration value) {
    return new AuditOptions(
        groupCommit,
        maxQueuedRows,
        maxQueuedBytes,
        maxBlock,
        checkpointInterval,
        maxBodyBytes,
        maxFileBytes,
        value,
        onCheckpoint);
  }

  public AuditOptions withOnCheckpoint(Consumer<AuditCheckpoint> value) {
    return new AuditOptions(
        groupCommit,
        maxQueuedRows,
        maxQueuedBytes,
        maxBlock,
        checkpointInterval,
        maxBodyBytes,
        maxFileBytes,
        closeTimeout,
        value);
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }
}
