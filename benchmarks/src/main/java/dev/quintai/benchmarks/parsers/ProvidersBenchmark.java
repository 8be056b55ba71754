package dev.quintai.benchmarks.parsers;

import com.google.genai.types.GenerateContentResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One text delta of the streams of {@link Streams}, read by the providers' own libraries: their
 * clients over a transport that answers from memory. Google's takes no other transport, so its
 * types read the lines of the stream.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Streams.DELTAS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ProvidersBenchmark {

  private final byte[] gemini = Streams.GEMINI_TEXT.body();
  private final AnthropicClients anthropic = new AnthropicClients(Streams.ANTHROPIC_TEXT.body());
  private final OpenAiClients chat = new OpenAiClients(Streams.CHAT_TEXT.body());
  private final OpenAiClients responses = new OpenAiClients(Streams.RESPONSES_TEXT.body());

  /** Made by JMH. */
  public ProvidersBenchmark() {}

  /** Anthropic's library. */
  @Benchmark
  public void anthropic(Blackhole told) {
    anthropic.readMessages(told::consume);
  }

  /** OpenAI's library, Chat Completions. */
  @Benchmark
  public void openAiChat(Blackhole told) {
    chat.readChat(told::consume);
  }

  /** OpenAI's library, Responses. */
  @Benchmark
  public void openAiResponses(Blackhole told) {
    responses.readResponses(told::consume);
  }

  /** The types of Google's library. */
  @Benchmark
  public void google(Blackhole told) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new ByteArrayInputStream(gemini), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          told.consume(GenerateContentResponse.fromJson(line.substring(6)).text());
        }
      }
    }
  }
}
