package dev.quintai.benchmarks.parsers;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Anthropic's client over a transport that answers each request with the same stream. */
final class AnthropicClients {

  private static final Headers HEADERS =
      Headers.builder().put("content-type", "text/event-stream").build();

  private final AnthropicClient client;
  private final MessageCreateParams request =
      MessageCreateParams.builder().model("claude-x").maxTokens(1000).addUserMessage("hi").build();

  AnthropicClients(byte[] body) {
    client =
        new AnthropicClientImpl(
            ClientOptions.builder()
                .httpClient(new Memory(() -> new ByteArrayInputStream(body)))
                .build());
  }

  /** Reads the stream and hands on its texts. */
  void readMessages(Consumer<String> told) {
    try (StreamResponse<RawMessageStreamEvent> events =
        client.messages().createStreaming(request)) {
      events.stream()
          .flatMap(event -> event.contentBlockDelta().stream())
          .flatMap(event -> event.delta().text().stream())
          .forEach(text -> told.accept(text.text()));
    }
  }

  private record Memory(Supplier<InputStream> body) implements HttpClient {
    @Override
    public HttpResponse execute(HttpRequest sent, RequestOptions options) {
      return new Answer(body.get());
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest sent, RequestOptions options) {
      return CompletableFuture.completedFuture(execute(sent, options));
    }

    @Override
    public void close() {}
  }

  private record Answer(InputStream body) implements HttpResponse {
    @Override
    public int statusCode() {
      return 200;
    }

    @Override
    public Headers headers() {
      return HEADERS;
    }

    @Override
    public void close() {}
  }
}
