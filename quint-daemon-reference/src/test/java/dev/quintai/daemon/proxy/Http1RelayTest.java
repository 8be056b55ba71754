package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The edges of HTTP/1.1: cuts, aborts, pipelines, interim responses, large bodies, plain HTTP. */
@Timeout(120)
class Http1RelayTest {
  @TempDir Path directory;

  private static Socket plain(ProxyFixture fixture) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.proxy.address().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private ProxyFixture plainHost(TestUpstream.Script script) throws Exception {
    ProxyFixture fixture = new ProxyFixture(directory);
    fixture.start(fixture.closing(TestUpstream.plain(script)).port(), settings -> settings);
    return fixture;
  }

  @Test
  void anUpstreamThatDiesCutsTheResponse() throws Exception {
    try (ProxyFixture fixture =
        ProxyFixture.tls(
            directory,
            connection -> {
              connection.head();
              connection.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
              connection.chunk("data: one\n\n");
              connection.socket.close();
            })) {
      HttpClient client = fixture.client(HttpClient.Version.HTTP_1_1);
      assertThatThrownBy(
              () ->
                  client.send(
                      ProxyFixture.request("/").GET().build(),
                      HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
      Recorder.Seen seen = fixture.recorder.next().await();
      assertThat(seen.responseText()).isEqualTo("data: one\n\n");
      assertThat(seen.responseEnd.outcome()).isEqualTo(BodyEnd.Outcome.CUT);
    }
  }

  @Test
  void aBodyThatLastsUntilTheConnectionEndsIsComplete() throws Exception {
    try (ProxyFixture fixture =
        ProxyFixture.tls(
            directory,
            connection -> {
              connection.head();
              connection.sendHead("HTTP/1.1 200 OK", "Connection: close");
              connection.send("until the end");
            })) {
      assertThat(
              fixture
                  .client(HttpClient.Version.HTTP_1_1)
                  .send(
                      ProxyFixture.request("/").GET().build(), HttpResponse.BodyHandlers.ofString())
                  .body())
          .isEqualTo("until the end");
      assertThat(fixture.recorder.next().await().responseEnd)
          .isEqualTo(new BodyEnd(BodyEnd.Outcome.COMPLETE, 13, 0, false));
    }
  }

  @Test
  void aClientThatLeavesEndsTheUpstreamConnection() throws Exception {
    CountDownLatch noticed = new CountDownLatch(1);
    try (ProxyFixture fixture =
        ProxyFixture.tls(
            directory,
            connection -> {
              connection.head();
              connection.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
              connection.chunk("data: one\n\n");
              try {
                if (connection.in.read() < 0) {
                  noticed.countDown();
                }
              } catch (IOException e) {
                noticed.countDown();
              }
            })) {
      HttpResponse<InputStream> response =
          fixture
              .client(HttpClient.Version.HTTP_1_1)
              .send(
                  ProxyFixture.request("/").GET().build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.body().readNBytes(11)).hasSize(11);
      response.body().close();
      assertThat(noticed.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(fixture.recorder.next().await().responseEnd.outcome())
          .isEqualTo(BodyEnd.Outcome.ABORTED);
    }
  }

  @Test
  void keepsPipelinedRequestsAndOddBytesAsTheyAre() throws Exception {
    StringBuilder received = new StringBuilder();
    String response =
        String.join(
            "\r\n",
            "HTTP/1.1 200 oK  then",
            "x-ODD:   spaced ",
            "Transfer-Encoding: chunked",
            "",
            "3;ext=\"a\"",
            "abc",
            "00",
            "X-Trailer: t",
            "",
            "");
    try (ProxyFixture fixture =
        plainHost(
            connection -> {
              for (int i = 0; i < 3; i++) {
                String head = connection.head();
                synchronized (received) {
                  received
                      .append(head)
                      .append(new String(connection.body(head), StandardCharsets.UTF_8));
                }
              }
              for (int i = 0; i < 3; i++) {
                connection.send(response);
              }
              connection.head();
            })) {
      try (Socket socket = plain(fixture)) {
        String one =
            "POST http://"
                + ProxyFixture.HOST
                + "/a?b HTTP/1.1\r\nHost: "
                + ProxyFixture.HOST
                + "\r\nX-cAsE:  y \r\nContent-Length: 2\r\n\r\nhi";
        write(socket, one + one + one);
        byte[] all = socket.getInputStream().readNBytes(3 * response.length());
        assertThat(new String(all, StandardCharsets.ISO_8859_1))
            .isEqualTo(response + response + response);
      }
      String expected =
          "POST /a?b HTTP/1.1\r\nHost: "
              + ProxyFixture.HOST
              + "\r\nX-cAsE:  y \r\nContent-Length: 2\r\n\r\nhi";
      assertThat(received.toString()).isEqualTo(expected + expected + expected);
      for (int i = 0; i < 3; i++) {
        Recorder.Seen seen = fixture.recorder.next().await();
        assertThat(seen.requestText()).isEqualTo("hi");
        assertThat(seen.responseText()).isEqualTo("abc");
        assertThat(seen.request.path()).isEqualTo("/a?b");
        assertThat(seen.connection.kind()).isEqualTo(ConnectionInfo.Kind.PLAIN_OBSERVED);
      }
    }
  }

  @Test
  void forwardsInterimResponses() throws Exception {
    try (ProxyFixture fixture =
        plainHost(
            connection -> {
              String head = connection.head();
              connection.sendHead("HTTP/1.1 100 Continue");
              connection.body(head);
              connection.sendHead("HTTP/1.1 103 Early Hints", "Link: </x>");
              connection.sendHead("HTTP/1.1 204 No Content");
              connection.head();
            })) {
      try (Socket socket = plain(fixture)) {
        write(
            socket,
            "PUT http://"
                + ProxyFixture.HOST
                + "/ HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        TestUpstream.Connection client = new TestUpstream.Connection(socket);
        assertThat(client.head()).startsWith("HTTP/1.1 100");
        write(socket, "abc");
        assertThat(client.head()).startsWith("HTTP/1.1 103");
        assertThat(client.head()).startsWith("HTTP/1.1 204");
      }
      Recorder.Seen seen = fixture.recorder.next().await();
      assertThat(seen.response.status()).isEqualTo(204);
      assertThat(seen.requestText()).isEqualTo("abc");
    }
  }

  @Test
  void aRequestThatCanBeReadInTwoWaysIsRefused() throws Exception {
    try (ProxyFixture fixture = plainHost(connection -> connection.head())) {
      String start = "POST http://" + ProxyFixture.HOST + "/ HTTP/1.1\r\n";
      for (String odd :
          List.of(
              "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
              "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
              "Transfer-Encoding: gzip, chunked\r\n\r\n",
              "Content-Length: +1\r\n\r\n",
              "Folded: a\r\n b\r\n\r\n",
              "No colon\r\n\r\n",
              "Space : x\r\n\r\n",
              "Bare: lf\n\r\n\r\n")) {
        try (Socket socket = plain(fixture)) {
          write(socket, start + odd);
          assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
              .as(odd)
              .startsWith("HTTP/1.1 400 ");
        }
      }
      assertThat(fixture.recorder.exchanges).isEmpty();
    }
  }

  @Test
  void theObserverMayAnswerInThePlaceOfTheHost() throws Exception {
    try (ProxyFixture fixture = ProxyFixture.tls(directory, connection -> connection.head())) {
      fixture.recorder.onExchange =
          seen -> seen.answer = LocalResponse.json(403, "{\"error\":\"refused by Quint\"}");
      HttpClient client = fixture.client(HttpClient.Version.HTTP_1_1);
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> response =
            client.send(
                ProxyFixture.request("/")
                    .POST(HttpRequest.BodyPublishers.ofString("x".repeat(1000)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).isEqualTo("{\"error\":\"refused by Quint\"}");
        Recorder.Seen seen = fixture.recorder.next().await();
        assertThat(seen.responseEnd.outcome()).isEqualTo(BodyEnd.Outcome.ANSWERED);
        assertThat(seen.requestText()).hasSize(1000);
      }
    }
  }

  @Test
  void aLargeBodyGoesThroughInLittleMemory() throws Exception {
    int chunk = 1 << 20;
    int chunks = 100;
    try (ProxyFixture fixture =
        ProxyFixture.tls(
            directory,
            connection -> {
              connection.head();
              connection.sendHead("HTTP/1.1 200 OK", "Content-Length: " + (long) chunk * chunks);
              byte[] part = new byte[chunk];
              for (int i = 0; i < chunks; i++) {
                connection.send(part);
              }
              connection.head();
            })) {
      HttpResponse<InputStream> response =
          fixture
              .client(HttpClient.Version.HTTP_1_1)
              .send(
                  ProxyFixture.request("/").GET().build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      // The client does not read yet: the proxy must stop reading, too.
      Thread.sleep(300);
      assertThat(fixture.recorder.next().responseEnd).isNull();
      long direct = io.netty.util.internal.PlatformDependent.usedDirectMemory();
      assertThat(direct).isLessThan(32L << 20);
      long all = response.body().transferTo(OutputStream.nullOutputStream());
      assertThat(all).isEqualTo((long) chunk * chunks);
    }
  }

  @Test
  void theObserversCopyEndsAtItsLimitAndSaysSo() throws Exception {
    try (ProxyFixture fixture = new ProxyFixture(directory)) {
      int size = 20 << 20;
      TestUpstream upstream =
          fixture.closing(
              TestUpstream.tls(
                  fixture.upstreamAuthority.leaf(ProxyFixture.HOST),
                  connection -> {
                    connection.head();
                    connection.sendHead("HTTP/1.1 200 OK", "Content-Length: " + size);
                    connection.send(new byte[size]);
                    connection.head();
                  }));
      fixture.start(upstream.port(), settings -> settings);
      byte[] body =
          fixture
              .client(HttpClient.Version.HTTP_1_1)
              .send(
                  ProxyFixture.request("/").GET().build(), HttpResponse.BodyHandlers.ofByteArray())
              .body();
      assertThat(body).hasSize(size);
      BodyEnd end = fixture.recorder.next().await().responseEnd;
      assertThat(end).isEqualTo(new BodyEnd(BodyEnd.Outcome.COMPLETE, 16 << 20, 4 << 20, false));
      assertThat(end.truncated()).isTrue();
    }
  }

  @Test
  void servesAHundredConnectionsAtOnce() throws Exception {
    try (ProxyFixture fixture =
        ProxyFixture.tls(
            directory,
            connection -> {
              String head = connection.head();
              byte[] body = connection.body(head);
              connection.sendHead("HTTP/1.1 200 OK", "Content-Length: " + body.length);
              connection.send(body);
              connection.head();
            })) {
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      HttpClient client = fixture.client(HttpClient.Version.HTTP_1_1);
      for (int i = 0; i < 100; i++) {
        all.add(
            client.sendAsync(
                ProxyFixture.request("/" + i)
                    .POST(HttpRequest.BodyPublishers.ofString("number " + i))
                    .build(),
                HttpResponse.BodyHandlers.ofString()));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(all.get(i).get(60, TimeUnit.SECONDS).body()).isEqualTo("number " + i);
      }
      for (int i = 0; i < 100; i++) {
        Recorder.Seen seen = fixture.recorder.next().await();
        assertThat(seen.requestText()).isEqualTo("number " + seen.request.path().substring(1));
      }
    }
  }

  @Test
  void plainRequestsOnOneConnectionMayNameSeveralHosts() throws Exception {
    try (ProxyFixture fixture =
        plainHost(
            connection -> {
              for (String head = connection.head(); !head.isEmpty(); head = connection.head()) {
                String host = head.replaceAll("(?is).*host: (.*?)\r\n.*", "$1");
                connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: " + host.length() + "\r\n\r\n" + host);
              }
            })) {
      try (Socket socket = plain(fixture)) {
        TestUpstream.Connection client = new TestUpstream.Connection(socket);
        for (String host : List.of(ProxyFixture.HOST, "other.example", "other.example")) {
          write(
              socket,
              "GET http://"
                  + host
                  + "/ HTTP/1.1\r\nHost: "
                  + host
                  + "\r\nProxy-Connection: keep-alive\r\n\r\n");
          String head = client.head();
          assertThat(new String(client.body(head), StandardCharsets.UTF_8)).isEqualTo(host);
        }
        write(socket, "GET http://no-such-host.invalid/ HTTP/1.1\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 502");
      }
      assertThat(Recorder.take(fixture.recorder.opened).host()).isEqualTo(ProxyFixture.HOST);
      ConnectionInfo second = Recorder.take(fixture.recorder.opened);
      assertThat(second.host()).isEqualTo("other.example");
      assertThat(second.kind()).isEqualTo(ConnectionInfo.Kind.PLAIN);
      assertThat(fixture.recorder.exchanges).hasSize(1);
    }
  }
}
