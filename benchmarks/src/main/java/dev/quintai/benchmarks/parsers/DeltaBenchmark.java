package dev.quintai.benchmarks.parsers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One text delta of a stream of server-sent events, framing included, beside a plain loop over
 * lines with one Jackson streaming parser an event.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Traffic.DELTAS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DeltaBenchmark {

  private static final int CHUNK = 8192;

  private final byte[] body = Traffic.deltas();
  private final JsonFactory factory = new JsonFactory();
  private final LlmParser parser = StandardParsers.all().named("anthropic").orElseThrow();
  private final LlmHead head =
      LlmHead.of("POST", "https://api.anthropic.com/v1/messages", "application/json")
          .withResponse(200, "text/event-stream");

  /** Made by JMH. */
  public DeltaBenchmark() {}

  /** Ours. */
  @Benchmark
  public long ours(Blackhole told) {
    LlmStream stream =
        parser.open(
            head,
            LlmDirection.RESPONSE,
            LlmLimits.DEFAULT,
            new LlmHandler() {
              @Override
              public void text(int choice, CharSequence delta) {
                told.consume(delta.length());
              }
            });
    for (int at = 0; at < body.length; at += CHUNK) {
      stream.feed(ByteBuffer.wrap(body, at, Math.min(CHUNK, body.length - at)));
    }
    stream.end();
    return stream.position();
  }

  /** Jackson's streaming parser, made anew for each event. */
  @Benchmark
  public void jacksonStreaming(Blackhole told) throws IOException {
    int at = 0;
    while (at < body.length) {
      int end = at;
      while (body[end] != '\n') {
        end++;
      }
      if (end - at > 6 && body[at] == 'd') {
        event(at + 6, end, told);
      }
      at = end + 1;
    }
  }

  private void event(int from, int to, Blackhole told) throws IOException {
    try (JsonParser json = factory.createParser(body, from, to - from)) {
      String type = null;
      String text = null;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          if (name.equals("text")) {
            text = json.getText();
          } else if (name.equals("type")) {
            type = json.getText();
          }
        }
      }
      told.consume(type);
      told.consume(text);
    }
  }
}
