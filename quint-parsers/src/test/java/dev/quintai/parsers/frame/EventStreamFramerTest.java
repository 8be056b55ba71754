package dev.quintai.parsers.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.parsers.ArgumentsReader;
import dev.quintai.parsers.support.EventStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventStreamFramerTest {

  /** Writes down what it is told. */
  private static final class Frames implements FrameSink {
    final List<String> lines = new ArrayList<>();
    private ByteArrayOutputStream payload;

    @Override
    public void begin(long start, long end) {
      payload = new ByteArrayOutputStream();
      lines.add(start + "-" + end);
    }

    @Override
    public void name(String name, boolean exception) {
      lines.add((exception ? "exception " : "event ") + name);
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
      payload.write(bytes, from, to - from);
    }

    @Override
    public void end() {
      lines.add(payload.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void finding(LlmFinding.Kind kind, long offset, String detail) {
      lines.add(kind + " " + offset);
    }
  }

  private static List<String> read(byte[] body, int maxFrame, int chunk) {
    Frames frames = new Frames();
    EventStreamFramer framer = new EventStreamFramer(frames, maxFrame);
    for (int at = 0; at < body.length; at += chunk) {
      framer.feed(body, at, Math.min(body.length, at + chunk), at);
    }
    framer.end(body.length);
    return frames.lines;
  }

  private static List<String> read(byte[] body, int maxFrame) {
    List<String> whole = read(body, maxFrame, Math.max(1, body.length));
    for (int chunk : new int[] {1, 3, 11, 64}) {
      assertThat(read(body, maxFrame, chunk)).as("chunks of %d", chunk).isEqualTo(whole);
    }
    return whole;
  }

  private static final byte[] ONE = EventStreams.event("a", "{\"x\":1}");
  private static final byte[] TWO = EventStreams.exception("b", "{\"message\":\"m\"}");

  @Test
  void readsMessages() {
    assertThat(read(EventStreams.join(ONE, TWO), 1 << 20))
        .containsExactly(
            "0-" + ONE.length,
            "event a",
            "{\"x\":1}",
            ONE.length + "-" + (ONE.length + TWO.length),
            "exception b",
            "{\"message\":\"m\"}");
  }

  @Test
  void readsErrorsOfTheTransport() {
    byte[] error =
        EventStreams.message(
            new byte[0], ":message-type", "error", ":error-code", "X", ":error-message", "why");
    assertThat(read(error, 1 << 20)).containsExactly("0-" + error.length, "exception X", "why");
  }

  @Test
  void noFlippedBitGoesUnseen() {
    for (int at = 0; at < ONE.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] body = EventStreams.join(ONE, TWO);
        body[at] ^= (byte) (1 << bit);
        List<String> lines = read(body, 1 << 20, 50);
        assertThat(lines).doesNotContain("event a").contains("exception b");
        assertThat(lines.get(0)).startsWith("CHECKSUM");
      }
    }
  }

  @Test
  void passesOverMessagesOverTheLimit() {
    byte[] large = EventStreams.event("large", "\"" + "x".repeat(500) + "\"");
    assertThat(read(EventStreams.join(large, TWO), 200))
        .containsExactly(
            "LIMIT 0",
            large.length + "-" + (large.length + TWO.length),
            "exception b",
            "{\"message\":\"m\"}");
  }

  @Test
  void tellsACutMessage() {
    assertThat(read(Arrays.copyOf(ONE, ONE.length - 1), 1 << 20)).containsExactly("CUT 0");
    assertThat(read(Arrays.copyOf(ONE, 5), 1 << 20)).containsExactly("CUT 0");
    assertThat(read(new byte[0], 1 << 20)).isEmpty();
  }

  @Test
  void refusesHeadersThatDoNotFollowTheFormat() {
    byte[] wrong = EventStreams.message(new byte[0], "", "x");
    assertThat(read(EventStreams.join(wrong, TWO), 1 << 20))
        .startsWith("MALFORMED 0")
        .contains("exception b");
  }

  @Test
  void readsTheVectorsOfAnotherImplementation() throws IOException {
    Path vectors = Path.of("..", "..", "shared", "data", "eventstream-vectors.jsonl");
    assumeTrue(Files.exists(vectors), "no vectors at " + vectors);
    for (String line : Files.readAllLines(vectors)) {
      Map<?, ?> vector;
      try (JsonParser parser = new JsonFactory().createParser(line)) {
        parser.nextToken();
        vector = (Map<?, ?>) ArgumentsReader.readValue(parser);
      }
      byte[] encoded = Base64.getDecoder().decode((String) vector.get("encoded_b64"));
      List<String> lines = read(encoded, 1 << 20);
      if (vector.get("expect").equals("success")) {
        String payload =
            new String(
                Base64.getDecoder().decode((String) vector.get("payload_b64")),
                StandardCharsets.UTF_8);
        assertThat(lines).as(line).containsExactly("0-" + encoded.length, payload);
      } else {
        assertThat(lines).as(line).hasSize(1);
        assertThat(lines.get(0)).startsWith("CHECKSUM 0");
      }
    }
  }
}
