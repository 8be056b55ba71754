package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.quintai.core.event.LocalConnect;
import dev.quintai.core.event.NetworkConnect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
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

  private static List<String> sockets(Traced traced) {
    return traced.all(LocalConnect.class).stream().map(LocalConnect::path).toList();
  }

  @Test
  void unixSocketsAreToldByTheirPathAndAreNoContactWithAHost() throws Exception {
    Path path = Files.createDirectory(temp.toRealPath().resolve("d")).resolve("s");
    Files.createSymbolicLink(temp.resolve("link"), path);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      for (Object asked : List.of(path, temp.resolve("link"), "d/../link")) {
        Traced traced = Acts.run(temp, "connect-unix", asked);
        assertThat(sockets(traced)).as("%s", asked).containsExactly(path.toString());
        assertThat(traced.all(NetworkConnect.class)).isEmpty();
      }
    }
    // Nobody listens any more: asked for and refused, as with a host.
    assertThat(sockets(Acts.attempt(temp, "connect-unix", path))).containsExactly(path.toString());
  }

  @Test
  void whatIsNoSocketCannotBeConnectedTo() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");
    for (Object asked : List.of(file, temp.resolve("absent"))) {
      assertThat(sockets(Acts.attempt(temp, "connect-unix", asked))).as("%s", asked).isEmpty();
    }
  }

  @Test
  void abstractSocketsAreToldByTheirName() throws Exception {
    String name = "quint-test-" + ProcessHandle.current().pid();
    assertThat(sockets(Acts.run(temp, "connect-abstract", name)))
        .containsExactly("@" + name + "@z");
  }

  @Test
  void theFirstDatagramToAUnixSocketIsTold() throws Exception {
    Path folder = temp.toRealPath();
    assertThat(sockets(Acts.run(temp, "unix-datagrams", folder.resolve("a"), folder.resolve("b"))))
        .containsExactly(folder.resolve("a").toString(), folder.resolve("b").toString());
  }

  @Test
  void aRefusedUnixSocketIsNotReached() throws Exception {
    Path path = temp.toRealPath().resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Traced traced =
          Traced.run(
              temp,
              builder -> builder.refuse(List.of("connect:unix:" + path)),
              Acts.program().toString(),
              "connect-unix",
              path.toString());
      assertThat(traced.exitCode()).isEqualTo(1);
      assertThat(traced.all(LocalConnect.class))
          .extracting(event -> event.origin().source())
          .containsExactly(LinuxTrace.REFUSED);
      server.configureBlocking(false);
      assertThat(server.accept()).isNull();
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
