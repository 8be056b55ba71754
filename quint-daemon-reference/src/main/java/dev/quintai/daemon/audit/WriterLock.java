package dev.quintai.daemon.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Who has a log open for writing, in all processes of this machine, told apart from who crashed.
 *
 * <p>File {@code LOG.lock} has one byte a writer. A writer holds an exclusive lock of the operating
 * system on its byte, which ends with the process however it ends, and keeps a 1 in it until it
 * closes the log in good order. So a byte that holds 1 and is not locked was left by a crash, also
 * while other writers go on. Byte 0 is a mutex for opening and closing.
 *
 * <p>POSIX locks belong to the process and end when it closes <em>any</em> descriptor of the file.
 * Therefore all writers of one JVM share one channel, and nothing here opens the file a second time
 * while that channel is open.
 */
final class WriterLock implements AutoCloseable {
  private static final int SLOTS = 256;
  private static final long MUTEX_TIMEOUT_MS = 10_000;
  private static final byte CLEAN = 0;
  private static final byte IN_USE = 1;

  /** Open channels of this JVM by path; also the lock for everything in this class. */
  private static final Map<Path, Shared> OPEN = new HashMap<>();

  private final Path file;
  private final Shared shared;
  private final int slot;
  private final FileLock lock;
  private final boolean firstWriter;
  private final boolean foundCrash;

  private WriterLock(Path file, Shared shared, Scan scan) {
    this.file = file;
    this.shared = shared;
    this.slot = scan.slot;
    this.lock = scan.lock;
    this.firstWriter = !scan.others;
    this.foundCrash = scan.crash;
  }

  static Path fileOf(Path log) throws IOException {
    Path absolute = log.toAbsolutePath();
    return absolute.getParent().toRealPath().resolve(absolute.getFileName() + ".lock");
  }

  /** What happens while nobody else opens or closes the log. */
  interface Guarded<T> {
    T run(WriterLock lock) throws IOException;
  }

  /**
   * Registers a writer and runs {@code opening} before any other writer can open or close; when
   * that fails, the writer is gone again.
   */
  static <T> T acquire(Path log, Guarded<T> opening) throws IOException {
    Path file = fileOf(log);
    synchronized (OPEN) {
      Shared shared = OPEN.get(file);
      if (shared == null) {
        shared = new Shared(PrivateFiles.open(file));
        OPEN.put(file, shared);
      }
      shared.users++;
      boolean done = false;
      WriterLock writer = null;
      try (FileLock mutex = shared.mutex(file)) {
        writer = new WriterLock(file, shared, shared.scan(file));
        T result = opening.run(writer);
        done = mutex.isValid();
        return result;
      } finally {
        if (!done) {
          if (writer != null) {
            if (!writer.foundCrash) {
              shared.mark(writer.slot, CLEAN);
            }
            writer.lock.release();
          }
          release(file, shared);
        }
      }
    }
  }

  /**
   * Whether any writer on this machine has the log open. Reads only; a lock file that is not there
   * or cannot be read means no.
   */
  static boolean isOpen(Path log) {
    synchronized (OPEN) {
      try {
        Path file = fileOf(log);
        if (OPEN.containsKey(file)) {
          return true;
        }
        if (!Files.isRegularFile(file)) {
          return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            FileLock probe = channel.tryLock(1, SLOTS, true)) {
          return probe == null;
        }
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** Whether no other writer had the log open when this one came. */
  boolean firstWriter() {
    return firstWriter;
  }

  /** Whether a writer before this one ended without closing the log. */
  boolean foundCrash() {
    return foundCrash;
  }

  /** Runs the last work of a writer, then marks it as closed in good order. */
  void closeAfter(Guarded<Void> closing) throws IOException {
    synchronized (OPEN) {
      try (FileLock mutex = shared.mutex(file)) {
        closing.run(this);
        if (mutex.isValid()) {
          shared.mark(slot, CLEAN);
        }
      } finally {
        close();
      }
    }
  }

  /** Lets go without the mark of good order, as a crash would. */
  @Override
  public void close() throws IOException {
    synchronized (OPEN) {
      if (lock.isValid()) {
        lock.release();
        release(file, shared);
      }
    }
  }

  private static void release(Path file, Shared shared) throws IOException {
    if (--shared.users == 0) {
      OPEN.remove(file);
      shared.channel.close();
    }
  }

  private static final class Scan {
    int slot = -1;
    FileLock lock;
    boolean others;
    boolean crash;
  }

  private static final class Shared {
    final FileChannel channel;
    int users;

    Shared(FileChannel channel) {
      this.channel = channel;
    }

    FileLock mutex(Path file) throws IOException {
      long deadline = System.nanoTime() + MUTEX_TIMEOUT_MS * 1_000_000;
      while (true) {
        FileLock lock = channel.tryLock(0, 1, false);
        if (lock != null) {
          return lock;
        }
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(file + ": another process is opening the log and does not finish");
        }
        try {
          Thread.sleep(5);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while waiting for " + file, e);
        }
      }
    }

    /** Takes the first free slot, and clears those that crashed writers left. */
    Scan scan(Path file) throws IOException {
      Scan scan = new Scan();
      for (int slot = 1; slot <= SLOTS; slot++) {
        FileLock lock = tryLock(slot);
        if (lock == null) {
          scan.others = true;
          continue;
        }
        scan.crash |= read(slot) == IN_USE;
        if (scan.lock == null) {
          scan.lock = lock;
          scan.slot = slot;
          mark(slot, IN_USE);
        } else {
          if (read(slot) == IN_USE) {
            mark(slot, CLEAN);
          }
          lock.release();
        }
      }
      if (scan.lock == null) {
        throw new IOException(file + ": " + SLOTS + " writers have the log open already");
      }
      channel.force(false);
      return scan;
    }

    private FileLock tryLock(int slot) throws IOException {
      try {
        return channel.tryLock(slot, 1, false);
      } catch (OverlappingFileLockException e) {
        return null; // another writer of this JVM
      }
    }

    private byte read(int slot) throws IOException {
      ByteBuffer one = ByteBuffer.allocate(1);
      return channel.read(one, slot) == 1 ? one.get(0) : CLEAN;
    }

    private void mark(int slot, byte value) throws IOException {
      channel.write(ByteBuffer.wrap(new byte[] {value}), slot);
    }
  }
}
