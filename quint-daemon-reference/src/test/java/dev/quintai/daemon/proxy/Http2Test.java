package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intercepted HTTP/2. */
@SuppressWarnings("FutureReturnValueIgnored")
class Http2Test {
  @TempDir Path directory;

  private ProxyFixture start(Http2Upstream.Script script) throws Exception {
    ProxyFixture fixture = new ProxyFixture(directory);
    upstream =
        fixture.closing(
            new Http2Upstream(fixture.upstreamAuthority.leaf(ProxyFixture.HOST), script));
    fixture.start(upstream.port(), settings -> settings);
    return fixture;
  }

  private Http2Upstream upstream;

  @Test
  void joinsStreamsAndShowsThem() throws Exception {
    try (ProxyFixture fixture =
        start(
            (stream, request, body) -> {
              stream.headers("200", false, "content-type", "text/event-stream");
              stream.data("data: " + new String(body, StandardCharsets.UTF_8) + "\n\n", true);
            })) {
      HttpResponse<String> response =
          fixture
              .client(HttpClient.Version.HTTP_2)
              .send(
                  ProxyFixture.request("/v1/responses")
                      .POST(HttpRequest.BodyPublishers.ofString("hello"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(response.body()).isEqualTo("data: hello\n\n");
      Recorder.Seen seen = fixture.recorder.next().await();
      assertThat(seen.request.httpVersion()).isEqualTo("HTTP/2");
      assertThat(seen.request.method()).isEqualTo("POST");
      assertThat(seen.request.path()).isEqualTo("/v1/responses");
      assertThat(seen.request.host()).isEqualTo(ProxyFixture.HOST);
      assertThat(seen.requestText()).isEqualTo("hello");
      assertThat(seen.responseText()).isEqualTo("data: hello\n\n");
      assertThat(seen.requestEnd).isEqualTo(new BodyEnd(BodyEnd.Outcome.COMPLETE, 5, 0, false));
      assertThat(seen.responseEnd).isEqualTo(new BodyEnd(BodyEnd.Outcome.COMPLETE, 13, 0, false));
      assertThat(fixture.proxy.observerFailures()).isZero();
    }
  }

  @Test
  void deliversAnEventBeforeTheNextIsSent() throws Exception {
    BlockingQueue<Http2Upstream.Stream> streams = new LinkedBlockingQueue<>();
    try (ProxyFixture fixture =
        start(
            (stream, request, body) -> {
              stream.headers("200", false, "content-type", "text/event-stream");
              stream.data("data: one\n\n", false);
              streams.add(stream);
            })) {
      HttpResponse<InputStream> response =
          fixture
              .client(HttpClient.Version.HTTP_2)
              .send(
                  ProxyFixture.request("/").GET().build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.body().readNBytes(11))
          .isEqualTo("data: one\n\n".getBytes(StandardCharsets.UTF_8));
      Http2Upstream.Stream stream = Recorder.take(streams);
      stream.data("data: two\n\n", false);
      stream.trailers("x-trailer", "t");
      assertThat(response.body().readAllBytes())
          .isEqualTo("data: two\n\n".getBytes(StandardCharsets.UTF_8));
      assertThat(fixture.recorder.next().await().responseEnd.outcome())
          .isEqualTo(BodyEnd.Outcome.COMPLETE);
    }
  }

  @Test
  void carriesManyStreamsAndLargeBodiesBothWays() throws Exception {
    try (ProxyFixture fixture =
        start(
            (stream, request, body) -> {
              stream.headers("200", false, "content-length", Integer.toString(body.length));
              stream.data(body, true);
            })) {
      HttpClient client = fixture.client(HttpClient.Version.HTTP_2);
      byte[] large = new byte[2_000_000];
      new Random(7).nextBytes(large);
      // The first exchange opens the connection that the others share.
      assertThat(echo(client, large).get().body()).isEqualTo(large);
      List<byte[]> bodies = new ArrayList<>();
      List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        bodies.add(Arrays.copyOf(large, i * 5000));
        answers.add(echo(client, bodies.get(i)));
      }
      for (int i = 0; i < 40; i++) {
        assertThat(answers.get(i).get().body()).isEqualTo(bodies.get(i));
      }
      for (int i = 0; i < 41; i++) {
        Recorder.Seen seen = fixture.recorder.next().await();
        assertThat(seen.requestBody.toByteArray()).isEqualTo(seen.responseBody.toByteArray());
      }
      assertThat(fixture.recorder.opened).hasSize(1);
    }
  }

  private static CompletableFuture<HttpResponse<byte[]>> echo(HttpClient client, byte[] body) {
    return client.sendAsync(
        ProxyFixture.request("/").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void passesAResetOnAndReportsTheCut() throws Exception {
    try (ProxyFixture fixture =
        start(
            (stream, request, body) -> {
              stream.headers("200", false);
              stream.data("data: one\n\n", false);
              stream.channel.writeAndFlush(
                  new io.netty.handler.codec.http2.DefaultHttp2ResetFrame(
                      io.netty.handler.codec.http2.Http2Error.INTERNAL_ERROR));
            })) {
      HttpClient client = fixture.client(HttpClient.Version.HTTP_2);
      assertThatThrownBy(
              () ->
                  client.send(
                      ProxyFixture.request("/").GET().build(),
                      HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
      assertThat(fixture.recorder.next().await().responseEnd.outcome())
          .isEqualTo(BodyEnd.Outcome.CUT);
    }
  }

  @Test
  void anUpstreamThatDiesCutsItsStreams() throws Exception {
    try (ProxyFixture fixture =
        start(
            (stream, request, body) -> {
              stream.headers("200", false);
              stream.data("data: one\n\n", false);
              // Past the codec, which would say GOAWAY: the JDK's client then leaves first.
              stream.channel.parent().pipeline().firstContext().close();
            })) {
      HttpClient client = fixture.client(HttpClient.Version.HTTP_2);
      assertThatThrownBy(
              () ->
                  client.send(
                      ProxyFixture.request("/").GET().build(),
                      HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
      assertThat(fixture.recorder.next().await().responseEnd.outcome())
          .isEqualTo(BodyEnd.Outcome.CUT);
      assertThat(Recorder.take(fixture.recorder.closed).host()).isEqualTo(ProxyFixture.HOST);
    }
  }

  @Test
  void aClientThatLeavesResetsTheStreamUpstream() throws Exception {
    try (ProxyFixture fixture =
        start(
            (stream, request, body) -> {
              stream.headers("200", false);
              stream.data("data: one\n\n", false);
            })) {
      HttpResponse<InputStream> response =
          fixture
              .client(HttpClient.Version.HTTP_2)
              .send(
                  ProxyFixture.request("/").GET().build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.body().readNBytes(11)).hasSize(11);
      response.body().close();
      assertThat(Recorder.take(upstream.resets)).isEqualTo(8L); // CANCEL
      assertThat(fixture.recorder.next().await().responseEnd.outcome())
          .isEqualTo(BodyEnd.Outcome.ABORTED);
    }
  }
}
