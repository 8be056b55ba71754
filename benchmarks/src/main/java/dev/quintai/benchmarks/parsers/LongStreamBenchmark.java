package dev.quintai.benchmarks.parsers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.core.spi.LlmToolCall;
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
 * One response of a gigabyte, texts and tool calls by turns, in a heap of 32 MiB: whatever grew
 * with the stream would end it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 1, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx32m", "-XX:+UseSerialGC"})
public class LongStreamBenchmark {

  private static final long LENGTH = 1L << 30;
  private static final int CHUNK = 8192;

  private final byte[] text = Streams.ANTHROPIC_TEXT.body();
  private final byte[] calls = Streams.ANTHROPIC_ARGUMENTS.body();
  private final JsonFactory factory = new JsonFactory();

  /** Made by JMH. */
  public LongStreamBenchmark() {}

  /** Ours. */
  @Benchmark
  public long ours(Blackhole told) {
    LlmStream open =
        StandardParsers.all()
            .named("anthropic")
            .orElseThrow()
            .open(
                LlmHead.of("POST", "https://api.example.test/", "application/json")
                    .withResponse(200, "text/event-stream"),
                LlmDirection.RESPONSE,
                LlmLimits.DEFAULT,
                new LlmHandler() {
                  @Override
                  public void text(int choice, CharSequence delta) {
                    told.consume(delta.length());
                  }

                  @Override
                  public void toolCallEnd(LlmToolCall call, Arguments arguments) {
                    told.consume(arguments);
                  }
                });
    while (open.position() < LENGTH) {
      feed(open, text);
      feed(open, calls);
    }
    open.end();
    return open.position();
  }

  private static void feed(LlmStream open, byte[] body) {
    for (int at = 0; at < body.length; at += CHUNK) {
      open.feed(ByteBuffer.wrap(body, at, Math.min(CHUNK, body.length - at)));
    }
  }

  /** Jackson's streaming parser, made anew for each event. */
  @Benchmark
  public long jacksonStreaming(Blackhole told) throws IOException {
    long read = 0;
    while (read < LENGTH) {
      read += tokens(text, told);
      read += tokens(calls, told);
    }
    return read;
  }

  private int tokens(byte[] body, Blackhole told) throws IOException {
    int at = 0;
    while (at < body.length) {
      int end = at;
      while (body[end] != '\n') {
        end++;
      }
      if (end - at > 6 && body[at] == 'd') {
        try (JsonParser json = factory.createParser(body, at + 6, end - at - 6)) {
          for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
            if (token == JsonToken.VALUE_STRING) {
              told.consume(json.getTextLength());
            }
          }
        }
      }
      at = end + 1;
    }
    return body.length;
  }
}
