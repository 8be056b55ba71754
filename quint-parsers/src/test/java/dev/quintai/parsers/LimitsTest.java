package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.support.Reading;
import dev.quintai.parsers.support.Recorder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {

  private static final LlmHead JSON =
      Reading.head("https://h/v1/messages", 200, "application/json");
  private static final LlmHead SSE =
      Reading.head("https://h/v1/messages", 200, "text/event-stream");

  private static Recorder read(LlmHead head, LlmLimits limits, String body) {
    return Reading.replay(
        "anthropic", head, LlmDirection.RESPONSE, limits, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String event(String json) {
    return "data: " + json + "\n\n";
  }

  private static final String START =
      event(
          "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\"}}");
  private static final String STOP = event("{\"type\":\"content_block_stop\",\"index\":0}");

  private static String part(String json) {
    return event(
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\""
            + json
            + "\"}}");
  }

  /** What ends a stream is known in pieces, too; what only begins like it is a document. */
  @Test
  void knowsTheClosingMarkInALongFrame() {
    String text = event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}");
    for (String mark :
        new String[] {"[DONE]", "[DONE] ", "[DONE", "[", "[DONE]x", "[DONE]\ndata: {", "[1]"}) {
      byte[] body =
          (text + ": " + "x".repeat(40) + "\n" + event(mark)).getBytes(StandardCharsets.UTF_8);
      List<String> whole = chat(body, body.length);
      assertThat(chat(body, 1)).as(mark).isEqualTo(whole);
      assertThat(chat(body, 3)).as(mark).isEqualTo(whole);
      assertThat(whole.contains("complete RESPONSE")).as(mark).isEqualTo(mark.startsWith("[DONE]"));
    }
  }

  private static List<String> chat(byte[] body, int chunk) {
    LlmLimits limits = LlmLimits.DEFAULT.withMaxFrame(20);
    return Reading.once("openai", SSE, LlmDirection.RESPONSE, limits, body, chunk).told();
  }

  @Test
  void cutsArgumentsAndMarksThem() {
    LlmLimits limits = LlmLimits.DEFAULT.withMaxArguments(10);
    Recorder stream =
        read(
            SSE,
            limits,
            START + part("[1,2,3,4,5") + part(",6]") + STOP + START + part("[7]") + STOP);
    assertThat(stream.only("end"))
        .containsExactly("end 0 t f function [1,2,3,4,5 truncated", "end 1 t f function [7]");
    assertThat(stream.only("finding")).filteredOn(line -> line.contains("LIMIT")).hasSize(1);
    Recorder document =
        read(
            JSON,
            limits,
            "{\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":[1,2,3,4,5,6]}},{\"type\":\"tool_use\",\"id\":\"u\",\"name\":\"g\",\"input\":{}}]}");
    assertThat(document.only("end"))
        .containsExactly("end 0 t f function {\"a\":[1,2, truncated", "end 1 u g function {}");
    assertThat(document.only("finding")).containsExactly("finding LIMIT 0");
  }

  @Test
  void cutsStringsAtACharacter() {
    LlmLimits limits = LlmLimits.DEFAULT.withMaxString(5);
    Recorder read =
        read(
            JSON,
            limits,
            "{\"content\":[{\"type\":\"text\",\"text\":\"abcé€xyz\"},{\"type\":\"text\",\"text\":\"abc\\n\\u00e9x\"},{\"type\":\"text\",\"text\":\"short\"}]}");
    // The names of types are cut too, so that only what is short enough is told.
    assertThat(read.lines).anyMatch(line -> line.startsWith("finding LIMIT"));
    assertThat(read.only("text")).containsExactly("text 0 abcé", "text 0 abc\n", "text 0 short");
  }

  @Test
  void refusesDepthAndGoesOnWithTheNextFrame() {
    LlmLimits limits = LlmLimits.DEFAULT.withMaxDepth(6);
    String deep = "[".repeat(40) + "]".repeat(40);
    Recorder read =
        read(SSE, limits, event("{\"type\":\"ping\",\"x\":" + deep + "}") + START + STOP);
    assertThat(read.only("finding", "end"))
        .containsExactly(
            "finding MALFORMED 0", "end 0 t f function {}", read.only("finding").get(1));
  }

  @Test
  void refusesTooManyOpenCalls() {
    LlmLimits limits = LlmLimits.DEFAULT.withMaxOpenCalls(2);
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      body.append(START.replace("\"index\":0", "\"index\":" + i));
    }
    for (int i = 0; i < 4; i++) {
      body.append(STOP.replace("\"index\":0", "\"index\":" + i));
    }
    body.append(START).append(STOP);
    Recorder read = read(SSE, limits, body.toString());
    assertThat(read.only("end")).hasSize(3);
    assertThat(read.only("finding").stream().filter(line -> line.contains("LIMIT"))).hasSize(2);
  }

  @Test
  void readsFramesOverTheLimitAsTheyCome() {
    LlmLimits limits = LlmLimits.DEFAULT.withMaxFrame(64);
    String body = START + part("[1, 2,".concat(" ".repeat(300))) + part("3]") + STOP;
    Recorder small =
        Reading.once(
            "anthropic",
            SSE,
            LlmDirection.RESPONSE,
            limits,
            body.getBytes(StandardCharsets.UTF_8),
            7);
    Recorder large =
        Reading.once(
            "anthropic",
            SSE,
            LlmDirection.RESPONSE,
            LlmLimits.DEFAULT,
            body.getBytes(StandardCharsets.UTF_8),
            7);
    assertThat(small.told()).isEqualTo(large.told());
    assertThat(small.only("frame")).anyMatch(line -> line.endsWith("--1"));
  }

  @Test
  void keepsMemoryConstantOverALongStream() {
    Recorder nothing = new Recorder();
    LlmStream stream =
        StandardParsers.all()
            .named("anthropic")
            .orElseThrow()
            .open(SSE, LlmDirection.RESPONSE, LlmLimits.DEFAULT, new Counting());
    byte[] event =
        event(
                "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                    + "x".repeat(900)
                    + "\"}}")
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20_000; i++) {
      stream.feed(ByteBuffer.wrap(event));
    }
    stream.end();
    assertThat(stream.position()).isEqualTo(20_000L * event.length);
    assertThat(stream.settled()).isEqualTo(stream.position());
    assertThat(nothing.lines).isEmpty();
  }

  /** Keeps nothing. */
  private static final class Counting implements dev.quintai.core.spi.LlmHandler {}
}
