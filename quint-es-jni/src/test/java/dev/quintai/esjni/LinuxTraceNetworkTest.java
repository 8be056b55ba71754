package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.quintai.core.event.NetworkConnect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxTraceNetworkTest {

  @TempDir Path temp;

  private static InetAddress loopback(String literal) throws IOException {
    return InetAddress.getAllByName(literal)[0];
  }

  private List<NetworkConnect> contacts(String act, Object... arguments) throws Exception {
    return Acts.run(temp, act, arguments).all(NetworkConnect.class);
  }

  @Test
  void connectionsAreToldWithAddressAndPort() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, loopback("127.0.0.1"))) {
      assertThat(contacts("connect4", server.getLocalPort()))
          .extracting(NetworkConnect::remoteIp, NetworkConnect::remotePort, NetworkConnect::host)
          .containsExactly(tuple("127.0.0.1", server.getLocalPort(), null));
    }
  }

  @Test
  void ipv6ConnectionsAreTold() throws Exception {
    ServerSocket server;
    try {
      server = new ServerSocket(0, 1, loopback("::1"));
    } catch (IOException e) {
      Assumptions.abort("no IPv6 here: " + e.getMessage());
      return;
    }
    try (server) {
      assertThat(contacts("connect6", server.getLocalPort()))
          .extracting(NetworkConnect::remoteIp, NetworkConnect::remotePort)
          .containsExactly(tuple("::1", server.getLocalPort()));
    }
  }

  @Test
  void aRefusedConnectionIsAContact() throws Exception {
    int free;
    try (ServerSocket server = new ServerSocket(0, 1, loopback("127.0.0.1"))) {
      free = server.getLocalPort();
    }
    assertThat(Acts.attempt(temp, "connect4", free).all(NetworkConnect.class)).hasSize(1);
  }

  @Test
  void unixSocketsAreNoContact() throws Exception {
    Path path = temp.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      assertThat(contacts("connect-unix", path)).isEmpty();
    }
  }

  @Test
  void theFirstDatagramToAnAddressIsAContact() throws Exception {
    assertThat(contacts("sendto", 9)).extracting(NetworkConnect::remotePort).containsExactly(9);
    assertThat(contacts("sendmsg", 10)).extracting(NetworkConnect::remotePort).containsExactly(10);
    assertThat(contacts("sendmmsg", 11, 12))
        .extracting(NetworkConnect::remotePort)
        .containsExactly(11, 12);
  }

  @Test
  void aResolversLookForItsSourceAddressIsNoContact() throws Exception {
    assertThat(contacts("udp-port-0")).isEmpty();
  }

  @Test
  void connectionsThroughTheOldSocketCallAreTold() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, loopback("127.0.0.1"))) {
      assertThat(contacts("i386-connect", server.getLocalPort()))
          .extracting(NetworkConnect::remoteIp, NetworkConnect::remotePort)
          .containsExactly(tuple("127.0.0.1", server.getLocalPort()));
    }
  }
}
