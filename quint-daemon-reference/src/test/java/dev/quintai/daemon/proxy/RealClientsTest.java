package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.daemon.ca.CaBundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** curl and Node, led through the proxy by their environment alone. */
@Timeout(60)
class RealClientsTest {
  @TempDir Path directory;

  private String run(ProxyFixture fixture, String... command) throws Exception {
    Path bundle = directory.resolve("bundle.pem");
    Path certificates = directory.resolve("certs");
    CaBundle.write(bundle, fixture.ownAuthority.certificate(), List.of());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment =
        ChildEnvironment.of(System.getenv(), fixture.proxy.url(), bundle, certificates);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      Assumptions.abort(command[0] + " is not installed");
      return "";
    }
    pids.add(process.pid());
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private final List<Long> pids = new ArrayList<>();

  private static void zipped(TestUpstream.Connection connection) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write("{\"ok\":true}".getBytes(StandardCharsets.UTF_8));
    }
    connection.body(connection.head());
    connection.sendHead(
        "HTTP/1.1 200 OK", "Content-Encoding: gzip", "Content-Length: " + zipped.size());
    connection.send(zipped.toByteArray());
    connection.head();
  }

  @Test
  void curlOverHttp1() throws Exception {
    try (ProxyFixture fixture = ProxyFixture.tls(directory, RealClientsTest::zipped)) {
      String output =
          run(fixture, "curl", "-sS", "--compressed", "-d", "x=1", "https://" + ProxyFixture.HOST);
      assertThat(output).isEqualTo("{\"ok\":true}");
      Recorder.Seen seen = fixture.recorder.next().await();
      assertThat(seen.responseText()).isEqualTo("{\"ok\":true}");
      assertThat(seen.requestText()).isEqualTo("x=1");
      assertThat(seen.connection.ownerPid()).isEqualTo(pids.get(0));
    }
  }

  @Test
  void curlOverHttp2() throws Exception {
    try (ProxyFixture fixture = new ProxyFixture(directory)) {
      Http2Upstream upstream =
          fixture.closing(
              new Http2Upstream(
                  fixture.upstreamAuthority.leaf(ProxyFixture.HOST),
                  (stream, request, body) -> {
                    stream.headers("200", false);
                    stream.data("over h2", true);
                  }));
      fixture.start(upstream.port(), settings -> settings);
      String output =
          run(
              fixture,
              "curl",
              "-sS",
              "-w",
              " %{http_version}",
              "https://" + ProxyFixture.HOST + "/v1/models");
      assertThat(output).isEqualTo("over h2 2");
      assertThat(fixture.recorder.next().await().responseText()).isEqualTo("over h2");
    }
  }

  @Test
  void nodeThroughAConnectOfItsOwn() throws Exception {
    String script =
        """
        const http = require('http'), https = require('https'), host = '%s';
        const proxy = new URL(process.env.HTTPS_PROXY);
        http.request({host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: host + ':443'})
          .on('connect', (res, socket) => {
            https.get({host, socket, agent: false, servername: host}, (r) => {
              let text = '';
              r.on('data', (d) => text += d.toString('latin1')).on('end', () => {
                console.log(r.statusCode, text.length > 0);
                socket.destroy();
              });
            });
          }).end();
        """
            .formatted(ProxyFixture.HOST);
    try (ProxyFixture fixture = ProxyFixture.tls(directory, RealClientsTest::zipped)) {
      assertThat(run(fixture, "node", "-e", script)).isEqualTo("200 true\n");
      Recorder.Seen seen = fixture.recorder.next().await();
      assertThat(seen.responseText()).isEqualTo("{\"ok\":true}");
      assertThat(seen.connection.ownerPid()).isEqualTo(pids.get(0));
    }
  }
}
