package dev.quintai.benchmarks.parsers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A request of 200 KB, pushed in chunks of 8 KB, beside Jackson's bare token loops over the same
 * bytes, which do nothing with what they read. Ours tells the model, the tools, the results' ids
 * and the working directory; the text of messages and results is not wanted.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RequestBenchmark {

  private static final int CHUNK = 8192;

  private final byte[] body = Traffic.request();
  private final JsonFactory factory = new JsonFactory();
  private final ObjectMapper mapper = new ObjectMapper();
  private final LlmParser parser = StandardParsers.all().named("anthropic").orElseThrow();
  private final LlmHead head =
      LlmHead.of("POST", "https://api.anthropic.com/v1/messages", "application/json");

  /** Made by JMH. */
  public RequestBenchmark() {}

  /** Ours. */
  @Benchmark
  public long ours(Blackhole told) {
    LlmStream stream =
        parser.open(
            head,
            LlmDirection.REQUEST,
            LlmLimits.DEFAULT,
            new LlmHandler() {
              @Override
              public void requestModel(String model) {
                told.consume(model);
              }

              @Override
              public boolean wantsResultText() {
                return false;
              }
            });
    for (int at = 0; at < body.length; at += CHUNK) {
      stream.feed(ByteBuffer.wrap(body, at, Math.min(CHUNK, body.length - at)));
    }
    stream.end();
    return stream.position();
  }

  /** Jackson's non-blocking parser over the same chunks. */
  @Benchmark
  public int jacksonNonBlocking() throws IOException {
    int tokens = 0;
    try (JsonParser json = factory.createNonBlockingByteArrayParser()) {
      ByteArrayFeeder feeder = (ByteArrayFeeder) json.getNonBlockingInputFeeder();
      for (int at = 0; at < body.length; at += CHUNK) {
        feeder.feedInput(body, at, Math.min(body.length, at + CHUNK));
        while (json.nextToken() != JsonToken.NOT_AVAILABLE) {
          tokens++;
        }
      }
      feeder.endOfInput();
      while (json.nextToken() != null) {
        tokens++;
      }
    }
    return tokens;
  }

  /** Jackson's blocking parser over the whole body. */
  @Benchmark
  public int jacksonBlocking() throws IOException {
    int tokens = 0;
    try (JsonParser json = factory.createParser(body)) {
      while (json.nextToken() != null) {
        tokens++;
      }
    }
    return tokens;
  }

  /** A tree of the whole body. */
  @Benchmark
  public JsonNode jacksonTree() throws IOException {
    return mapper.readTree(body);
  }
}
