package dev.quintai.parsers.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.ArgumentsReader;
import dev.quintai.parsers.ContentDecoder;
import dev.quintai.parsers.ContentDecoders;
import dev.quintai.parsers.StandardParsers;
import dev.quintai.parsers.support.Recorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Hostile bytes, for each format and framing. The first byte chooses the split and the direction;
 * the rest is the body.
 *
 * <p>Checked: nothing is thrown, the events do not depend on the split, a prefix tells no call that
 * the whole does not, and offsets stay within the body.
 */
class ParserFuzzTest {

  private static final LlmLimits SMALL = new LlmLimits(20, 200, 300, 4, 256);

  private static void check(String format, String contentType, byte[] data) {
    if (data.length == 0) {
      return;
    }
    int choice = data[0] & 0xFF;
    byte[] body = Arrays.copyOfRange(data, 1, data.length);
    LlmDirection direction = (choice & 1) == 0 ? LlmDirection.RESPONSE : LlmDirection.REQUEST;
    LlmLimits limits = (choice & 2) == 0 ? LlmLimits.DEFAULT : SMALL;
    int chunk = 1 + (choice >> 2);
    Recorder whole = read(format, contentType, direction, limits, body, body.length);
    Recorder pieces = read(format, contentType, direction, limits, body, chunk);
    assertThat(comparable(pieces.lines, limits)).isEqualTo(comparable(whole.lines, limits));
    List<String> all = whole.only("end");
    List<String> part =
        read(format, contentType, direction, limits, Arrays.copyOf(body, body.length / 2), chunk)
            .only("end");
    assertThat(part.size()).isLessThanOrEqualTo(all.size());
    assertThat(part).isEqualTo(all.subList(0, part.size()));
  }

  /** Whether a long frame was held, and so its end known, depends on the split by design. */
  private static List<String> comparable(List<String> lines, LlmLimits limits) {
    return limits.equals(SMALL)
        ? lines.stream().filter(line -> !line.startsWith("frame ")).toList()
        : lines;
  }

  private static Recorder read(
      String format,
      String contentType,
      LlmDirection direction,
      LlmLimits limits,
      byte[] body,
      int chunk) {
    Recorder recorder = new Recorder();
    LlmHead head =
        LlmHead.of("POST", "https://h/model/m/invoke", contentType).withResponse(200, contentType);
    LlmStream stream =
        StandardParsers.all().named(format).orElseThrow().open(head, direction, limits, recorder);
    int step = Math.max(1, chunk);
    for (int at = 0; at < body.length; at += step) {
      stream.feed(ByteBuffer.wrap(body, at, Math.min(step, body.length - at)));
      assertThat(stream.settled()).isBetween(0L, stream.position());
    }
    stream.end();
    return recorder;
  }

  @FuzzTest(maxDuration = "10m")
  void anthropicSse(byte[] data) {
    check("anthropic", "text/event-stream", data);
  }

  @FuzzTest(maxDuration = "10m")
  void anthropicJson(byte[] data) {
    check("anthropic", "application/json", data);
  }

  @FuzzTest(maxDuration = "10m")
  void invokeEventStream(byte[] data) {
    check("anthropic", "application/vnd.amazon.eventstream", data);
  }

  @FuzzTest(maxDuration = "10m")
  void responsesSse(byte[] data) {
    check("openai-responses", "text/event-stream", data);
  }

  @FuzzTest(maxDuration = "10m")
  void responsesJson(byte[] data) {
    check("openai-responses", "application/json", data);
  }

  @FuzzTest(maxDuration = "10m")
  void chatSse(byte[] data) {
    check("openai", "text/event-stream", data);
  }

  @FuzzTest(maxDuration = "10m")
  void genericJson(byte[] data) {
    check("generic", "application/json", data);
  }

  @FuzzTest(maxDuration = "10m")
  void genericLines(byte[] data) {
    check("generic", "application/x-ndjson", data);
  }

  @FuzzTest(maxDuration = "10m")
  void geminiArray(byte[] data) {
    check("google-gemini", "application/json", data);
  }

  @FuzzTest(maxDuration = "10m")
  void converseEventStream(byte[] data) {
    check("aws-bedrock-converse", "application/vnd.amazon.eventstream", data);
  }

  @FuzzTest(maxDuration = "10m")
  void arguments(byte[] data) {
    new ArgumentsReader(20).read(new String(data, StandardCharsets.UTF_8));
  }

  @FuzzTest(maxDuration = "10m")
  void contentEncodings(byte[] data) {
    ContentDecoders decoders = ContentDecoders.standard().withMaxBytes(1 << 20);
    try (ContentDecoder.Decoding decoding = decoders.open("gzip")) {
      decoding.feed(ByteBuffer.wrap(data), bytes -> {});
      decoding.end(bytes -> {});
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
