package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.support.EventStreams;
import dev.quintai.parsers.support.Held;
import dev.quintai.parsers.support.Reading;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** However much of one kind a body holds, what is kept of it is bounded. */
class HeldMemoryTest {

  private static final int MANY = 5000;

  /** Of all that may be open at once there are 256 by default, and two marks of each item. */
  private static final int FEW = 1100;

  private static final class Findings implements LlmHandler {
    final List<LlmFinding> found = new ArrayList<>();

    @Override
    public void finding(LlmFinding finding) {
      found.add(finding);
    }
  }

  private final Findings told = new Findings();

  private LlmStream open(String format, String contentType) {
    LlmHead head = Reading.head("https://h.test/", 200, contentType);
    return StandardParsers.all()
        .named(format)
        .orElseThrow()
        .open(head, LlmDirection.RESPONSE, LlmLimits.DEFAULT, told);
  }

  private static void feed(LlmStream stream, String text) {
    stream.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void bounds(String format, IntFunction<String> document) {
    LlmStream stream = open(format, "text/event-stream");
    for (int i = 0; i < MANY; i++) {
      feed(stream, "data: " + document.apply(i) + "\n\n");
    }
    assertThat(Held.largestCollection(stream)).isLessThan(FEW);
  }

  /** A document that is not over: {@code begin}, and {@code part} again and again. */
  private void boundsDocument(String format, String begin, String part) {
    LlmStream stream = open(format, "application/json");
    feed(stream, begin);
    for (int i = 0; i < MANY; i++) {
      feed(stream, part);
    }
    assertThat(stream.findings()).isZero();
    assertThat(Held.largestCollection(stream)).isLessThan(FEW);
  }

  @Test
  void boundsAnthropicsBlocks() {
    bounds(
        "anthropic",
        i ->
            "{\"type\":\"content_block_start\",\"index\":"
                + i
                + ",\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\"}}");
    assertThat(told.found).hasSize(MANY - LlmLimits.DEFAULT.maxOpenCalls());
  }

  @Test
  void boundsConversesBlocks() {
    LlmStream stream = open("aws-bedrock-converse", "application/vnd.amazon.eventstream");
    for (int i = 0; i < MANY; i++) {
      stream.feed(
          ByteBuffer.wrap(
              EventStreams.event(
                  "contentBlockStart",
                  "{\"contentBlockIndex\":"
                      + i
                      + ",\"start\":{\"toolUse\":{\"name\":\"f\",\"toolUseId\":\"t\"}}}")));
    }
    assertThat(Held.largestCollection(stream)).isLessThan(FEW);
  }

  @Test
  void boundsItems() {
    String item =
        "\"item\":{\"type\":\"function_call\",\"id\":\"f%d\",\"call_id\":\"c\",\"name\":\"f\"}}";
    bounds(
        "openai-responses",
        i ->
            "{\"type\":\"response.output_item.added\",\"output_index\":"
                + i
                + ","
                + item.formatted(i));
    told.found.clear();
    bounds(
        "openai-responses",
        i ->
            "{\"type\":\"response.output_item.done\",\"output_index\":"
                + i
                + ","
                + item.formatted(i));
    assertThat(told.found).extracting(LlmFinding::kind).containsExactly(LlmFinding.Kind.LIMIT);
    bounds(
        "openai-responses",
        i ->
            "{\"type\":\"response.output_text.delta\",\"item_id\":\"m"
                + i
                + "\",\"output_index\":"
                + i
                + ",\"delta\":\"x\"}");
  }

  /** Beyond the bound it is not known what was told, so that the closing object tells no more. */
  @Test
  void tellsNothingTwiceBehindManyItems() {
    StringBuilder body = new StringBuilder();
    StringBuilder output = new StringBuilder();
    for (int i = 0; i < MANY; i++) {
      String item =
          "{\"type\":\"function_call\",\"id\":\"f"
              + i
              + "\",\"call_id\":\"c"
              + i
              + "\",\"name\":\"f\",\"arguments\":\"{}\"}";
      body.append("data: {\"type\":\"response.output_item.done\",\"output_index\":")
          .append(i)
          .append(",\"item\":")
          .append(item)
          .append("}\n\n");
      output.append(i == 0 ? "" : ",").append(item);
    }
    body.append("data: {\"type\":\"response.completed\",\"response\":{\"output\":[")
        .append(output)
        .append("]}}\n\n");
    int[] ends = new int[1];
    LlmHandler counting =
        new LlmHandler() {
          @Override
          public void toolCallEnd(
              dev.quintai.core.spi.LlmToolCall call, dev.quintai.core.event.Arguments arguments) {
            ends[0]++;
          }
        };
    LlmStream stream =
        StandardParsers.all()
            .named("openai-responses")
            .orElseThrow()
            .open(
                Reading.head("https://h.test/", 200, "text/event-stream"),
                LlmDirection.RESPONSE,
                LlmLimits.DEFAULT,
                counting);
    feed(stream, body.toString());
    stream.end();
    assertThat(ends[0]).isEqualTo(MANY);
    assertThat(stream.truncations()).isPositive();
  }

  @Test
  void saysWhatAClosingObjectHasTooMuch() {
    String item =
        "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}";
    LlmStream stream = open("openai-responses", "text/event-stream");
    feed(
        stream,
        "data: {\"type\":\"response.completed\",\"response\":{\"output\":["
            + (item + ",").repeat(MANY)
            + item
            + "]}}\n\n");
    assertThat(told.found).extracting(LlmFinding::kind).containsExactly(LlmFinding.Kind.LIMIT);
    assertThat(stream.truncations()).isPositive();
  }

  @Test
  void boundsTheEntriesOfAMessage() {
    boundsDocument(
        "openai",
        "{\"choices\":[{\"index\":0,\"message\":{\"tool_calls\":[{}",
        ",{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}");
    boundsDocument(
        "openai",
        "{\"choices\":[{\"index\":0,\"message\":{\"content\":[{}",
        ",{\"type\":\"text\",\"text\":\"x\"}");
    boundsDocument("generic", "{\"id\":\"x\"", ",\"generation\":\"x\"");
  }

  @Test
  void boundsThePartsOfAnItem() {
    String begin = "{\"output\":[{\"type\":\"message\",\"content\":[{}";
    String part = ",{\"type\":\"output_text\",\"text\":\"" + "x".repeat(8000) + "\"}";
    LlmStream stream = open("openai-responses", "application/json");
    feed(stream, begin);
    for (int i = 0; i < MANY; i++) {
      feed(stream, part);
    }
    assertThat(Held.largestCollection(stream)).isLessThan(FEW);
    feed(stream, "]}]}");
    assertThat(told.found).extracting(LlmFinding::kind).containsExactly(LlmFinding.Kind.LIMIT);
  }

  @Test
  void boundsThePiecesOfArguments() {
    LlmStream stream = open("google-gemini", "application/json");
    feed(
        stream,
        "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"partialArgs\":[{}");
    String part = ",{\"jsonPath\":\"$.a\",\"stringValue\":\"" + "x".repeat(20_000) + "\"}";
    for (int i = 0; i < MANY; i++) {
      feed(stream, part);
    }
    assertThat(Held.largestCollection(stream)).isLessThan(FEW);
  }
}
