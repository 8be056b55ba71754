package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gates over HTTP/1.1 and HTTP/2, on whole, compressed and streamed bodies. */
@Timeout(60)
class GateTest {
  @TempDir Path directory;

  /** A host that sends events one by one as it is told, and a proxy before it. */
  private ProxyFixture stream(
      HttpClient.Version version, BlockingQueue<String> events, Supplier<ResponseGate> gates)
      throws Exception {
    ProxyFixture fixture = new ProxyFixture(directory);
    fixture.recorder.onExchange =
        seen -> {
          seen.mayGate = true;
          seen.gate = head -> gates.get();
        };
    int port;
    if (version == HttpClient.Version.HTTP_2) {
      port =
          fixture
              .closing(
                  new Http2Upstream(
                      fixture.upstreamAuthority.leaf(ProxyFixture.HOST),
                      (stream, request, body) -> {
                        stream.headers(
                            "200",
                            false,
                            "content-type",
                            "text/event-stream",
                            "x-asked",
                            String.valueOf(request.get("accept-encoding")));
                        new Thread(
                                () -> {
                                  for (String e = take(events); !e.isEmpty(); e = take(events)) {
                                    stream.data(e, false);
                                  }
                                  stream.data("", true);
                                })
                            .start();
                      }))
              .port();
    } else {
      port =
          fixture
              .closing(
                  TestUpstream.tls(
                      fixture.upstreamAuthority.leaf(ProxyFixture.HOST),
                      connection -> {
                        for (String head = connection.head();
                            !head.isEmpty();
                            head = connection.head()) {
                          String asked =
                              head.replaceAll("(?is).*accept-encoding: (.*?)\r\n.*", "$1");
                          connection.sendHead(
                              "HTTP/1.1 200 OK",
                              "Content-Type: text/event-stream",
                              "X-Asked: " + asked,
                              "Transfer-Encoding: chunked");
                          for (String e = take(events); !e.isEmpty(); e = take(events)) {
                            connection.chunk(e);
                          }
                          connection.send("0\r\n\r\n");
                        }
                      }))
              .port();
    }
    fixture.start(port, settings -> settings);
    return fixture;
  }

  private static String take(BlockingQueue<String> events) {
    try {
      return events.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static HttpResponse<InputStream> get(ProxyFixture fixture, HttpClient.Version version)
      throws Exception {
    return fixture
        .client(version)
        .send(
            ProxyFixture.request("/").header("Accept-Encoding", "gzip").GET().build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }

  private static String read(HttpResponse<InputStream> response, int count) throws IOException {
    return new String(response.body().readNBytes(count), StandardCharsets.UTF_8);
  }

  /** Passes whole events, except that one which holds the word "tool" is decided by a future. */
  private static final class EventGate implements ResponseGate {
    private final CompletableFuture<GateDecision> verdict;
    private final boolean headHeld;

    EventGate(CompletableFuture<GateDecision> verdict, boolean headHeld) {
      this.verdict = verdict;
      this.headHeld = headHeld;
    }

    @Override
    public GateDecision data(byte[] held, int length, int fresh) {
      String text = new String(held, 0, length, StandardCharsets.UTF_8);
      int end = text.indexOf("\n\n");
      if (end < 0) {
        return GateDecision.hold();
      }
      return text.substring(0, end).contains("tool")
          ? GateDecision.later(verdict)
          : GateDecision.pass(end + 2);
    }

    @Override
    public GateDecision end(byte[] held, int length) {
      return GateDecision.passAll();
    }

    @Override
    public GateDecision full(byte[] held, int length) {
      return GateDecision.hold();
    }

    @Override
    public boolean holdsHead() {
      return headHeld;
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void holdsOneEventUntilItsVerdictAndLetsTheOthersPass(HttpClient.Version version)
      throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    CompletableFuture<GateDecision> verdict = new CompletableFuture<>();
    try (ProxyFixture fixture = stream(version, events, () -> new EventGate(verdict, false))) {
      events.add("data: one\n\n");
      HttpResponse<InputStream> response = get(fixture, version);
      assertThat(response.headers().firstValue("x-asked")).contains("identity");
      assertThat(read(response, 11)).isEqualTo("data: one\n\n");
      events.add("data: to");
      events.add("ol\n\n");
      Recorder.Seen seen = fixture.recorder.next();
      while (!seen.responseText().contains("tool\n\n")) {
        Recorder.take(seen.parts); // The observer sees it while the client does not.
      }
      assertThat(response.body().available()).isZero();
      verdict.complete(GateDecision.passAll());
      assertThat(read(response, 12)).isEqualTo("data: tool\n\n");
      events.add("data: end\n\n");
      events.add("");
      assertThat(read(response, 1000)).isEqualTo("data: end\n\n");
      assertThat(seen.await().responseEnd.outcome()).isEqualTo(BodyEnd.Outcome.COMPLETE);
      assertThat(fixture.proxy.observerFailures()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void replacesTheRestOfTheStream(HttpClient.Version version) throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    CompletableFuture<GateDecision> verdict = new CompletableFuture<>();
    try (ProxyFixture fixture = stream(version, events, () -> new EventGate(verdict, false))) {
      events.add("data: one\n\ndata: tool\n\n");
      HttpResponse<InputStream> response = get(fixture, version);
      assertThat(read(response, 11)).isEqualTo("data: one\n\n");
      verdict.complete(GateDecision.replace("data: refused\n\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(read(response, 1000)).isEqualTo("data: refused\n\n");
      assertThat(fixture.recorder.next().await().responseEnd.outcome())
          .isEqualTo(BodyEnd.Outcome.REPLACED);
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void answersInsteadWhileTheHeadIsHeld(HttpClient.Version version) throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    CompletableFuture<GateDecision> verdict =
        CompletableFuture.completedFuture(
            GateDecision.answer(LocalResponse.json(403, "{\"error\":\"no\"}")));
    try (ProxyFixture fixture = stream(version, events, () -> new EventGate(verdict, true))) {
      events.add("data: tool\n\n");
      HttpResponse<InputStream> response = get(fixture, version);
      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.headers().firstValue("content-type")).contains("application/json");
      assertThat(read(response, 1000)).isEqualTo("{\"error\":\"no\"}");
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aGateThatThrowsLetsNothingMorePass(HttpClient.Version version) throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    CompletableFuture<GateDecision> verdict =
        CompletableFuture.failedFuture(new IllegalStateException("broken gate"));
    try (ProxyFixture fixture = stream(version, events, () -> new EventGate(verdict, false))) {
      // One after the other: a client may forget what it has not read when its stream is reset.
      events.add("data: one\n\n");
      HttpResponse<InputStream> response = get(fixture, version);
      assertThat(read(response, 11)).isEqualTo("data: one\n\n");
      events.add("data: tool\n\n");
      assertThatThrownBy(() -> read(response, 1000)).isInstanceOf(IOException.class);
      assertThat(fixture.recorder.next().await().responseEnd.outcome())
          .isEqualTo(BodyEnd.Outcome.CUT);
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void decidesAtTheEndAboutABodyThatCameWholeAndCompressed(HttpClient.Version version)
      throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write("{\"tool\":1}".getBytes(StandardCharsets.UTF_8));
    }
    ResponseGate gate =
        new ResponseGate() {
          @Override
          public GateDecision data(byte[] held, int length, int fresh) {
            return GateDecision.hold();
          }

          @Override
          public GateDecision end(byte[] held, int length) {
            String text = new String(held, 0, length, StandardCharsets.UTF_8);
            return GateDecision.later(
                CompletableFuture.supplyAsync(
                    () -> GateDecision.replace((text + "!").getBytes(StandardCharsets.UTF_8))));
          }

          @Override
          public GateDecision full(byte[] held, int length) {
            return GateDecision.hold();
          }
        };
    try (ProxyFixture fixture = new ProxyFixture(directory)) {
      fixture.recorder.onExchange = seen -> seen.gate = head -> gate;
      int port =
          version == HttpClient.Version.HTTP_2
              ? fixture
                  .closing(
                      new Http2Upstream(
                          fixture.upstreamAuthority.leaf(ProxyFixture.HOST),
                          (stream, request, body) -> {
                            stream.headers("200", false, "content-encoding", "gzip");
                            stream.data(zipped.toByteArray(), true);
                          }))
                  .port()
              : fixture
                  .closing(
                      TestUpstream.tls(
                          fixture.upstreamAuthority.leaf(ProxyFixture.HOST),
                          connection -> {
                            connection.head();
                            connection.sendHead(
                                "HTTP/1.1 200 OK",
                                "Content-Encoding: gzip",
                                "Connection: close",
                                "Content-Length: " + zipped.size());
                            connection.send(zipped.toByteArray());
                          }))
                  .port();
      fixture.start(port, settings -> settings);
      HttpResponse<InputStream> response = get(fixture, version);
      assertThat(response.headers().firstValue("content-encoding")).isEmpty();
      assertThat(read(response, 1000)).isEqualTo("{\"tool\":1}!");
      assertThat(fixture.recorder.next().await().responseText()).isEqualTo("{\"tool\":1}");
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void cutsAResponseThatIsHeldBeyondTheLimit(HttpClient.Version version) throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    try (ProxyFixture fixture =
        stream(version, events, () -> new EventGate(new CompletableFuture<>(), false))) {
      String part = "x".repeat(1 << 20);
      for (int i = 0; i < 9; i++) {
        events.add(part);
      }
      events.add("");
      HttpResponse<InputStream> response = get(fixture, version);
      assertThatThrownBy(() -> read(response, 1000)).isInstanceOf(IOException.class);
    }
  }
}
