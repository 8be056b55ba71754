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
import org.junit.jupiter.api.Test;

class ResponsesTest {

  private static final String SSE = "text/event-stream";
  private static final String URL = "https://api.openai.com/v1/responses";

  private static String frame(String json) {
    String type = json.substring(json.indexOf(":\"") + 2, json.indexOf("\","));
    return "event: " + type + "\ndata: " + json + "\n\n";
  }

  private static final String OPEN =
      frame(
          "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"model\":\"gpt-x-2026\",\"status\":\"in_progress\",\"output\":[],\"usage\":null,\"error\":null}}");
  private static final String REASONING =
      frame(
              "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]}}")
          + frame(
              "{\"type\":\"response.reasoning_summary_text.delta\",\"item_id\":\"rs_1\",\"output_index\":0,\"delta\":\"hm\"}")
          + frame(
              "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]}}");
  private static final String TEXT =
      frame(
              "{\"type\":\"response.output_item.added\",\"output_index\":1,\"item\":{\"type\":\"message\",\"id\":\"msg_1\",\"content\":[]}}")
          + frame(
              "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":1,\"content_index\":0,\"delta\":\"Hel\"}")
          + frame(
              "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":1,\"content_index\":0,\"delta\":\"lo\"}")
          + frame(
              "{\"type\":\"response.output_item.done\",\"output_index\":1,\"item\":{\"type\":\"message\",\"id\":\"msg_1\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"}]}}");
  private static final String CALL =
      frame(
              "{\"type\":\"response.output_item.added\",\"output_index\":2,\"item\":{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\",\"name\":\"shell\",\"arguments\":\"\"}}")
          + frame(
              "{\"type\":\"response.function_call_arguments.delta\",\"item_id\":\"fc_1\",\"output_index\":2,\"delta\":\"{\\\"a\\\"\"}")
          + frame(
              "{\"type\":\"response.function_call_arguments.delta\",\"item_id\":\"fc_1\",\"output_index\":2,\"delta\":\":1}\"}")
          + frame(
              "{\"type\":\"response.function_call_arguments.done\",\"item_id\":\"fc_1\",\"output_index\":2,\"arguments\":\"{\\\"a\\\":1}\"}");
  private static final String CALL_DONE =
      frame(
          "{\"type\":\"response.output_item.done\",\"output_index\":2,\"item\":{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\",\"name\":\"shell\",\"arguments\":\"{\\\"a\\\":1}\"}}");
  private static final String CLOSE =
      frame(
          "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"model\":\"gpt-x-2026\",\"output\":[{\"type\":\"reasoning\",\"id\":\"rs_1\"},{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"}]},{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\",\"name\":\"shell\",\"arguments\":\"{\\\"a\\\":1}\"}],\"status\":\"completed\",\"usage\":{\"input_tokens\":5,\"output_tokens\":6,\"total_tokens\":11}}}");

  @Test
  void readsAStream() {
    Recorder read =
        Reading.response(
            "openai-responses", SSE, OPEN + REASONING + TEXT + CALL + CALL_DONE + CLOSE);
    assertThat(read.told())
        .containsExactly(
            "begin RESPONSE",
            "id resp_1",
            "model gpt-x-2026",
            "thinking 0 hm",
            "text 0 Hel",
            "text 0 lo",
            "start 0 call_1 shell function",
            "delta 0 {\"a\"",
            "delta 0 :1}",
            "end 0 call_1 shell function {a=1}",
            "stop completed",
            "usage 5 6",
            "complete RESPONSE");
  }

  @Test
  void losesACallThatIsCutBeforeItIsDone() {
    Recorder read = Reading.response("openai-responses", SSE, OPEN + CALL);
    assertThat(read.only("end", "lost")).containsExactly("lost 0 call_1 shell function");
    assertThat(read.lines).endsWith("complete RESPONSE cut");
  }

  @Test
  void takesFromTheClosingObjectWhatNoEventTold() {
    Recorder read = Reading.response("openai-responses", SSE, OPEN + CLOSE);
    assertThat(read.only("text", "end"))
        .containsExactly("text 0 Hello", "end 0 call_1 shell function {a=1}");
  }

  @Test
  void readsADocument() {
    Recorder read =
        Reading.response(
            "openai-responses",
            "application/json",
            """
            {"id":"resp_2","object":"response","output":[
              {"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},
              {"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"},{"type":"refusal","refusal":"no"}]},
              {"arguments":"not json","call_id":"call_2","id":"fc_2","name":"f","type":"function_call","namespace":"tools"},
              {"type":"custom_tool_call","call_id":"call_3","id":"ctc","name":"apply_patch","input":"*** {\\"x\\": 1}"},
              {"type":"mcp_call","id":"mcp_4","name":"ask","server_label":"wiki","arguments":"{}","output":"said"},
              {"type":"local_shell_call","id":"lsh","call_id":"call_5","action":{"type":"exec","command":["ls","-l"]}},
              {"type":"apply_patch_call","id":"ap","call_id":"call_6","operation":{"type":"create_file","path":"/x","diff":"+1"}},
              {"type":"tool_search_call","id":"ts","call_id":"call_7","execution":"client","arguments":{"q":1}},
              {"type":"tool_search_call","id":"ts_8","call_id":null,"execution":"server","arguments":{"q":2}},
              {"type":"web_search_call","id":"ws_9","action":{"type":"search","query":"z"}},
              {"type":"some_future_item","id":"x"}],
             "model":"gpt-y","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},
             "usage":{"input_tokens":1,"input_tokens_details":{"cached_tokens":7},"output_tokens":2}}
            """);
    assertThat(read.only("thinking", "text", "refusal", "end", "stop", "usage", "model"))
        .containsExactly(
            "thinking 0 hm",
            "text 0 a",
            "refusal 0 no",
            "end 0 call_2 f function of tools not json",
            "end 1 call_3 apply_patch custom *** {\"x\": 1}",
            "end 2 mcp_4 ask mcp of wiki {}",
            "end 3 call_5 local_shell client-builtin {action={type=exec, command=[ls, -l]}}",
            "end 4 call_6 apply_patch client-builtin {operation={type=create_file, path=/x, diff=+1}}",
            "end 5 call_7 tool_search client-builtin {q=1}",
            "end 6 ts_8 tool_search server {q=2}",
            "end 7 ws_9 web_search server {action={type=search, query=z}}",
            "model gpt-y",
            "stop incomplete",
            "usage 1 2");
  }

  @Test
  void tellsErrors() {
    assertThat(
            Reading.response(
                    "openai-responses",
                    SSE,
                    OPEN
                        + frame(
                            "{\"type\":\"error\",\"code\":\"server_error\",\"message\":\"oh\"}"))
                .only("error"))
        .containsExactly("error [server_error] oh");
    assertThat(
            Reading.response(
                    "openai-responses",
                    SSE,
                    OPEN
                        + frame(
                            "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}}}"))
                .only("error", "stop", "complete"))
        .containsExactly("error [rate_limit_exceeded] slow", "stop failed", "complete RESPONSE");
    assertThat(
            Reading.response(
                    "openai-responses",
                    Reading.head(URL, 400, "application/json"),
                    "{\"error\":{\"message\":\"bad\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}")
                .only("error"))
        .containsExactly("error [invalid_request_error] bad");
  }

  @Test
  void readsARequest() {
    Recorder read =
        Reading.request(
            "openai-responses",
            URL,
            """
            {"model":"gpt-x","stream":true,"instructions":"Be good","previous_response_id":"resp_0","prompt_cache_key":"conv-1",
             "input":[
               {"role":"user","content":"<environment_context>\\n  <cwd>/home/u/p</cwd>\\n</environment_context>"},
               {"type":"message","role":"user","content":[{"type":"input_text","text":"go"}]},
               {"type":"function_call","call_id":"call_1","name":"f","arguments":"{}"},
               {"type":"function_call_output","call_id":"call_1","output":"fine"},
               {"type":"custom_tool_call_output","call_id":"call_2","output":[{"type":"input_text","text":"a"},{"type":"input_text","text":"b"}]},
               {"type":"apply_patch_call_output","call_id":"call_3","status":"failed","output":"no"},
               {"type":"local_shell_call_output","id":"call_4","output":"{}"},
               {"type":"web_search_call","id":"ws","action":{}}],
             "tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"custom","name":"c"},
               {"type":"mcp","server_label":"wiki"},{"type":"local_shell"},{"type":"web_search"}]}
            """);
    assertThat(read.told())
        .containsExactly(
            "begin REQUEST",
            "requestModel gpt-x",
            "stream true",
            "message system",
            "said Be good",
            "previous resp_0",
            "conversation conv-1",
            "message user",
            "cwd /home/u/p",
            "said <environment_context>\n  <cwd>/home/u/p</cwd>\n</environment_context>",
            "message user",
            "said go",
            "prior call_1 f",
            "result call_1 null ok fine",
            "result call_2 null ok a\nb",
            "result call_3 null error no",
            "result call_4 null ok {}",
            "tool f function",
            "tool c custom",
            "tool wiki mcp",
            "tool local_shell client-builtin",
            "tool web_search server",
            "complete REQUEST");
  }

  @Test
  void readsTheMessagesOfAWebSocket() {
    LlmHead head = LlmHead.of("GET", "wss://api.openai.com/v1/responses", null);
    var parser = StandardParsers.all().named("openai-responses").orElseThrow();
    Recorder asked = new Recorder();
    LlmStream requests = parser.openMessages(head, LlmDirection.REQUEST, LlmLimits.DEFAULT, asked);
    requests.feed(
        bytes(
            "{\"type\":\"response.create\",\"model\":\"gpt-x\",\"generate\":false,\"input\":[],\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}"));
    requests.feed(
        bytes(
            "{\"type\":\"response.create\",\"model\":\"gpt-x\",\"previous_response_id\":\"resp_1\",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"ok\"}]}"));
    requests.end();
    assertThat(asked.told())
        .containsExactly(
            "begin REQUEST",
            "requestModel gpt-x",
            "prewarm",
            "tool f function",
            "complete REQUEST",
            "begin REQUEST",
            "requestModel gpt-x",
            "previous resp_1",
            "result call_1 null ok ok",
            "complete REQUEST");

    Recorder answered = new Recorder();
    LlmStream responses =
        parser.openMessages(head, LlmDirection.RESPONSE, LlmLimits.DEFAULT, answered);
    for (int turn = 0; turn < 2; turn++) {
      for (String event : (OPEN + CALL + CALL_DONE + CLOSE).split("\n\n")) {
        responses.feed(bytes(event.substring(event.indexOf("data: ") + 6)));
      }
    }
    responses.end();
    assertThat(answered.only("begin", "end", "stop", "complete", "finding"))
        .containsExactly(
            "begin RESPONSE",
            "end 0 call_1 shell function {a=1}",
            "stop completed",
            "complete RESPONSE",
            "begin RESPONSE",
            "end 0 call_1 shell function {a=1}",
            "stop completed",
            "complete RESPONSE");
    assertThat(answered.lines.get(0)).isEqualTo("framing MESSAGES");
  }

  private static ByteBuffer bytes(String text) {
    ByteBuffer direct = ByteBuffer.allocateDirect(text.length() * 2);
    direct.put(text.getBytes(StandardCharsets.UTF_8));
    return direct.flip();
  }

  @Test
  void readsBatchedActionsOfAComputer() {
    assertThat(
            Reading.response(
                    "openai-responses",
                    "application/json",
                    "{\"id\":\"r\",\"output\":[{\"type\":\"computer_call\",\"id\":\"cu\",\"call_id\":\"call_1\",\"actions\":[{\"type\":\"click\",\"x\":1},{\"type\":\"wait\"}]},{\"type\":\"shell_call\",\"id\":\"sh\",\"call_id\":\"call_2\",\"action\":{\"commands\":[\"ls\"]}},{\"type\":\"code_interpreter_call\",\"id\":\"ci\",\"code\":\"print(1)\"},{\"type\":\"file_search_call\",\"id\":\"fs\",\"queries\":[\"q\"]},{\"type\":\"image_generation_call\",\"id\":\"ig\",\"result\":\"AAAA\"},{\"type\":\"mcp_list_tools\",\"id\":\"ml\",\"server_label\":\"s\",\"tools\":[{\"name\":\"f\"}]},{\"type\":\"mcp_approval_request\",\"id\":\"mr\",\"name\":\"f\",\"server_label\":\"s\",\"arguments\":\"{}\"}]}")
                .only("end"))
        .containsExactly(
            "end 0 call_1 computer client-builtin {actions=[{type=click, x=1}, {type=wait}]}",
            "end 1 call_2 shell client-builtin {action={commands=[ls]}}",
            "end 2 ci code_interpreter server print(1)",
            "end 3 fs file_search server {queries=[q]}",
            "end 4 ig image_generation server {}");
  }

  @Test
  void readsWhatAShellPutOut() {
    assertThat(
            Reading.request(
                    "openai-responses",
                    URL,
                    "{\"input\":[{\"type\":\"shell_call_output\",\"call_id\":\"call_1\",\"output\":[{\"stdout\":\"out\",\"stderr\":\"err\",\"outcome\":{\"type\":\"exit\",\"exit_code\":1}}]}]}")
                .only("result"))
        .containsExactly("result call_1 null ok out\nerr");
  }

  @Test
  void aConversationGoesBeforeAKeyOfACache() {
    for (String body :
        new String[] {
          "{\"conversation\":{\"id\":\"conv_1\"},\"prompt_cache_key\":\"k\"}",
          "{\"prompt_cache_key\":\"k\",\"conversation\":\"conv_1\"}"
        }) {
      assertThat(Reading.request("openai-responses", URL, body).only("conversation"))
          .endsWith("conversation conv_1");
    }
  }

  /** Servers that follow the API loosely leave the index out. */
  @Test
  void tellsNothingTwiceWithoutAnIndex() {
    String events = (OPEN + TEXT + CALL + CALL_DONE).replaceAll("\"output_index\":\\d,", "");
    String close =
        CLOSE.replace("{\"type\":\"message\",", "{\"type\":\"message\",\"id\":\"msg_1\",");
    assertThat(
            Reading.response("openai-responses", SSE, events + close)
                .only("text", "end", "lost", "complete"))
        .containsExactly(
            "text 0 Hel", "text 0 lo", "end 0 call_1 shell function {a=1}", "complete RESPONSE");
  }

  @Test
  void theClosingObjectCompletesACallThatBegan() {
    assertThat(
            Reading.response("openai-responses", SSE, OPEN + CALL + CLOSE)
                .only("start", "end", "lost"))
        .containsExactly("start 0 call_1 shell function", "end 0 call_1 shell function {a=1}");
  }
}
