package dev.quintai.esjni;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The consumer's side of the ring between the native bridge and Java; its layout is drawn in {@code
 * ring.h}. One producer, in C, and one consumer, whoever calls {@link #poll}. Nothing is allocated,
 * and the producer never waits: what found no room has been counted there.
 *
 * <p>Publication: the producer stores the tail with release semantics after the record, and it is
 * loaded here with acquire semantics before the record is read; the head goes the other way in the
 * same manner, so a record's memory is written again only after it was consumed.
 */
final class RecordRing {

  /** Receives records. */
  @FunctionalInterface
  interface Handler {
    /** The record is valid until this returns; false ends the poll after it. */
    boolean record(EsRecord record);
  }

  /** Smallest and largest capacity in bytes. */
  static final int CAPACITY_MIN = 256 * 1024;

  static final int CAPACITY_MAX = 1 << 30;

  private static final int ALIGNMENT = 128;
  private static final int TAIL = 0;
  private static final int HEAD = 128;
  private static final int LOST = 256;
  private static final int TRAILER = 384;
  private static final long PAUSE_NANOS = 5_000;
  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer memory;
  private final EsRecord record;
  private final int capacity;
  private long head;
  private long lost;

  /**
   * An empty ring.
   *
   * @param capacity in bytes, a power of two from {@link #CAPACITY_MIN} to {@link #CAPACITY_MAX}
   */
  RecordRing(int capacity) {
    checkCapacity(capacity);
    ByteBuffer all = ByteBuffer.allocateDirect(capacity + TRAILER + ALIGNMENT);
    this.memory =
        all.alignedSlice(ALIGNMENT).slice(0, capacity + TRAILER).order(ByteOrder.nativeOrder());
    this.record = new EsRecord(memory);
    this.capacity = capacity;
  }

  /** Refuses what is no capacity. */
  static void checkCapacity(int capacity) {
    if (capacity < CAPACITY_MIN || capacity > CAPACITY_MAX || Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException(
          "a ring has a power of two from 256 KiB to 1 GiB of bytes, not " + capacity);
    }
  }

  /** What the producer is given. */
  ByteBuffer memory() {
    return memory;
  }

  /**
   * Consumes what has been published.
   *
   * @param most how many records at most; the producer gets their room back when this returns
   * @return how many records were consumed
   * @throws IllegalStateException when the memory holds no record where one should be
   */
  int poll(Handler handler, int most) {
    // The count before the tail: a loss that it tells of came after all that is published.
    long count = (long) WORD.getAcquire(memory, capacity + LOST);
    long tail = (long) WORD.getAcquire(memory, capacity + TAIL);
    long at = head;
    if (at == tail) {
      lost = count;
      return 0;
    }
    int consumed = 0;
    boolean more = true;
    try {
      while (more && at != tail && consumed < most) {
        int index = (int) at & (capacity - 1);
        int length = memory.getInt(index);
        check(index, length);
        at += length;
        if (memory.getShort(index + EsRecord.KIND) != EsRecord.PADDING) {
          more = handler.record(record.at(index));
          consumed++;
        }
      }
    } finally {
      head = at;
      WORD.setRelease(memory, capacity + HEAD, at);
    }
    return consumed;
  }

  private void check(int index, int length) {
    if (length < Long.BYTES || (length & 7) != 0 || length > capacity - index) {
      throw new IllegalStateException("a record of " + length + " bytes at " + index);
    }
  }

  /**
   * Waits 5 us before another look at an empty ring, without giving up the processor. A consumer
   * that looks all the time takes each record out of the producer's cache while the next one beside
   * it is written, which slows both.
   */
  static void pause() {
    long start = System.nanoTime();
    do {
      Thread.onSpinWait();
    } while (System.nanoTime() - start < PAUSE_NANOS);
  }

  /**
   * How many events had been lost in all when the ring was last found empty, by {@link #poll}
   * returning 0: those were lost after the last record that was consumed.
   */
  long lostAfterLast() {
    return lost;
  }
}
