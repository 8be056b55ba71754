package dev.quintai.daemon.proxy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds the process at the client's end of a loopback connection, from the kernel's socket table
 * ({@code /proc/net/tcp}, {@code tcp6}) and the open descriptors of processes. Takes milliseconds:
 * not for an event loop. Where there is no such {@code /proc} the owner is unknown. Thread-safe.
 */
public final class ConnectionOwner {
  /**
   * Who owns a socket.
   *
   * @param pid the process, or -1; where several share the socket, a tracked one, else the one with
   *     the lowest number
   * @param uid the socket's user id, or -1
   */
  public record Owner(long pid, long uid) {
    /** Nothing is known. */
    public static final Owner UNKNOWN = new Owner(-1, -1);
  }

  private record Socket(long inode, long uid) {}

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final Path proc;
  private final Supplier<? extends Collection<Long>> tracked;

  /**
   * Makes a finder.
   *
   * @param tracked the processes to look at first, the agents' trees; asked on each look-up
   */
  public ConnectionOwner(Supplier<? extends Collection<Long>> tracked) {
    this(Path.of("/proc"), tracked);
  }

  ConnectionOwner(Path proc, Supplier<? extends Collection<Long>> tracked) {
    this.proc = proc;
    this.tracked = tracked;
  }

  /**
   * Finds the owner of the socket that is bound to {@code local} and connected to {@code remote}.
   * Never throws: what cannot be read is unknown.
   */
  public Owner find(InetSocketAddress local, InetSocketAddress remote) {
    Socket socket = socket("net/tcp", local, remote);
    if (socket == null) {
      socket = socket("net/tcp6", local, remote);
    }
    if (socket == null || socket.inode == 0) {
      return Owner.UNKNOWN;
    }
    return new Owner(process(socket.inode), socket.uid);
  }

  /** The user id of this very process, or -1. */
  public static long ownUid() {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return -1;
    }
  }

  private Socket socket(String table, InetSocketAddress local, InetSocketAddress remote) {
    boolean wide = table.endsWith("6");
    String localKey = key(local, wide);
    String remoteKey = key(remote, wide);
    if (localKey == null || remoteKey == null) {
      return null;
    }
    String wanted = " " + localKey + " " + remoteKey + " ";
    try (BufferedReader lines =
        Files.newBufferedReader(proc.resolve(table), StandardCharsets.US_ASCII)) {
      String line;
      while ((line = lines.readLine()) != null) {
        int at = line.indexOf(wanted);
        if (at >= 0) {
          // After the addresses: st, tx:rx queues, timer, retransmits, uid, timeout, inode.
          String[] fields = line.substring(at + wanted.length()).strip().split(" +");
          if (fields.length > 6) {
            return new Socket(Long.parseLong(fields[6]), Long.parseLong(fields[4]));
          }
        }
      }
    } catch (IOException | NumberFormatException e) {
      return null;
    }
    return null;
  }

  /** An address as the kernel prints it: 32-bit groups in host order, then the port. */
  static String key(InetSocketAddress address, boolean wide) {
    if (!(address.getAddress() instanceof Inet4Address v4)) {
      byte[] b = address.getAddress().getAddress();
      return wide ? groups(b) + port(address) : null;
    }
    byte[] b = v4.getAddress();
    if (!wide) {
      return groups(b) + port(address);
    }
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    System.arraycopy(b, 0, mapped, 12, 4);
    return groups(mapped) + port(address);
  }

  private static String groups(byte[] b) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    StringBuilder hex = new StringBuilder(32);
    for (int group = 0; group < b.length; group += 4) {
      for (int i = 0; i < 4; i++) {
        HEX.toHexDigits(hex, b[group + (little ? 3 - i : i)]);
      }
    }
    return hex.toString();
  }

  private static String port(InetSocketAddress address) {
    return ":" + HEX.toHexDigits((short) address.getPort());
  }

  private long process(long inode) {
    String link = "socket:[" + inode + "]";
    Set<Long> asked = new HashSet<>();
    for (Long pid : tracked.get()) {
      if (asked.add(pid) && holds(pid, link)) {
        return pid;
      }
    }
    long found = -1;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path entry : entries) {
        long pid = Long.parseLong(entry.getFileName().toString());
        if (!asked.contains(pid) && (found < 0 || pid < found) && holds(pid, link)) {
          found = pid;
        }
      }
    } catch (IOException | RuntimeException e) {
      return found;
    }
    return found;
  }

  private boolean holds(long pid, String link) {
    Path descriptors = proc.resolve(pid + "/fd");
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(descriptors)) {
      for (Path entry : entries) {
        try {
          if (Files.readSymbolicLink(entry).toString().equals(link)) {
            return true;
          }
        } catch (IOException e) {
          // The descriptor was closed meanwhile.
        }
      }
    } catch (IOException | RuntimeException e) {
      return false;
    }
    return false;
  }
}
