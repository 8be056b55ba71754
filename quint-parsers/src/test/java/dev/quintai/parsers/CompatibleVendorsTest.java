package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmHead;
import dev.quintai.parsers.support.Reading;
import dev.quintai.parsers.support.Recorder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What vendors make of OpenAI's chat completions. */
class CompatibleVendorsTest {

  private static final String SSE = "text/event-stream";
  private static final String DONE = "data: [DONE]\n\n";

  private static String chunk(String choice) {
    return "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0," + choice + "}]}\n\n";
  }

  private static String calls(String entries) {
    return chunk("\"delta\":{\"tool_calls\":[" + entries + "]},\"finish_reason\":null");
  }

  private static final String FINISH = chunk("\"delta\":{},\"finish_reason\":\"tool_calls\"");

  private static Recorder read(String... frames) {
    return Reading.response("generic", SSE, String.join("", frames) + DONE);
  }

  @Test
  void tellsCallsApartThatHaveNoIdAndOneIndex() {
    assertThat(
            read(
                    calls(
                        "{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}"),
                    calls(
                        "{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":2}\"}}"),
                    calls("{\"index\":0,\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}"),
                    FINISH)
                .only("end"))
        .containsExactly(
            "end 0 null f function {a=1}",
            "end 1 null f function {a=2}",
            "end 2 null g function {}");
  }

  @Test
  void tellsCallsWithoutArgumentsApart() {
    assertThat(
            read(
                    calls(
                        "{\"index\":0,\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}"),
                    calls(
                        "{\"index\":0,\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}"),
                    FINISH)
                .only("end"))
        .containsExactly("end 0 null f function {}", "end 1 null g function {}");
  }

  @Test
  void aNameThatEveryPartRepeatsIsOneName() {
    String head = "\"id\":\"call_1\",\"type\":\"function\",";
    for (String id : new String[] {head, ""}) {
      for (String index : new String[] {"\"index\":0,", ""}) {
        String part = "{" + index + id + "\"function\":{\"name\":\"f\",\"arguments\":";
        assertThat(
                read(
                        calls(part + "\"{\\\"a\\\"\"}}"),
                        calls(part + "\":{}\"}}"),
                        calls(part + "\"}\"}}"),
                        calls(part + "\"\"}}"),
                        FINISH)
                    .only("end"))
            .as(part)
            .containsExactly("end 0 " + (id.isEmpty() ? "null" : "call_1") + " f function {a={}}");
      }
    }
  }

  @Test
  void joinsANameThatComesInParts() {
    Recorder read =
        read(
            calls("{\"index\":0,\"id\":\"call_1\",\"function\":{\"name\":\"get_\"}}"),
            calls("{\"index\":0,\"function\":{\"name\":\"weather\"}}"),
            calls("{\"index\":0,\"function\":{\"arguments\":\"{}\"}}"),
            FINISH);
    assertThat(read.only("end")).containsExactly("end 0 call_1 get_weather function {}");
  }

  @Test
  void readsManyCallsOfOneMessage() {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      entries
          .append(i == 0 ? "" : ",")
          .append("{\"id\":\"c" + i + "\",\"type\":\"function\",")
          .append("\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}");
    }
    String message =
        "\"message\":{\"tool_calls\":[" + entries + "]},\"finish_reason\":\"tool_calls\"";
    Recorder whole =
        Reading.response(
            "generic", "application/json", "{\"choices\":[{\"index\":0," + message + "}]}");
    assertThat(whole.only("end")).hasSize(100).endsWith("end 99 c99 f function {}");
    Recorder streamed = read(calls(entries.toString()), FINISH);
    assertThat(streamed.only("end")).hasSize(100).endsWith("end 99 c99 f function {}");
  }

  @Test
  void countsAReasonOnceThatHasTwoNames() {
    assertThat(
            read(
                    chunk("\"delta\":{\"reasoning\":\"hm\",\"reasoning_content\":\"hm\"}"),
                    chunk("\"delta\":{\"reasoning_content\":\"so\",\"reasoning\":\"so\"}"),
                    chunk("\"delta\":{\"reasoning_content\":\"ok\",\"reasoning\":\"ok\"}"))
                .only("thinking"))
        .containsExactly("thinking 0 hm", "thinking 0 so", "thinking 0 ok");
    String first = "\"delta\":{\"reasoning\":\"a\",\"reasoning_content\":\"b\"}";
    String second = "\"delta\":{\"reasoning\":\"\",\"reasoning_content\":\"c\"}";
    assertThat(read(chunk(first), chunk(second)).only("thinking"))
        .containsExactly("thinking 0 a", "thinking 0 c");
  }

  /** Perplexity repeats in each chunk what was said so far. */
  @Test
  void countsATextOnceThatEachChunkRepeats() {
    assertThat(
            read(
                    chunk("\"message\":{\"content\":\"a\"},\"delta\":{\"content\":\"a\"}"),
                    chunk("\"message\":{\"content\":\"ab\"},\"delta\":{\"content\":\"b\"}"),
                    chunk("\"delta\":{\"content\":\"c\"},\"message\":{\"content\":\"abc\"}"))
                .only("text"))
        .containsExactly("text 0 a", "text 0 b", "text 0 c");
    assertThat(
            read(chunk("\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"")).only("text"))
        .containsExactly("text 0 a");
  }

  @Test
  void aChoiceFarBehindIsNotTheFirst() {
    for (String index : new String[] {"4294967296", "2147483648"}) {
      String choice = "{\"index\":" + index + ",\"message\":{\"content\":\"x\"}}";
      assertThat(
              Reading.response("openai", "application/json", "{\"choices\":[" + choice + "]}")
                  .only("text"))
          .containsExactly("text 2147483647 x");
    }
  }

  /** Moonshot has the usage within the choice. */
  @Test
  void readsTheUsageOfAChoice() {
    assertThat(
            read(
                    chunk("\"delta\":{\"content\":\"a\"}"),
                    chunk(
                        "\"delta\":{},\"finish_reason\":\"stop\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}"))
                .only("usage"))
        .containsExactly("usage 3 4");
  }

  /** OpenRouter. */
  @Test
  void readsTheErrorOfAChoice() {
    assertThat(
            Reading.response(
                    "generic",
                    "application/json",
                    "{\"id\":\"g\",\"choices\":[{\"finish_reason\":\"error\",\"message\":{\"content\":\"x\"},\"error\":{\"code\":502,\"message\":\"gone\"}}]}")
                .only("text", "stop", "error"))
        .containsExactly("text 0 x", "stop error", "error [502] gone");
    assertThat(
            read(
                    ": OPENROUTER PROCESSING\n\n",
                    chunk("\"delta\":{\"content\":\"x\"}"),
                    "data: {\"id\":\"g\",\"error\":{\"code\":\"server_error\",\"message\":\"gone\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n")
                .only("text", "stop", "error"))
        .containsExactly("text 0 x", "stop error", "error [server_error] gone");
  }

  /** Groq. */
  @Test
  void readsTheErrorBesideAStream() {
    assertThat(
            read(
                    chunk("\"delta\":{\"content\":\"x\"}"),
                    "data: {\"id\":\"g\",\"choices\":[],\"x_groq\":{\"id\":\"r\",\"error\":\"over capacity\"}}\n\n")
                .only("error"))
        .containsExactly("error [] over capacity");
  }

  @Test
  void readsMistralWithoutIndex() {
    String entry = "{\"id\":\"%s\",\"function\":{\"name\":\"%s\",\"arguments\":\"{\\\"a\\\":1}\"}}";
    String both = entry.formatted("aaaaaaaa1", "f") + "," + entry.formatted("aaaaaaaa2", "f");
    assertThat(
            read(chunk(
                    "\"delta\":{\"tool_calls\":[" + both + "]},\"finish_reason\":\"tool_calls\""))
                .only("end", "stop"))
        .containsExactly(
            "end 0 aaaaaaaa1 f function {a=1}",
            "end 1 aaaaaaaa2 f function {a=1}",
            "stop tool_calls");
  }

  @Test
  void readsAzuresFilterResults() {
    assertThat(
            Reading.response(
                    "azure-openai",
                    SSE,
                    "data: {\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0,\"content_filter_results\":{}}]}\n\n"
                        + chunk("\"delta\":{\"content\":\"a\"},\"finish_reason\":null")
                        + chunk(
                            "\"delta\":{},\"finish_reason\":\"content_filter\",\"content_filter_results\":{\"hate\":{\"filtered\":true}}")
                        + DONE)
                .told())
        .containsExactly(
            "begin RESPONSE",
            "id c",
            "model m",
            "text 0 a",
            "stop content_filter",
            "complete RESPONSE");
  }

  /** Older Ollama gives no reason. */
  @Test
  void doneCompletesCallsWithoutAReason() {
    assertThat(
            Reading.response(
                    "generic",
                    "application/x-ndjson",
                    """
                    {"model":"q","message":{"content":"","tool_calls":[{"function":{"index":0,"name":"f","arguments":{"a":1}}},{"id":"call_2","function":{"index":1,"name":"f","arguments":{"a":2}}}]},"done":false}
                    {"model":"q","message":{"content":""},"done":true,"eval_count":5}
                    """)
                .only("end", "lost", "complete"))
        .containsExactly(
            "end 0 null f function {a=1}", "end 1 call_2 f function {a=2}", "complete RESPONSE");
  }

  @Test
  void marksCoheresPlanAsThinking() {
    assertThat(
            Reading.response(
                    "generic",
                    SSE,
                    """
                    event: tool-plan-delta
                    data: {"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I will"}}}

                    event: tool-plan-delta
                    data: {"type":"tool-plan-delta","delta":{"message":{"tool_plan":" look"}}}

                    """)
                .only("thinking"))
        .containsExactly("thinking 0 I will", "thinking 0  look");
  }

  @Test
  void readsTheSystemPromptAndDocumentsOfOtherRequests() {
    assertThat(
            Reading.request(
                    "generic",
                    "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-pro-v1:0/invoke",
                    "{\"system\":[{\"text\":\"Working directory: /w\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"go\"}]}]}")
                .only("message", "said", "cwd"))
        .containsExactly(
            "message system", "cwd /w", "said Working directory: /w", "message user", "said go");
    assertThat(
            Reading.request(
                    "generic",
                    "https://api.cohere.com/v2/chat",
                    "{\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"f_1\",\"content\":[{\"type\":\"document\",\"document\":{\"id\":\"1\",\"data\":\"found\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"f_2\",\"content\":[{\"type\":\"document\",\"document\":{\"data\":{\"a\":[1]}}}]}]}")
                .only("result"))
        .containsExactly("result f_1 null ok found", "result f_2 null ok {\"a\":[1]}");
  }

  /** Vertex AI serves Mistral with Mistral's own bodies. */
  @Test
  void doesNotTakeOtherModelsOnVertexForGemini() {
    String body =
        "{\"model\":\"mistral-large\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    for (String action : new String[] {"rawPredict", "streamRawPredict"}) {
      LlmHead head =
          LlmHead.of(
              "POST",
              "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/mistralai/models/mistral-large:"
                  + action,
              "application/json");
      assertThat(
              StandardParsers.all()
                  .detect(head, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
                  .orElseThrow()
                  .parser()
                  .format())
          .isEqualTo("generic");
      assertThat(Providers.of(head)).isEqualTo("google");
    }
  }
}
