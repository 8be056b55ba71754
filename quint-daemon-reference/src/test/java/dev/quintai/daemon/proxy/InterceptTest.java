package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intercepted HTTP/1.1: what the client gets, and what the observer is shown. */
class InterceptTest {
  @TempDir Path directory;

  @Test
  void forwardsAnExchangeAndShowsItToTheObserver() throws Exception {
    try (ProxyFixture fixture =
        ProxyFixture.tls(
            directory,
            connection -> {
              String head = connection.head();
              byte[] body = connection.body(head);
              connection.sendHead(
                  "HTTP/1.1 200 Fine",
                  "Content-Type: application/json",
                  "X-Request-Id: r1",
                  "Content-Length: " + body.length);
              connection.send(body);
              connection.head();
            })) {
      HttpResponse<String> response =
          fixture
              .client(HttpClient.Version.HTTP_1_1)
              .send(
                  ProxyFixture.request("/v1/messages?beta=true")
                      .header("Authorization", "Bearer secret")
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString("{\"a\":\"b\"}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("{\"a\":\"b\"}");
      Recorder.Seen seen = fixture.recorder.next().await();
      assertThat(seen.request.method()).isEqualTo("POST");
      assertThat(seen.request.path()).isEqualTo("/v1/messages?beta=true");
      assertThat(seen.request.host()).isEqualTo(ProxyFixture.HOST);
      assertThat(seen.request.contentType()).isEqualTo("application/json");
      assertThat(seen.requestText()).isEqualTo("{\"a\":\"b\"}");
      assertThat(seen.requestEnd.outcome()).isEqualTo(BodyEnd.Outcome.COMPLETE);
      assertThat(seen.response.status()).isEqualTo(200);
      assertThat(seen.response.requestId()).isEqualTo("r1");
      assertThat(seen.responseText()).isEqualTo("{\"a\":\"b\"}");
      assertThat(seen.responseEnd).isEqualTo(new BodyEnd(BodyEnd.Outcome.COMPLETE, 9, 0, false));
      assertThat(seen.connection.kind()).isEqualTo(ConnectionInfo.Kind.INTERCEPTED);
      assertThat(seen.connection.ownerPid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(seen.request.toString()).doesNotContain("secret");
      assertThat(fixture.proxy.observerFailures()).isZero();
    }
  }

  @Test
  void deliversAnEventBeforeTheNextIsSent() throws Exception {
    CountDownLatch firstArrived = new CountDownLatch(1);
    try (ProxyFixture fixture =
        ProxyFixture.tls(
            directory,
            connection -> {
              connection.head();
              connection.sendHead(
                  "HTTP/1.1 200 OK",
                  "Content-Type: text/event-stream",
                  "Transfer-Encoding: chunked");
              connection.chunk("data: one\n\n");
              // The second event is sent only when the client has the first.
              if (firstArrived.await(20, TimeUnit.SECONDS)) {
                connection.chunk("data: two\n\n");
              }
              connection.send("0\r\n\r\n");
              connection.head();
            })) {
      HttpResponse<InputStream> response =
          fixture
              .client(HttpClient.Version.HTTP_1_1)
              .send(
                  ProxyFixture.request("/v1/messages").GET().build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      byte[] first = response.body().readNBytes(11);
      assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo("data: one\n\n");
      Recorder.Seen seen = fixture.recorder.next();
      assertThat(Recorder.take(seen.parts)).isEqualTo("data: one\n\n");
      firstArrived.countDown();
      assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("data: two\n\n");
      assertThat(seen.await().responseText()).isEqualTo("data: one\n\ndata: two\n\n");
    }
  }
}
