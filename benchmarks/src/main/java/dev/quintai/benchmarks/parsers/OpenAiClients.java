package dev.quintai.benchmarks.parsers;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** OpenAI's client over a transport that answers each request with the same stream. */
final class OpenAiClients {

  private static final Headers HEADERS =
      Headers.builder().put("content-type", "text/event-stream").build();

  private final OpenAIClient client;
  private final ChatCompletionCreateParams chat =
      ChatCompletionCreateParams.builder().model("gpt-x").addUserMessage("hi").build();
  private final ResponseCreateParams responses =
      ResponseCreateParams.builder().model("gpt-x").input("hi").build();

  OpenAiClients(byte[] body) {
    client =
        new OpenAIClientImpl(
            ClientOptions.builder()
                .httpClient(new Memory(() -> new ByteArrayInputStream(body)))
                .apiKey("none")
                .build());
  }

  /** Reads a stream of chat completions and hands on its texts. */
  void readChat(Consumer<String> told) {
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(chat)) {
      chunks.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .flatMap(choice -> choice.delta().content().stream())
          .forEach(told);
    }
  }

  /** Reads a stream of the Responses API and hands on its texts. */
  void readResponses(Consumer<String> told) {
    try (StreamResponse<ResponseStreamEvent> events =
        client.responses().createStreaming(responses)) {
      events.stream()
          .flatMap(event -> event.outputTextDelta().stream())
          .forEach(event -> told.accept(event.delta()));
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
