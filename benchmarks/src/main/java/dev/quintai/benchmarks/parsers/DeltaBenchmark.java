package dev.quintai.benchmarks.parsers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.StandardParsers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One delta of a stream of server-sent events, framing included: ours in chunks of 8 KB, beside
 * plain loops over the lines of the whole body, with one streaming parser or one tree an event.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Streams.DELTAS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DeltaBenchmark {

  private static final int CHUNK = 8192;

  /** Which stream. */
  @Param("ANTHROPIC_TEXT")
  public Streams stream;

  private final JsonFactory factory = new JsonFactory();
  private final ObjectMapper mapper = new ObjectMapper();
  private final LlmHead head =
      LlmHead.of("POST", "https://api.example.test/", "application/json")
          .withResponse(200, "text/event-stream");
  private byte[] body;
  private LlmParser parser;

  /** Made by JMH. */
  public DeltaBenchmark() {}

  /** Makes the body. */
  @Setup
  public void prepare() {
    body = stream.body();
    parser = StandardParsers.all().named(stream.format()).orElseThrow();
  }

  /** Ours. */
  @Benchmark
  public long ours(Blackhole told) {
    LlmStream open =
        parser.open(
            head,
            LlmDirection.RESPONSE,
            LlmLimits.DEFAULT,
            new LlmHandler() {
              @Override
              public void text(int choice, CharSequence delta) {
                told.consume(delta.length());
              }

              @Override
              public void toolCallDelta(int index, CharSequence delta) {
                told.consume(delta.length());
              }
            });
    for (int at = 0; at < body.length; at += CHUNK) {
      open.feed(ByteBuffer.wrap(body, at, Math.min(CHUNK, body.length - at)));
    }
    open.end();
    return open.position();
  }

  /** Takes the JSON of one event. */
  private interface Event {
    void read(int from, int to) throws IOException;
  }

  private void eachEvent(Event event) throws IOException {
    int at = 0;
    while (at < body.length) {
      int end = at;
      while (body[end] != '\n') {
        end++;
      }
      if (end - at > 6 && body[at] == 'd' && body[at + 6] == '{') {
        event.read(at + 6, end);
      }
      at = end + 1;
    }
  }

  /** Jackson's streaming parser, made anew for each event. */
  @Benchmark
  public void jacksonStreaming(Blackhole told) throws IOException {
    eachEvent((from, to) -> tokens(from, to, told));
  }

  private void tokens(int from, int to, Blackhole told) throws IOException {
    try (JsonParser json = factory.createParser(body, from, to - from)) {
      String type = null;
      String text = null;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          boolean isString = json.nextToken() == JsonToken.VALUE_STRING;
          switch (name) {
            case "type" -> type = json.getText();
            case "text", "partial_json", "content", "arguments", "delta" ->
                text = isString ? json.getText() : text;
            default -> {} // nothing of interest
          }
        }
      }
      told.consume(type);
      told.consume(text);
    }
  }

  /** A tree of each event. */
  @Benchmark
  public void jacksonTrees(Blackhole told) throws IOException {
    eachEvent(
        (from, to) -> {
          JsonNode event = mapper.readTree(body, from, to - from);
          JsonNode delta = event.path("delta").path("text");
          told.consume(
              delta.isMissingNode()
                  ? event.at("/choices/0/delta/content").asText()
                  : delta.asText());
        });
  }
}
