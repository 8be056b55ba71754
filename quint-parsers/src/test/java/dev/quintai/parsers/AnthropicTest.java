package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.parsers.support.Reading;
import dev.quintai.parsers.support.Recorder;
import org.junit.jupiter.api.Test;

class AnthropicTest {

  private static final String SSE = "text/event-stream; charset=utf-8";
  private static final String URL = "https://api.anthropic.com/v1/messages";

  private static final String STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"usage":{"input_tokens":11,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: ping
      data: {"type": "ping"}

      event: content_block_start
      data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"I \\"look\\" é"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":1}

      event: content_block_start
      data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"Bash","input":{}}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"command\\":"}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":" \\"ls -la\\"}"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":2}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":42}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private static final String STOP = "{\"type\":\"content_block_stop\",\"index\":2}";

  @Test
  void readsAStream() {
    Recorder read = Reading.response("anthropic", SSE, STREAM);
    assertThat(read.told())
        .containsExactly(
            "begin RESPONSE",
            "id msg_1",
            "model claude-x",
            "usage 11 1",
            "thinking 0 hm",
            "text 0 I \"look\" é",
            "start 0 toolu_1 Bash function",
            "delta 0 {\"command\":",
            "delta 0  \"ls -la\"}",
            "end 0 toolu_1 Bash function {command=ls -la}",
            "stop tool_use",
            "usage 11 42",
            "complete RESPONSE");
  }

  @Test
  void readsAStreamWithCrLf() {
    Recorder read = Reading.response("anthropic", SSE, STREAM.replace("\n", "\r\n"));
    assertThat(read.told()).isEqualTo(Reading.response("anthropic", SSE, STREAM).told());
  }

  @Test
  void tellsTheExactBytesOfACall() {
    Recorder read = Reading.response("anthropic", SSE, STREAM);
    int start = read.lines.indexOf("start 0 toolu_1 Bash function");
    int end = read.lines.indexOf("end 0 toolu_1 Bash function {command=ls -la}");
    String from = read.lines.get(start - 1);
    String to = read.lines.get(end - 1);
    byte[] bytes = STREAM.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    int first = Integer.parseInt(from.substring(6, from.indexOf('-')));
    int behind = Integer.parseInt(to.substring(to.indexOf('-') + 1));
    String block =
        new String(bytes, first, behind - first, java.nio.charset.StandardCharsets.UTF_8);
    assertThat(block)
        .startsWith(
            "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":2");
    assertThat(block).endsWith("data: {\"type\":\"content_block_stop\",\"index\":2}\n\n");
  }

  @Test
  void readsAMessage() {
    Recorder read =
        Reading.response(
            "anthropic",
            "application/json",
            """
            {"model":"claude-x","id":"msg_2","type":"message","content":[
             {"type":"thinking","thinking":"hm","signature":"c2ln"},
             {"text":"two","type":"text","citations":[{"type":"x"}]},
             {"input":{"b": [1, 2.50, null, true], "a":{"c":"\\u00e9\\ud83d\\ude00"}},"name":"Edit","id":"toolu_2","type":"tool_use"},
             {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"q"}},
             {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]},
             {"type":"mcp_tool_use","id":"mcptoolu_1","name":"ask","server_name":"wiki","input":{}},
             {"type":"some_future_block","text":"not ours","input":{"x":1}}],
             "stop_reason":"end_turn","usage":{"cache_read_input_tokens":9,"input_tokens":3,"output_tokens":4}}
            """);
    assertThat(read.told())
        .containsExactly(
            "begin RESPONSE",
            "thinking 0 hm",
            "text 0 two",
            "start 0 toolu_2 Edit function",
            "delta 0 {\"b\": [1, 2.50, null, true], \"a\":{\"c\":\"\\u00e9\\ud83d\\ude00\"}}",
            "end 0 toolu_2 Edit function {b=[1, 2.50, null, true], a={c=é😀}}",
            "start 1 srvtoolu_1 web_search server",
            "delta 1 {\"query\":\"q\"}",
            "end 1 srvtoolu_1 web_search server {query=q}",
            "start 2 mcptoolu_1 ask mcp of wiki",
            "delta 2 {}",
            "end 2 mcptoolu_1 ask mcp of wiki {}",
            "id msg_2",
            "model claude-x",
            "stop end_turn",
            "usage 3 4",
            "complete RESPONSE");
  }

  @Test
  void joinsHalvesOfACharacter() {
    String halves =
        STREAM
            .replace("{\\\"command\\\":", "{\\\"command\\\":\\\"\\ud83d")
            .replace(" \\\"ls -la\\\"}", "\\ude00\\\"}");
    assertThat(Reading.response("anthropic", SSE, halves).only("end"))
        .containsExactly("end 0 toolu_1 Bash function {command=😀}");
  }

  @Test
  void tellsAnErrorInTheMiddleOfAStream() {
    String cut =
        STREAM.substring(
            0,
            STREAM.indexOf(
                "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":2"));
    Recorder read =
        Reading.response(
            "anthropic",
            SSE,
            cut
                + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n");
    assertThat(read.told())
        .endsWith(
            "error [overloaded_error] Overloaded",
            "lost 0 toolu_1 Bash function",
            "finding CUT " + offsetOfLastFrame(read),
            "complete RESPONSE cut");
  }

  private static String offsetOfLastFrame(Recorder read) {
    String frame = read.only("frame").get(read.only("frame").size() - 1);
    return frame.substring(6, frame.indexOf('-'));
  }

  @Test
  void neverInventsACallWhenCut() {
    for (int end = 0; end < STREAM.length(); end++) {
      Recorder read = Reading.response("anthropic", SSE, STREAM.substring(0, end));
      boolean stopSeen = end >= STREAM.indexOf(STOP) + STOP.length();
      assertThat(read.only("end")).as("cut at %d", end).hasSize(stopSeen ? 1 : 0);
      boolean over = end >= STREAM.length() - 2;
      if (!over && end > STREAM.indexOf("event: content_block_start")) {
        assertThat(read.lines).contains("complete RESPONSE cut");
      }
    }
  }

  @Test
  void resynchronisesBehindAMalformedFrame() {
    int broken = STREAM.indexOf("data: {\"type\":\"content_block_delta\",\"index\":1");
    String damaged = STREAM.substring(0, broken + 7) + "\u0000]}" + STREAM.substring(broken + 7);
    Recorder read = Reading.response("anthropic", SSE, damaged);
    assertThat(read.only("finding")).hasSize(1);
    assertThat(read.only("finding").get(0)).startsWith("finding MALFORMED ");
    assertThat(read.only("end")).containsExactly("end 0 toolu_1 Bash function {command=ls -la}");
    assertThat(read.only("text")).isEmpty();
  }

  @Test
  void tellsAnHttpErrorWithItsBody() {
    Recorder read =
        Reading.response(
            "anthropic",
            Reading.head(URL, 401, "application/json"),
            "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"no\"}}");
    assertThat(read.only("error")).containsExactly("error [authentication_error] no");
    assertThat(read.lines).endsWith("complete RESPONSE");
  }

  @Test
  void tellsAnHttpErrorWithoutABody() {
    Recorder read = Reading.response("anthropic", Reading.head(URL, 529, null), "");
    assertThat(read.only("error")).containsExactly("error [529] ");
  }

  @Test
  void readsARequest() {
    Recorder read =
        Reading.request(
            "anthropic",
            URL,
            """
            {"model":"claude-x","max_tokens":9,"stream":true,
             "metadata":{"user_id":"user_ab_account_cd_session_12-34"},
             "system":[{"type":"text","text":"You are an agent.\\n<env>\\nWorking directory: /home/u/pro ject\\nIs directory a git repo: Yes\\n</env>"}],
             "tools":[{"name":"Bash","input_schema":{"type":"object","properties":{"name":{"type":"string"}}}},
                      {"type":"bash_20250124","name":"bash"},{"type":"web_search_20250305","name":"web_search"}],
             "messages":[
              {"role":"user","content":"go"},
              {"role":"assistant","content":[{"type":"text","text":"ok"},{"type":"tool_use","id":"toolu_0","name":"Bash","input":{"text":"no text"}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"toolu_0","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}],"is_error":true},
                {"tool_use_id":"toolu_9","type":"tool_result","content":"plain"},
                {"type":"tool_result","tool_use_id":"toolu_8"},
                {"type":"text","text":"and now"}]}]}
            """);
    assertThat(read.told())
        .containsExactly(
            "begin REQUEST",
            "requestModel claude-x",
            "stream true",
            "conversation 12-34",
            "message system",
            "cwd /home/u/pro ject",
            "said You are an agent.\n<env>\nWorking directory: /home/u/pro ject\nIs directory a git repo: Yes\n</env>",
            "tool Bash function",
            "tool bash client-builtin",
            "tool web_search server",
            "message user",
            "said go",
            "message assistant",
            "said ok",
            "prior toolu_0 Bash",
            "message user",
            "result toolu_0 null error one\ntwo",
            "result toolu_9 null ok plain",
            "result toolu_8 null ok ",
            "said and now",
            "complete REQUEST");
  }

  @Test
  void readsTheSessionOfANewerUserId() {
    Recorder read =
        Reading.request(
            "anthropic",
            URL,
            "{\"metadata\":{\"user_id\":\"{\\\"device_id\\\":\\\"d\\\",\\\"session_id\\\":\\\"s-1\\\"}\"}}");
    assertThat(read.only("conversation")).containsExactly("conversation s-1");
  }

  @Test
  void tellsACutRequest() {
    Recorder read =
        Reading.request("anthropic", URL, "{\"model\":\"m\",\"messages\":[{\"role\":\"us");
    assertThat(read.told())
        .containsExactly(
            "begin REQUEST",
            "requestModel m",
            "finding CUT 0",
            "finding CUT 0",
            "complete REQUEST cut");
  }

  @Test
  void readsTheModelOfAVertexUrl() {
    Recorder read =
        Reading.request(
            "anthropic",
            "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/claude-y@1:streamRawPredict",
            "{\"anthropic_version\":\"vertex-2023-10-16\",\"messages\":[]}");
    assertThat(read.only("requestModel")).containsExactly("requestModel claude-y@1");
  }

  private static String event(String json) {
    return "data: " + json + "\n\n";
  }

  private static String start(int index, String block) {
    return event(
        "{\"type\":\"content_block_start\",\"index\":"
            + index
            + ",\"content_block\":"
            + block
            + "}");
  }

  private static String input(int index, String json) {
    return event(
        "{\"type\":\"content_block_delta\",\"index\":"
            + index
            + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\""
            + json.replace("\"", "\\\"")
            + "\"}}");
  }

  private static String stop(int index) {
    return event("{\"type\":\"content_block_stop\",\"index\":" + index + "}");
  }

  /** The provider's own library lets what the deltas say take the place of what the start said. */
  @Test
  void deltasTakeThePlaceOfTheInputAtTheStart() {
    String block = "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":1}}";
    assertThat(
            Reading.response(
                    "anthropic",
                    SSE,
                    start(0, block)
                        + input(0, "")
                        + input(0, "{\"a\":1,")
                        + input(0, "\"b\":2}")
                        + stop(0))
                .only("end"))
        .containsExactly("end 0 t f function {a=1, b=2}");
    assertThat(
            Reading.response("anthropic", SSE, start(0, block) + input(0, "") + stop(0))
                .only("end"))
        .containsExactly("end 0 t f function {a=1}");
  }

  @Test
  void readsTheToolsOfTheProvider() {
    Recorder read =
        Reading.response(
            "anthropic",
            SSE,
            start(0, "{\"type\":\"redacted_thinking\",\"data\":\"x\"}")
                + stop(0)
                + start(
                    1,
                    "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":{}}")
                + input(1, "{\"query\":\"q\"}")
                + stop(1)
                + start(
                    2,
                    "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srvtoolu_1\",\"content\":[{\"type\":\"web_search_result\",\"title\":\"tool_use\",\"url\":\"u\"}]}")
                + stop(2)
                + start(
                    3,
                    "{\"type\":\"mcp_tool_use\",\"id\":\"mcptoolu_1\",\"name\":\"echo\",\"server_name\":\"srv\",\"input\":{}}")
                + input(3, "{\"p\":1}")
                + stop(3)
                + start(
                    4,
                    "{\"type\":\"mcp_tool_result\",\"tool_use_id\":\"mcptoolu_1\",\"is_error\":false,\"content\":[{\"type\":\"text\",\"text\":\"hidden\"}]}")
                + stop(4)
                + start(5, "{\"type\":\"container_upload\",\"file_id\":\"file_1\"}")
                + stop(5)
                + start(
                    6,
                    "{\"type\":\"bash_code_execution_tool_result\",\"tool_use_id\":\"s\",\"content\":{\"type\":\"bash_code_execution_result\",\"stdout\":\"x\"}}")
                + stop(6)
                + start(7, "{\"type\":\"text\",\"text\":\"\"}")
                + event(
                    "{\"type\":\"content_block_delta\",\"index\":7,\"delta\":{\"type\":\"citations_delta\",\"citation\":{\"type\":\"char_location\",\"cited_text\":\"c\"}}}")
                + event(
                    "{\"type\":\"content_block_delta\",\"index\":7,\"delta\":{\"type\":\"text_delta\",\"text\":\"said\"}}")
                + stop(7)
                + event(
                    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"pause_turn\"},\"usage\":{\"output_tokens\":2}}")
                + event("{\"type\":\"message_stop\"}"));
    assertThat(read.only("end", "text", "thinking", "stop", "complete", "finding"))
        .containsExactly(
            "end 0 srvtoolu_1 web_search server {query=q}",
            "end 1 mcptoolu_1 echo mcp of srv {p=1}",
            "text 0 said",
            "stop pause_turn",
            "complete RESPONSE");
  }

  @Test
  void readsDeclaredMcpServers() {
    assertThat(
            Reading.request(
                    "anthropic",
                    URL,
                    "{\"model\":\"m\",\"mcp_servers\":[{\"type\":\"url\",\"name\":\"wiki\",\"url\":\"https://x/\"}],\"tools\":[{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"wiki\"}],\"messages\":[]}")
                .only("tool"))
        .containsExactly("tool wiki mcp");
  }

  @Test
  void readsBatches() {
    String batches = "https://api.anthropic.com/v1/messages/batches";
    Recorder asked =
        Reading.request(
            "anthropic",
            batches,
            "{\"requests\":[{\"custom_id\":\"a\",\"params\":{\"model\":\"m1\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"r\"}]}]}},{\"custom_id\":\"b\",\"params\":{\"model\":\"m2\"}}]}");
    assertThat(asked.only("begin", "requestModel", "result", "complete"))
        .containsExactly(
            "begin REQUEST",
            "requestModel m1",
            "result t null ok r",
            "complete REQUEST",
            "begin REQUEST",
            "requestModel m2",
            "complete REQUEST");
    Recorder answered =
        Reading.response(
            "anthropic",
            Reading.head(batches + "/msgbatch_1/results", 200, "application/binary"),
            """
            {"custom_id":"a","result":{"type":"succeeded","message":{"id":"msg_1","type":"message","model":"m1","content":[{"type":"tool_use","id":"t1","name":"f","input":{"a":1}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}}}
            {"custom_id":"b","result":{"type":"errored","error":{"type":"error","error":{"type":"invalid_request_error","message":"bad"}}}}
            {"custom_id":"c","result":{"type":"expired"}}
            """);
    assertThat(answered.only("begin", "id", "model", "end", "stop", "usage", "error", "complete"))
        .containsExactly(
            "begin RESPONSE",
            "end 0 t1 f function {a=1}",
            "id msg_1",
            "model m1",
            "stop tool_use",
            "usage 1 2",
            "complete RESPONSE",
            "begin RESPONSE",
            "error [invalid_request_error] bad",
            "complete RESPONSE");
  }
}
