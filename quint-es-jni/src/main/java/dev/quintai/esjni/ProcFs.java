package dev.quintai.esjni;

import dev.quintai.core.event.ProcessId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reads {@code /proc}. A process may end at any moment and may be closed to us: what cannot be read
 * is null, -1 or empty, never an exception. Each value is read afresh; two values of one pid may
 * come from two processes, so compare {@link #id} before and after where that matters. Thread-safe.
 */
public final class ProcFs {

  private static final int AT_CLKTCK = 17;
  private static final long USUAL_TICKS = 100;
  private static final int TEXT_MAX = 64 * 1024;
  private static final String DELETED = " (deleted)";

  private final Path root;
  private final BootClock clock;
  private final long ticksPerSecond;

  /** Reads the system's own. */
  public ProcFs(BootClock clock) {
    this(Path.of("/proc"), clock);
  }

  ProcFs(Path root, BootClock clock) {
    this.root = root;
    this.clock = Objects.requireNonNull(clock, "clock");
    this.ticksPerSecond = ticks(bytes(root.resolve("self/auxv")));
  }

  /** The auxiliary vector is pairs of native words; it ends with a pair of zeros. */
  static long ticks(byte[] auxv) {
    ByteBuffer words = ByteBuffer.wrap(auxv).order(ByteOrder.nativeOrder());
    while (words.remaining() >= 2 * Long.BYTES) {
      long key = words.getLong();
      long value = words.getLong();
      if (key == AT_CLKTCK && value > 0 && value <= 1_000_000_000L) {
        return value;
      }
    }
    return USUAL_TICKS;
  }

  /** Whether there is a {@code /proc} here. */
  public boolean present() {
    return Files.isReadable(root.resolve("self/stat"));
  }

  /** All pids that are visible to us. */
  public List<Integer> pids() {
    List<Integer> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[1-9]*")) {
      for (Path entry : entries) {
        int pid = number(entry.getFileName().toString());
        if (pid > 0) {
          pids.add(pid);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return pids; // what could be read until then
    }
    return pids;
  }

  /** The process's state, or null. */
  public ProcStat stat(int pid) {
    return ProcStat.parse(text(bytes(file(pid, "stat"))));
  }

  /** The process's identity, or null when it is gone. */
  public ProcessId id(int pid) {
    ProcStat stat = stat(pid);
    return stat == null ? null : id(stat);
  }

  /** The identity in a state that was read. */
  public ProcessId id(ProcStat stat) {
    return new ProcessId(stat.pid(), clock.startMs(stat.startTicks(), ticksPerSecond));
  }

  /** Absolute path of the program that it runs, or null. */
  public String exe(int pid) {
    return withoutDeleted(link(pid, "exe"));
  }

  /** A path without what the kernel writes behind one that was removed. */
  static String withoutDeleted(String path) {
    return path != null && path.endsWith(DELETED) && !path.startsWith("/memfd:")
        ? path.substring(0, path.length() - DELETED.length())
        : path;
  }

  /** Its working directory, or null. */
  public String cwd(int pid) {
    return withoutDeleted(link(pid, "cwd"));
  }

  /**
   * Its arguments, at most 64 KiB of them; empty for kernel threads, zombies and others' processes.
   */
  public List<String> commandLine(int pid) {
    byte[] bytes = bytes(file(pid, "cmdline"));
    List<String> arguments = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        arguments.add(new String(bytes, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    if (start < bytes.length) {
      arguments.add(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8));
    }
    return arguments;
  }

  /** Its effective user id, or -1. */
  public int uid(int pid) {
    for (String line : text(bytes(file(pid, "status"))).split("\n")) {
      if (line.startsWith("Uid:")) {
        String[] ids = line.split("\\s+");
        return ids.length > 2 ? number(ids[2]) : -1;
      }
    }
    return -1;
  }

  /** The children of all its threads. */
  public List<Integer> children(int pid) {
    List<Integer> children = new ArrayList<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(file(pid, "task"))) {
      for (Path thread : threads) {
        for (String child : text(bytes(thread.resolve("children"))).split(" ")) {
          int number = number(child.strip());
          if (number > 0) {
            children.add(number);
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return children; // it ended meanwhile
    }
    return children;
  }

  private Path file(int pid, String name) {
    return root.resolve(Integer.toString(pid)).resolve(name);
  }

  private String link(int pid, String name) {
    try {
      return Files.readSymbolicLink(file(pid, name)).toString();
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return null;
    }
  }

  private static byte[] bytes(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(TEXT_MAX);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
