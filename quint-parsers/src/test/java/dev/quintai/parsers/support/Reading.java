package dev.quintai.parsers.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.StandardParsers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads bodies in pieces, and asserts that the pieces do not matter. */
public final class Reading {

  private Reading() {}

  /** What is told of a response; the same at chunk sizes 1, 3, 17 and all, or the test fails. */
  public static Recorder response(String format, LlmHead head, byte[] body) {
    return replay(format, head, LlmDirection.RESPONSE, LlmLimits.DEFAULT, body);
  }

  public static Recorder response(String format, LlmHead head, String body) {
    return response(format, head, body.getBytes(StandardCharsets.UTF_8));
  }

  public static Recorder response(String format, String contentType, String body) {
    return response(format, head("https://example.test/", 200, contentType), body);
  }

  public static Recorder request(String format, String url, String body) {
    return replay(
        format,
        LlmHead.of("POST", url, "application/json"),
        LlmDirection.REQUEST,
        LlmLimits.DEFAULT,
        body.getBytes(StandardCharsets.UTF_8));
  }

  public static LlmHead head(String url, int status, String contentType) {
    return LlmHead.of("POST", url, "application/json").withResponse(status, contentType);
  }

  public static Recorder replay(
      String format, LlmHead head, LlmDirection direction, LlmLimits limits, byte[] body) {
    Recorder whole = once(format, head, direction, limits, body, Math.max(1, body.length));
    for (int chunk : new int[] {1, 3, 17}) {
      List<String> pieces = once(format, head, direction, limits, body, chunk).lines;
      assertThat(pieces).as("chunks of %d", chunk).isEqualTo(whole.lines);
    }
    return whole;
  }

  public static Recorder once(
      String format,
      LlmHead head,
      LlmDirection direction,
      LlmLimits limits,
      byte[] body,
      int chunk) {
    Recorder recorder = new Recorder();
    LlmParser parser = StandardParsers.all().named(format).orElseThrow();
    LlmStream stream = parser.open(head, direction, limits, recorder);
    for (int at = 0; at < body.length; at += chunk) {
      stream.feed(ByteBuffer.wrap(body, at, Math.min(chunk, body.length - at)));
      assertThat(stream.position()).isEqualTo(Math.min(body.length, at + chunk));
      assertThat(stream.settled()).isBetween(0L, stream.position());
    }
    stream.end();
    stream.end();
    long told = recorder.lines.stream().filter(line -> line.startsWith("finding")).count();
    assertThat(stream.findings()).isEqualTo(told);
    return recorder;
  }
}
