package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.daemon.ca.CertificateAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** CONNECT: tunnels, refusals, and hosts that cannot be reached or trusted. */
@Timeout(60)
class TunnelTest {
  @TempDir Path directory;

  /** Opens a way through the proxy and returns the socket after the proxy's answer. */
  private static Socket connect(ProxyFixture fixture, String target, String expected)
      throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.proxy.address().getPort());
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write(
            ("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    String head = new TestUpstream.Connection(socket).head();
    assertThat(head).startsWith(expected);
    return socket;
  }

  private static SSLSocket tls(SSLContext context, Socket socket, String name) throws IOException {
    SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, name, 443, true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  @Test
  void leavesOtherHostsUntouched() throws Exception {
    try (ProxyFixture fixture = new ProxyFixture(directory)) {
      int port =
          fixture
              .closing(
                  TestUpstream.tls(
                      fixture.upstreamAuthority.leaf("other.example"),
                      connection -> {
                        connection.head();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
                      }))
              .port();
      fixture.start(port, settings -> settings);
      Socket raw = connect(fixture, "other.example:443", "HTTP/1.1 200");
      try (SSLSocket tls =
          tls(TestUpstream.trusting(fixture.upstreamAuthority), raw, "other.example")) {
        X509Certificate seen = (X509Certificate) tls.getSession().getPeerCertificates()[0];
        assertThat(seen).isEqualTo(fixture.upstreamAuthority.leaf("other.example").chain().get(0));
        tls.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(tls.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
            .endsWith("hi");
      }
      ConnectionInfo opened = Recorder.take(fixture.recorder.opened);
      assertThat(opened.kind()).isEqualTo(ConnectionInfo.Kind.TUNNELLED);
      assertThat(opened.host()).isEqualTo("other.example");
      assertThat(opened.port()).isEqualTo(443);
      assertThat(opened.remote().orElseThrow().getPort()).isEqualTo(port);
      assertThat(opened.ownerPid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(Recorder.take(fixture.recorder.closed)).isEqualTo(opened);
      assertThat(fixture.recorder.exchanges).isEmpty();
    }
  }

  @Test
  void interceptsAnAddressWhoseHandshakeNamesAnObservedHost() throws Exception {
    try (ProxyFixture fixture = new ProxyFixture(directory)) {
      int port =
          fixture
              .closing(
                  TestUpstream.tls(
                      fixture.upstreamAuthority.leaf(ProxyFixture.HOST),
                      connection -> {
                        connection.head();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
                      }))
              .port();
      fixture.start(port, settings -> settings);
      Socket raw = connect(fixture, "127.0.0.1:" + port, "HTTP/1.1 200");
      try (SSLSocket tls =
          tls(TestUpstream.trusting(fixture.ownAuthority), raw, ProxyFixture.HOST)) {
        tls.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(tls.getInputStream().readNBytes(40), StandardCharsets.US_ASCII))
            .endsWith("hi");
      }
      assertThat(fixture.recorder.next().connection.host()).isEqualTo(ProxyFixture.HOST);
    }
  }

  @Test
  void aServerMaySpeakFirstAndEitherSideMayEndAlone() throws Exception {
    try (ProxyFixture fixture = new ProxyFixture(directory)) {
      int port =
          fixture
              .closing(
                  TestUpstream.plain(
                      connection -> {
                        connection.send("220 welcome\r\n");
                        byte[] all = connection.in.readAllBytes();
                        connection.send(all);
                      }))
              .port();
      fixture.start(port, settings -> settings);
      try (Socket socket = connect(fixture, "other.example:25", "HTTP/1.1 200")) {
        InputStream in = socket.getInputStream();
        assertThat(in.readNBytes(13))
            .isEqualTo("220 welcome\r\n".getBytes(StandardCharsets.US_ASCII));
        OutputStream out = socket.getOutputStream();
        out.write("first ".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        out.write("second".getBytes(StandardCharsets.US_ASCII));
        socket.shutdownOutput();
        assertThat(in.readAllBytes()).isEqualTo("first second".getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  @Test
  void aHostThatRefusesGives502WithTheReason() throws Exception {
    try (ProxyFixture fixture = new ProxyFixture(directory)) {
      int unused;
      try (ServerSocket socket = new ServerSocket(0)) {
        unused = socket.getLocalPort();
      }
      fixture.start(unused, settings -> settings);
      try (Socket socket = connect(fixture, ProxyFixture.HOST + ":443", "HTTP/1.1 502")) {
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains("Quint")
            .contains(ProxyFixture.HOST)
            .contains("the connection was refused");
      }
      try (Socket socket = connect(fixture, "no-such-host.invalid:443", "HTTP/1.1 502")) {
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains("could not be resolved");
      }
      assertThat(Recorder.take(fixture.recorder.events).kind())
          .isEqualTo(ProxyEvent.Kind.UPSTREAM_UNREACHABLE);
    }
  }

  @Test
  void anUpstreamCertificateOfAnotherNameIsRefused() throws Exception {
    try (ProxyFixture fixture = new ProxyFixture(directory)) {
      TestUpstream upstream =
          fixture.closing(
              TestUpstream.tls(
                  fixture.upstreamAuthority.leaf("impostor.example"),
                  connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
                  }));
      fixture.start(upstream.port(), settings -> settings);
      HttpResponse<String> response = get(fixture);
      assertThat(response.statusCode()).isEqualTo(502);
      assertThat(response.body())
          .contains("Quint")
          .contains(ProxyFixture.HOST)
          .contains("certificate");
      assertThat(Recorder.take(fixture.recorder.events).kind())
          .isEqualTo(ProxyEvent.Kind.UPSTREAM_TLS_FAILED);
    }
  }

  @Test
  void anUpstreamCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
    try (ProxyFixture fixture = new ProxyFixture(directory)) {
      CertificateAuthority stranger =
          CertificateAuthority.open(
              directory.resolve("stranger"), java.time.InstantSource.system());
      TestUpstream upstream =
          fixture.closing(
              TestUpstream.tls(stranger.leaf(ProxyFixture.HOST), connection -> connection.head()));
      fixture.start(upstream.port(), settings -> settings);
      assertThat(get(fixture).statusCode()).isEqualTo(502);
    }
  }

  private static HttpResponse<String> get(ProxyFixture fixture) throws Exception {
    return fixture
        .client(HttpClient.Version.HTTP_1_1)
        .send(ProxyFixture.request("/").GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aClientThatPinsTheHostIsTunnelledTheNextTimeOnly() throws Exception {
    try (ProxyFixture fixture =
        ProxyFixture.tls(
            directory,
            connection -> {
              connection.head();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            })) {
      SSLContext pinning = TestUpstream.trusting(fixture.upstreamAuthority);
      String target = ProxyFixture.HOST + ":443";
      Socket first = connect(fixture, target, "HTTP/1.1 200");
      assertThatThrownBy(() -> tls(pinning, first, ProxyFixture.HOST))
          .isInstanceOf(SSLException.class);
      assertThat(Recorder.take(fixture.recorder.events).kind())
          .isEqualTo(ProxyEvent.Kind.CLIENT_REFUSED_CERTIFICATE);
      Socket second = connect(fixture, target, "HTTP/1.1 200");
      try (SSLSocket tls = tls(pinning, second, ProxyFixture.HOST)) {
        tls.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(tls.getInputStream().readNBytes(40)).hasSize(40);
      }
      assertThat(Recorder.take(fixture.recorder.events).kind())
          .isEqualTo(ProxyEvent.Kind.PINNED_HOST_TUNNELLED);
      assertThat(Recorder.take(fixture.recorder.opened).kind())
          .isEqualTo(ConnectionInfo.Kind.TUNNELLED);
      Socket third = connect(fixture, target, "HTTP/1.1 200");
      assertThatThrownBy(() -> tls(pinning, third, ProxyFixture.HOST))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void goesThroughTheProxyThatWasSetBefore() throws Exception {
    try (ProxyFixture outer =
            ProxyFixture.tls(
                directory.resolve("outer"),
                connection -> {
                  connection.head();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
                  connection.head();
                });
        ProxyFixture inner = new ProxyFixture(directory.resolve("inner"))) {
      ProxyServer parent =
          outer.start(outer.upstreamPort, settings -> settings.policy((host, port) -> false));
      inner.start(
          1,
          settings ->
              settings
                  .upstreams(UpstreamMap.empty())
                  .upstreamRoots(List.of(outer.directory.resolve("upstream-ca").resolve("ca.pem")))
                  .parent(ParentProxy.of(Map.of("HTTPS_PROXY", parent.url().toString()))));
      assertThat(get(inner).body()).isEqualTo("hi");
      assertThat(Recorder.take(outer.recorder.opened).kind())
          .isEqualTo(ConnectionInfo.Kind.TUNNELLED);
      ConnectionInfo through = Recorder.take(inner.recorder.opened);
      assertThat(through.kind()).isEqualTo(ConnectionInfo.Kind.INTERCEPTED);
      assertThat(through.remote()).isEmpty();
    }
  }

  @Test
  void sendsPlainRequestsWholeToTheProxyThatWasSetBefore() throws Exception {
    try (ProxyFixture fixture = new ProxyFixture(directory)) {
      BlockingQueue<String> heads = new LinkedBlockingQueue<>();
      TestUpstream parent =
          fixture.closing(
              TestUpstream.plain(
                  connection -> {
                    heads.add(connection.head());
                    connection.sendHead("HTTP/1.1 204 No Content");
                    connection.head();
                  }));
      fixture.start(
          1,
          settings ->
              settings.parent(
                  ParentProxy.of(Map.of("http_proxy", "http://u:p@127.0.0.1:" + parent.port()))));
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), fixture.proxy.address().getPort())) {
        socket
            .getOutputStream()
            .write(
                "GET http://plain.example/x HTTP/1.1\r\nA: b\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(new TestUpstream.Connection(socket).head()).startsWith("HTTP/1.1 204");
      }
      assertThat(Recorder.take(heads))
          .startsWith("GET http://plain.example/x HTTP/1.1\r\nA: b\r\n")
          .contains("Proxy-Authorization: Basic dTpw\r\n");
    }
  }

  @Test
  void saysWhenAClientLeavesRightAfterTheHandshake() throws Exception {
    try (ProxyFixture fixture = ProxyFixture.tls(directory, connection -> connection.head())) {
      Socket raw = connect(fixture, ProxyFixture.HOST + ":443", "HTTP/1.1 200");
      tls(TestUpstream.trusting(fixture.ownAuthority), raw, ProxyFixture.HOST).close();
      assertThat(Recorder.take(fixture.recorder.events).kind())
          .isEqualTo(ProxyEvent.Kind.CLIENT_LEFT_AFTER_HANDSHAKE);
    }
  }

  @Test
  void refusesWhatIsNoRequestToAProxy() throws Exception {
    try (ProxyFixture fixture = ProxyFixture.tls(directory, connection -> {})) {
      int own = fixture.proxy.address().getPort();
      connect(fixture, "127.0.0.1:" + own, "HTTP/1.1 400").close();
      connect(fixture, "no-port", "HTTP/1.1 400").close();
      connect(fixture, "bad host:443", "HTTP/1.1 400").close();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), own)) {
        socket.setSoTimeout(20_000);
        socket
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 400")
            .contains("Quint");
      }
    }
  }

  @Test
  void aPortInUseIsAClearError() throws Exception {
    try (ProxyFixture fixture = ProxyFixture.tls(directory, connection -> {})) {
      int taken = fixture.proxy.address().getPort();
      assertThatThrownBy(
              () -> ProxyServer.builder(fixture.ownAuthority, fixture.recorder).port(taken).start())
          .isInstanceOf(BindException.class)
          .hasMessageContaining("127.0.0.1:" + taken)
          .hasMessageContaining("in use");
    }
  }
}
