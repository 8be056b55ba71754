package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.parsers.support.Reading;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * A document that is like the one before is not walked. Here the same stream is read twice, whole
 * and byte by byte with all documents over the limit of a frame, where none is ever held against
 * another; the events must be the same.
 */
class RepeatedDocumentsTest {

  /** A format and documents of its streams; the first word is the SSE event, or a minus sign. */
  private enum Stream {
    ANTHROPIC(
        "anthropic",
        "- {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"c\",\"usage\":{\"input_tokens\":1}}}",
        "- {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
        "- {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}}",
        "content_block_delta {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"one\"}}",
        "- {\"delta\":{\"thinking\":\"hm\",\"type\":\"thinking_delta\"},\"type\":\"content_block_delta\",\"index\":0}",
        "- {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\"}, \"p\": \"x\", \"n\": 17}",
        "- {\"type\":\"content_block_stop\",\"index\":1}",
        "- {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}}",
        "- {\"type\":\"message_stop\"}",
        "- {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}"),
    CHAT("openai", chat()),
    GENERIC("generic", chat()),
    RESPONSES(
        "openai-responses",
        "- {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"model\":\"m\"}}",
        "- {\"type\":\"response.output_item.added\",\"output_index\":1,\"item\":{\"type\":\"function_call\",\"id\":\"i\",\"call_id\":\"c\",\"name\":\"n\",\"arguments\":\"\"}}",
        "- {\"type\":\"response.output_text.delta\",\"sequence_number\":4,\"item_id\":\"m\",\"output_index\":0,\"delta\":\"one\",\"logprobs\":[],\"obfuscation\":\"ab\"}",
        "- {\"type\":\"response.function_call_arguments.delta\",\"sequence_number\":5,\"item_id\":\"i\",\"output_index\":1,\"delta\":\"{\",\"obfuscation\":\"ab\"}",
        "- {\"type\":\"response.refusal.delta\",\"delta\":\"no\",\"item_id\":\"m2\"}",
        "- {\"type\":\"response.output_item.done\",\"output_index\":1,\"item\":{\"type\":\"function_call\",\"id\":\"i\",\"call_id\":\"c\",\"name\":\"n\",\"arguments\":\"{}\"}}",
        "- {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}}"),
    GEMINI(
        "google-gemini",
        "- {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"one\"}],\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":8,\"candidatesTokenCount\":9},\"modelVersion\":\"g\",\"responseId\":\"r\"}",
        "- {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hm\",\"thought\":true}]},\"index\":1}],\"usageMetadata\":{\"promptTokenCount\":8}}",
        "- {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"},{\"functionCall\":{\"name\":\"n\",\"args\":{\"a\":1}}}]}}]}",
        "- {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"n\",\"willContinue\":true,\"partialArgs\":[{\"jsonPath\":\"$.a\",\"stringValue\":\"x\"}]}}]}}]}",
        "- {\"candidates\":[{\"finishReason\":\"STOP\",\"index\":0}]}"),
    CONVERSE(
        "aws-bedrock-converse",
        "messageStart {\"role\":\"assistant\"}",
        "contentBlockStart {\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"n\"}}}",
        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"text\":\"one\"},\"p\":\"abc\"}",
        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\"hm\"}},\"p\":\"abc\"}",
        "contentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"{\"}},\"p\":\"abc\"}",
        "unheardOf {\"text\":\"one\",\"p\":\"abc\"}",
        "contentBlockStop {\"contentBlockIndex\":1}",
        "messageStop {\"stopReason\":\"end_turn\"}");

    private final String format;
    private final String documents;

    Stream(String format, String... documents) {
      this.format = format;
      this.documents = String.join("\n", documents);
    }

    private static String[] chat() {
      String head =
          "- {\"id\":\"c\",\"created\":17,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{";
      String tail = "},\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\"ab\"}";
      return new String[] {
        head + "\"role\":\"assistant\",\"content\":\"\"" + tail,
        head + "\"content\":\"one\"" + tail,
        head + "\"reasoning_content\":\"hm\"" + tail,
        head
            + "\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"n\",\"arguments\":\"\"}}]"
            + tail,
        head + "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]" + tail,
        head + "\"tool_calls\":[{\"function\":{\"arguments\":\"}\"}}]" + tail,
        head + "\"content\":[{\"type\":\"text\",\"text\":\"part\"}]" + tail,
        "- {\"choices\":[{\"delta\":{},\"index\":0,\"finish_reason\":\"tool_calls\"}]}",
        "- {\"choices\":[{\"delta\":{\"content\":\"a\"},\"index\":1},{\"delta\":{\"content\":\"b\"}}]}",
        "- {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}",
        "- [DONE]"
      };
    }
  }

  private static final Pattern STRING = Pattern.compile("\"[^\"\\\\]*\"");
  private static final Pattern NUMBER = Pattern.compile("(?<=:)\\d+");
  private static final List<String> STRINGS =
      List.of(
          "\"two\"",
          "\"\"",
          "\"\\n\\\"\"",
          "\"\\u00e9\\ud83d\"",
          "\"é\u4e2d\"",
          "null",
          "\"{\\\"\"",
          "\"a much longer string than those that stand in all the others\"",
          "{\"text\":\"in\"}",
          "[\"text\"]",
          "7");
  private static final List<String> NUMBERS =
      List.of("0", "1", "2", "31", "-4", "-0", "05", "1.5", "1e3", "12345678901234567890", "null");

  @Property(tries = 800)
  void readsLikeAnyOther(@ForAll Stream stream, @ForAll Random random) {
    List<String> documents = stream.documents.lines().toList();
    StringBuilder body = new StringBuilder();
    String last = documents.get(0);
    for (int i = 0; i < 16; i++) {
      boolean again = random.nextInt(4) > 0;
      String next = again ? last : documents.get(random.nextInt(documents.size()));
      last = next;
      int changes = random.nextInt(3);
      for (int change = 0; change < changes; change++) {
        next = changed(next, random);
      }
      int space = next.indexOf(' ');
      String name = next.substring(0, space);
      body.append(name.equals("-") ? "" : "event: " + name + "\n");
      body.append("data: ").append(next.substring(space + 1)).append("\n\n");
      last = random.nextInt(3) == 0 ? next : last;
    }
    same(stream.format, body.toString());
  }

  private static String changed(String document, Random random) {
    if (random.nextInt(12) == 0) {
      int at = document.indexOf(' ') + 1;
      int place = at + random.nextInt(document.length() - at);
      String put = List.of("", " ", "}", "\"", ",", "x").get(random.nextInt(6));
      return document.substring(0, place) + put + document.substring(place + 1);
    }
    boolean string = random.nextInt(3) > 0;
    List<MatchResult> places = (string ? STRING : NUMBER).matcher(document).results().toList();
    if (places.isEmpty()) {
      return document;
    }
    MatchResult place = places.get(random.nextInt(places.size()));
    List<String> values = string ? STRINGS : NUMBERS;
    return document.substring(0, place.start())
        + values.get(random.nextInt(values.size()))
        + document.substring(place.end());
  }

  private static void same(String format, String body) {
    assertThat(told(format, body, LlmLimits.DEFAULT, body.length() * 2))
        .as(body)
        .isEqualTo(told(format, body, LlmLimits.DEFAULT.withMaxFrame(1), 1));
  }

  private static List<String> told(String format, String body, LlmLimits limits, int chunk) {
    return Reading.once(
            format,
            Reading.head("https://example.test/", 200, "text/event-stream"),
            LlmDirection.RESPONSE,
            limits,
            body.getBytes(StandardCharsets.UTF_8),
            chunk)
        .told();
  }

  /** The index of a candidate may stand behind its content. */
  @Test
  void candidateOfItsOwnIndex() {
    String body =
        """
        data: {"candidates":[{"content":{"parts":[{"text":"a"}]},"index":1}]}

        data: {"candidates":[{"content":{"parts":[{"text":"b"}]},"index":0}]}

        """;
    assertThat(Reading.response("google-gemini", "text/event-stream", body).only("text"))
        .containsExactly("text 1 a", "text 0 b");
  }
}
