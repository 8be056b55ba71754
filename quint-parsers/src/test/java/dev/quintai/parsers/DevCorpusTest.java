package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.quintai.core.spi.LlmHead;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Recorded exchanges, where they lie beside the project; what an independent decoder found. */
class DevCorpusTest {

  private static final Path CORPUS = Path.of("..", "..", "shared", "data", "llm-traffic-dev.jsonl");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(1 << 28).build())
          .build();

  @Test
  void findsTheCallsOfRecordedExchanges() throws IOException {
    assumeTrue(Files.exists(CORPUS), "no recorded exchanges at " + CORPUS);
    Conversations whole = Conversations.standard();
    Conversations pieces = whole.withChunk(37);
    int count = 0;
    try (BufferedReader lines = Files.newBufferedReader(CORPUS)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Map<?, ?> entry = read(line);
        LlmExchange exchange = exchange(entry);
        Conversation read = whole.parse(exchange);
        Conversation again = pieces.parse(exchange);
        assertThat(again).as((String) entry.get("id")).isEqualTo(read);
        compare((String) entry.get("id"), (Map<?, ?>) entry.get("expected"), read);
        count++;
      }
    }
    assertThat(count).isGreaterThan(1000);
  }

  private static void compare(String id, Map<?, ?> expected, Conversation read) {
    List<String> wanted =
        ((List<?>) expected.get("tool_calls"))
            .stream().map(each -> String.valueOf(((Map<?, ?>) each).get("name"))).toList();
    assertThat(read.toolCalls())
        .as(id)
        .extracting(each -> each.call().name())
        .containsExactlyElementsOf(wanted);
    List<String> ids =
        ((List<?>) expected.get("tool_calls"))
            .stream()
                .filter(each -> !"server".equals(((Map<?, ?>) each).get("kind")))
                .map(each -> String.valueOf(((Map<?, ?>) each).get("id")))
                .toList();
    assertThat(
            read.toolCalls().stream()
                .filter(each -> !each.call().kind().wireName().equals("server"))
                .map(each -> String.valueOf(each.call().id())))
        .as(id)
        .containsExactlyElementsOf(ids);
    assertThat(read.error() != null).as(id).isEqualTo(expected.get("error") != null);
  }

  private static Map<?, ?> read(String line) throws IOException {
    try (JsonParser parser = FACTORY.createParser(line)) {
      parser.nextToken();
      return (Map<?, ?>) ArgumentsReader.readValue(parser);
    }
  }

  private static LlmExchange exchange(Map<?, ?> entry) {
    LlmHead head =
        LlmHead.of(
                (String) entry.get("method"),
                (String) entry.get("url"),
                (String) entry.get("request_content_type"))
            .withResponse(
                ((Long) entry.get("status")).intValue(),
                (String) entry.get("response_content_type"));
    byte[] response =
        entry.get("response_body") instanceof String text
            ? text.getBytes(StandardCharsets.UTF_8)
            : Base64.getDecoder().decode((String) entry.get("response_body_b64"));
    byte[] request = ((String) entry.get("request_body")).getBytes(StandardCharsets.UTF_8);
    return new LlmExchange(head, ByteBuffer.wrap(request), null, ByteBuffer.wrap(response), null);
  }
}
