package dev.quintai.signatures;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry's folder. Each generation of the set is a file of its own, {@code set-N.jsonl},
 * written beside its name, forced to disk and renamed into place, so that whatever happens at
 * whichever write, the last whole generation is still there. {@code versions.json} keeps the
 * highest versions a second time: losing a set must not open the door to replays. {@code lock}
 * serialises those who write.
 */
final class SignatureDirectory {

  /** How many generations are kept. */
  static final int KEPT = 4;

  private static final Pattern SET = Pattern.compile("set-(\\d{1,18})\\.jsonl");
  private static final String VERSIONS = "versions.json";

  // A file lock is the process's, so threads of one process need a lock of their own.
  private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

  private final Path folder;
  private final Steps steps;

  /** Is told of each step of a write before it is done; tests fail it at any of them. */
  interface Steps {
    void before(String step) throws IOException;
  }

  /**
   * What a folder holds.
   *
   * @param state the newest whole generation, with the highest versions of all that can be read
   * @param newest the highest number of any generation, whole or not
   * @param damage what could not be read, or null
   * @param versionsCertain whether no higher version than those of {@code state} can have been
   *     accepted
   */
  record Content(RegistryState state, long newest, String damage, boolean versionsCertain) {}

  SignatureDirectory(Path folder, Steps steps) throws IOException {
    this.folder = folder.toAbsolutePath().normalize();
    this.steps = steps;
    Files.createDirectories(this.folder, attributes("rwx------"));
  }

  /** Keeps everybody else from writing until it is closed. Waits its turn. */
  Hold lock() throws IOException {
    ReentrantLock threads = IN_PROCESS.computeIfAbsent(folder, f -> new ReentrantLock());
    threads.lock();
    try {
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              attributes("rw-------"));
      try {
        return new Hold(threads, channel, channel.lock());
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      threads.unlock();
      throw e;
    }
  }

  /** A lock held. */
  record Hold(ReentrantLock threads, FileChannel channel, FileLock lock) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try {
        lock.release();
        channel.close();
      } finally {
        threads.unlock();
      }
    }
  }

  /** The highest number of any generation; 0 without one. Cheap: a look at the names. */
  long newest() throws IOException {
    List<Long> generations = generations();
    return generations.isEmpty() ? 0 : generations.get(0);
  }

  Content read() throws IOException {
    List<Long> generations = generations();
    long newest = generations.isEmpty() ? 0 : generations.get(0);
    StringBuilder damage = new StringBuilder();
    RegistryState state = null;
    for (long generation : generations) {
      try {
        state = RegistryCodec.decode(Files.readAllBytes(set(generation)));
        break;
      } catch (RegistryCodec.DamagedException e) {
        note(damage, set(generation), e);
      } catch (NoSuchFileException e) {
        // Another process has tidied it away since the listing: a newer one is there.
        return read();
      }
    }
    RegistryState versions = null;
    try {
      versions = RegistryCodec.decodeVersions(Files.readAllBytes(folder.resolve(VERSIONS)));
    } catch (RegistryCodec.DamagedException e) {
      note(damage, folder.resolve(VERSIONS), e);
    } catch (NoSuchFileException e) {
      versions = newest == 0 ? RegistryState.EMPTY : null;
    }
    RegistryState whole = state == null ? RegistryState.EMPTY : state;
    // Versions are written after their set: one generation behind is the trace of a crash, and
    // then the set itself, being whole, has them.
    boolean certain =
        whole.generation() == newest || (versions != null && versions.generation() >= newest);
    if (versions != null) {
      whole = whole.withHighest(RegistryState.max(whole.highest(), versions.highest()));
    }
    return new Content(whole, newest, damage.isEmpty() ? null : damage.toString(), certain);
  }

  /** The generation of that number. */
  RegistryState read(long generation) throws IOException {
    return RegistryCodec.decode(Files.readAllBytes(set(generation)));
  }

  /** Writes a generation, the lock being held. When it returns the generation is on disk. */
  void write(RegistryState state) throws IOException {
    tidy();
    try {
      replace(set(state.generation()), RegistryCodec.encode(state));
      replace(folder.resolve(VERSIONS), RegistryCodec.encodeVersions(state));
    } catch (IOException e) {
      // All or nothing: a generation that its writer takes for failed must not come to life later.
      Files.deleteIfExists(set(state.generation()));
      throw e;
    }
    removeOld(state);
  }

  private void removeOld(RegistryState state) throws IOException {
    List<Long> generations = generations();
    for (int i = KEPT; i < generations.size(); i++) {
      if (generations.get(i) != state.parent()) {
        steps.before("delete");
        Files.deleteIfExists(set(generations.get(i)));
      }
    }
  }

  private void replace(Path target, byte[] content) throws IOException {
    Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      steps.before("create");
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              attributes("rw-------"))) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        int half = content.length / 2;
        buffer.limit(half);
        writeAll(channel, buffer);
        steps.before("write the rest");
        buffer.limit(content.length);
        writeAll(channel, buffer);
        steps.before("force");
        channel.force(true);
      }
      steps.before("rename");
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      steps.before("force the folder");
      forceFolder();
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private void forceFolder() {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not every platform lets a folder be opened; there the rename is as durable as it gets.
      return;
    }
  }

  private void tidy() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*.tmp")) {
      for (Path path : left) {
        Files.deleteIfExists(path);
      }
    }
  }

  private List<Long> generations() throws IOException {
    List<Long> generations = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Matcher matcher = SET.matcher(file.getFileName().toString());
        if (matcher.matches()) {
          generations.add(Long.parseLong(matcher.group(1)));
        }
      }
    }
    generations.sort(Collections.reverseOrder());
    return generations;
  }

  private Path set(long generation) {
    return folder.resolve("set-" + generation + ".jsonl");
  }

  private static void note(StringBuilder damage, Path file, IOException e) {
    damage.append(damage.isEmpty() ? "" : "; ").append(file).append(": ").append(e.getMessage());
  }

  private FileAttribute<?>[] attributes(String permissions) throws IOException {
    Path existing = folder;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    FileStore store = Files.getFileStore(existing);
    return store.supportsFileAttributeView("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
