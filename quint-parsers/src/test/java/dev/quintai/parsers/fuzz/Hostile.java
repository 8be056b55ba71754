package dev.quintai.parsers.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.StandardParsers;
import dev.quintai.parsers.support.EventStreams;
import dev.quintai.parsers.support.Recorder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One hostile body. Its first byte chooses direction, limits and framing, its second the split; the
 * rest is the body, or, where frames are binary, its lines are what the frames carry.
 *
 * <p>Checked: nothing is thrown; the events do not depend on the split; a beginning of the body
 * tells no call that the whole does not; offsets and counters agree with what is told; nothing that
 * is told is over its limit.
 */
final class Hostile {

  static final LlmLimits SMALL = new LlmLimits(20, 200, 300, 4, 256);

  /** How a body may be framed; those of the transport are found out by the parser itself. */
  enum Framing {
    SSE("text/event-stream"),
    JSON("application/json"),
    LINES("application/x-ndjson"),
    EVENTS("application/vnd.amazon.eventstream"),
    CHUNKS("application/vnd.amazon.eventstream"),
    MESSAGES("application/json");

    final String contentType;

    Framing(String contentType) {
      this.contentType = contentType;
    }
  }

  private final LlmParser parser;
  private final LlmHead head;
  private final LlmDirection direction;
  private final LlmLimits limits;
  private final Framing framing;
  private final int chunk;
  private final byte[] body;

  private Hostile(String format, byte[] data, Framing... framings) {
    int choice = data[0] & 0xFF;
    direction = (choice & 1) == 0 ? LlmDirection.RESPONSE : LlmDirection.REQUEST;
    limits = (choice & 2) == 0 ? LlmLimits.DEFAULT : SMALL;
    int status = (choice & 4) == 0 ? 200 : 429;
    framing = framings[(choice >> 3) % framings.length];
    chunk = 1 + (data[1] & 0xFF);
    body = framed(Arrays.copyOfRange(data, 2, data.length));
    parser = StandardParsers.all().named(format).orElseThrow();
    String url = "https://h/model/m/" + (framing == Framing.CHUNKS ? "invoke" : "converse");
    head = LlmHead.of("POST", url, framing.contentType).withResponse(status, framing.contentType);
  }

  /** Reads the body that {@code data} stands for, in one of the framings. */
  static void check(String format, byte[] data, Framing... framings) {
    if (data.length > 2) {
      new Hostile(format, data, framings).check();
    }
  }

  private byte[] framed(byte[] rest) {
    if (framing != Framing.EVENTS && framing != Framing.CHUNKS) {
      return rest;
    }
    // Byte for byte, so that the fuzzer sees what it wrote.
    List<String> lines = new String(rest, StandardCharsets.ISO_8859_1).lines().toList();
    byte[][] frames = new byte[lines.size()][];
    for (int i = 0; i < frames.length; i++) {
      String line = lines.get(i);
      int space = Math.max(0, line.indexOf(' '));
      frames[i] =
          framing == Framing.CHUNKS
              ? EventStreams.chunk(line)
              : EventStreams.event(line.substring(0, Math.min(space, 100)), line.substring(space));
    }
    return EventStreams.join(frames);
  }

  private void check() {
    if (framing == Framing.MESSAGES) {
      read(body, body.length);
      return;
    }
    Recorder whole = read(body, body.length);
    assertThat(comparable(read(body, chunk))).isEqualTo(comparable(whole));
    List<String> all = whole.only("end");
    List<String> part = read(Arrays.copyOf(body, body.length / 2), chunk).only("end");
    assertThat(part).isEqualTo(all.subList(0, Math.min(all.size(), part.size())));
  }

  /** Whether a long frame was held, and so its end known, depends on the split by design. */
  private List<String> comparable(Recorder recorder) {
    return limits.equals(SMALL) ? recorder.told() : recorder.lines;
  }

  private Recorder read(byte[] bytes, int step) {
    Recorder recorder = new Recorder();
    if (framing == Framing.MESSAGES) {
      LlmStream messages = parser.openMessages(head, direction, limits, recorder);
      new String(bytes, StandardCharsets.ISO_8859_1)
          .lines()
          .forEach(
              line -> messages.feed(ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1))));
      messages.end();
      checkCounters(messages, recorder);
      return recorder;
    }
    LlmStream stream = parser.open(head, direction, limits, recorder);
    for (int at = 0; at < bytes.length; at += step) {
      stream.feed(ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at)));
      assertThat(stream.settled()).isBetween(0L, stream.position());
    }
    stream.end();
    checkCounters(stream, recorder);
    return recorder;
  }

  private void checkCounters(LlmStream stream, Recorder recorder) {
    assertThat(stream.findings()).isEqualTo(recorder.only("finding").size());
    int open = 0;
    for (String line : recorder.lines) {
      open += line.startsWith("start ") ? 1 : 0;
      open -= line.startsWith("end ") || line.startsWith("lost ") ? 1 : 0;
      assertThat(open).isBetween(0, limits.maxOpenCalls());
    }
    assertThat(open).isZero();
    for (String line : recorder.only("text", "thinking", "refusal", "said")) {
      assertThat(line.length()).isLessThan(limits.maxString() + limits.maxArguments() + 20);
    }
    // Code that the provider runs, and its language, are written as JSON, where an escape may take
    // six characters for one.
    for (String line : recorder.only("delta")) {
      assertThat(line.length()).isLessThan(12 * limits.maxString() + limits.maxArguments() + 64);
    }
  }
}
