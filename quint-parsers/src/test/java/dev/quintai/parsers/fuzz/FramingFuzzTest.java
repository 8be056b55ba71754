package dev.quintai.parsers.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.parsers.ArgumentsReader;
import dev.quintai.parsers.ContentDecoder;
import dev.quintai.parsers.ContentDecoders;
import dev.quintai.parsers.frame.ArrayFramer;
import dev.quintai.parsers.frame.EventStreamFramer;
import dev.quintai.parsers.frame.FrameSink;
import dev.quintai.parsers.frame.Framer;
import dev.quintai.parsers.frame.LineFramer;
import dev.quintai.parsers.frame.SseFramer;
import dev.quintai.parsers.support.EventStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Hostile bytes for each framing. The first byte is the split; frames must not depend on it.
 *
 * <p>Also checked: frames lie in order and apart, each of the bytes that are handed on stands in
 * the body, what is held back never exceeds the limit by more than a piece.
 */
class FramingFuzzTest {

  private static final int MAX_FRAME = 1 << 16;

  /** Writes down what a framer tells. */
  private static final class Told implements FrameSink {
    private final List<String> lines = new ArrayList<>();
    private final List<String> documents = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private String name = "";
    private long last;

    @Override
    public void begin(long start, long end) {
      assertThat(start).isGreaterThanOrEqualTo(last);
      assertThat(end).isGreaterThan(start);
      last = end;
      name = "";
      lines.add("frame " + start + "-" + end);
    }

    @Override
    public void name(String frameName, boolean exception) {
      name = frameName;
      lines.add("name " + frameName + (exception ? " exception" : ""));
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
      data.write(bytes, from, to - from);
    }

    @Override
    public void end() {
      String text = data.toString(StandardCharsets.ISO_8859_1);
      data.reset();
      lines.add("data " + text);
      documents.add(name + "\n" + text);
    }

    @Override
    public void finding(LlmFinding.Kind kind, long offset, String detail) {
      lines.add("finding " + kind + " " + offset);
    }
  }

  private static Told read(Function<FrameSink, Framer> maker, byte[] body, int chunk) {
    Told told = new Told();
    Framer framer = maker.apply(told);
    for (int at = 0; at < body.length; at += chunk) {
      int end = Math.min(body.length, at + chunk);
      framer.feed(body, at, end, at);
      assertThat(framer.settled()).isBetween(0L, (long) end);
    }
    framer.end(body.length);
    return told;
  }

  private static Told check(Function<FrameSink, Framer> maker, int chunk, byte[] body) {
    Told whole = read(maker, body, Math.max(1, body.length));
    assertThat(read(maker, body, chunk).lines).isEqualTo(whole.lines);
    return whole;
  }

  private static int chunk(byte[] data) {
    return 1 + (data[0] & 0x3F);
  }

  private static byte[] rest(byte[] data) {
    return Arrays.copyOfRange(data, 1, data.length);
  }

  /** Beside the split: what a plain reading of the standard makes of the same bytes. */
  @FuzzTest(maxDuration = "10m")
  void serverSentEvents(byte[] data) {
    if (data.length > 0) {
      byte[] body = rest(data);
      Told told = check(sink -> new SseFramer(sink, MAX_FRAME), chunk(data), body);
      assertThat(told.documents)
          .isEqualTo(PlainSse.read(new String(body, StandardCharsets.ISO_8859_1)));
    }
  }

  @FuzzTest(maxDuration = "10m")
  void linesAndArrays(byte[] data) {
    if (data.length > 0) {
      check(sink -> new LineFramer(sink, MAX_FRAME), chunk(data), rest(data));
      check(sink -> new ArrayFramer(sink, MAX_FRAME), chunk(data), rest(data));
    }
  }

  /**
   * Sound and damaged frames and bytes between them. The checksums of frames are made here, since
   * no fuzzer guesses them.
   */
  @FuzzTest(maxDuration = "10m")
  void eventStream(byte[] data) {
    if (data.length == 0) {
      return;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int at = 1;
    while (at + 2 < data.length) {
      int kind = data[at] & 7;
      int length = Math.min(data[at + 1] & 0xFF, data.length - at - 2);
      byte[] part = Arrays.copyOfRange(data, at + 2, at + 2 + length);
      at += 2 + length;
      byte[] frame = EventStreams.message(part, ":message-type", "event", ":event-type", "e");
      switch (kind) {
        case 0 -> body.writeBytes(part);
        case 1 -> body.write(frame, 0, Math.min(frame.length, length));
        case 2 -> {
          frame[Math.min(frame.length - 1, length)] ^= 1;
          body.writeBytes(frame);
        }
        case 3 -> body.writeBytes(EventStreams.message(part, ":message-type", "error"));
        case 4 -> body.writeBytes(EventStreams.messageOf(part, part));
        default -> body.writeBytes(frame);
      }
    }
    check(sink -> new EventStreamFramer(sink, MAX_FRAME), chunk(data), body.toByteArray());
  }

  /** Gzip, deflate, and one within the other. */
  @FuzzTest(maxDuration = "10m")
  void contentEncodings(byte[] data) {
    if (data.length == 0) {
      return;
    }
    String encoding = List.of("gzip", "deflate", "gzip, deflate", "gzip, gzip").get(data[0] & 3);
    int chunk = 1 + ((data[0] & 0xFF) >> 2);
    String whole = decoded(encoding, rest(data), Math.max(1, data.length));
    assertThat(decoded(encoding, rest(data), chunk)).isEqualTo(whole);
  }

  private static String decoded(String encoding, byte[] body, int chunk) {
    int limit = 1 << 18;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String failure = "";
    try (ContentDecoder.Decoding decoding =
        ContentDecoders.standard().withMaxBytes(limit).open(encoding)) {
      for (int at = 0; at < body.length; at += chunk) {
        decoding.feed(
            ByteBuffer.wrap(body, at, Math.min(chunk, body.length - at)),
            bytes -> {
              while (bytes.hasRemaining()) {
                out.write(bytes.get());
              }
            });
      }
      decoding.end(bytes -> assertThat(bytes.hasRemaining()).isFalse());
    } catch (IOException e) {
      failure = e.getMessage();
      assertThat(failure).isNotEmpty();
    }
    assertThat(out.size()).isLessThanOrEqualTo(limit);
    return failure + out.toString(StandardCharsets.ISO_8859_1);
  }

  @FuzzTest(maxDuration = "10m")
  void arguments(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    assertThat(new ArgumentsReader(20).read(text).text()).isEqualTo(text);
  }
}
