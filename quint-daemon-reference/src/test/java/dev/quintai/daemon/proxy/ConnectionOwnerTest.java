package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners found in a made-up process table, as the kernel prints it. */
class ConnectionOwnerTest {
  private static final String HEADER =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode\n";

  @TempDir Path proc;

  private static InetSocketAddress loopback(int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
  }

  private void table(String name, String row) throws IOException {
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(proc.resolve("net").resolve(name), HEADER + row);
  }

  private void process(long pid, long inode) throws IOException {
    Path descriptors = Files.createDirectories(proc.resolve(pid + "/fd"));
    Files.createSymbolicLink(descriptors.resolve("0"), Path.of("/dev/null"));
    Files.createSymbolicLink(descriptors.resolve("7"), Path.of("socket:[" + inode + "]"));
  }

  @Test
  void prefersATrackedProcessAndElseTheLowestPid() throws IOException {
    table(
        "tcp",
        "   1: 0100007F:C350 0100007F:0FA0 01 00000000:00000000 00:00000000 00000000  1000        0"
            + " 4711 1 0000000000000000 20 4 30 10 -1\n");
    process(300, 4711);
    process(40, 4711);
    process(20, 9);
    InetSocketAddress client = loopback(50_000);
    InetSocketAddress server = loopback(4000);
    assertThat(new ConnectionOwner(proc, List::of).find(client, server))
        .isEqualTo(new ConnectionOwner.Owner(40, 1000));
    assertThat(new ConnectionOwner(proc, () -> List.of(300L, 1L)).find(client, server))
        .isEqualTo(new ConnectionOwner.Owner(300, 1000));
    assertThat(new ConnectionOwner(proc, List::of).find(server, client))
        .isEqualTo(ConnectionOwner.Owner.UNKNOWN);
  }

  @Test
  void findsAnIpv4ConnectionOfADualStackSocket() throws IOException {
    table("tcp", "");
    table(
        "tcp6",
        "   0: 0000000000000000FFFF00000100007F:C350 0000000000000000FFFF00000100007F:0FA0 01"
            + " 00000000:00000000 00:00000000 00000000     0        0 815 1 0 20 4 30 10 -1\n");
    process(5, 815);
    assertThat(new ConnectionOwner(proc, List::of).find(loopback(50_000), loopback(4000)))
        .isEqualTo(new ConnectionOwner.Owner(5, 0));
  }

  @Test
  void isUnknownWithoutAProcessTable() throws IOException {
    assertThat(new ConnectionOwner(proc, List::of).find(loopback(1), loopback(2)))
        .isEqualTo(ConnectionOwner.Owner.UNKNOWN);
  }
}
