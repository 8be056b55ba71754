package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.parsers.support.Reading;
import dev.quintai.parsers.support.Recorder;
import org.junit.jupiter.api.Test;

class GenericTest {

  @Test
  void readsOllamasLines() {
    Recorder read =
        Reading.response(
            "generic",
            "application/x-ndjson",
            """
            {"model":"llama3","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}

            {"model":"llama3","message":{"role":"assistant","content":"Hi"},"done":false}
            {"model":"llama3","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"ls","arguments":{"path":"/w"}}}]},"done":false}
            {"model":"llama3","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":4,"eval_count":5}
            """);
    assertThat(read.told())
        .containsExactly(
            "begin RESPONSE",
            "thinking 0 hm",
            "model llama3",
            "text 0 Hi",
            "start 0 null ls function",
            "delta 0 {\"path\":\"/w\"}",
            "usage 4 5",
            "end 0 null ls function {path=/w}",
            "stop stop",
            "complete RESPONSE");
  }

  @Test
  void readsOllamasRequests() {
    assertThat(
            Reading.request(
                    "generic",
                    "http://127.0.0.1:11434/api/chat",
                    "{\"model\":\"llama3\",\"messages\":[{\"role\":\"tool\",\"content\":\"x\",\"tool_name\":\"ls\"}],\"stream\":true}")
                .only("requestModel", "result"))
        .containsExactly("requestModel llama3", "result null ls ok x");
  }

  @Test
  void readsCoheresStream() {
    Recorder read =
        Reading.response(
            "generic",
            "text/event-stream",
            """
            event: message-start
            data: {"id":"m1","type":"message-start","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}

            event: content-delta
            data: {"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Ar"}}}}

            event: tool-call-start
            data: {"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"f_1","type":"function","function":{"name":"f","arguments":""}}}}}

            event: tool-call-delta
            data: {"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\\"a\\":1}"}}}}}

            event: tool-call-end
            data: {"type":"tool-call-end","index":0}

            event: message-end
            data: {"type":"message-end","delta":{"finish_reason":"TOOL_CALL","usage":{"billed_units":{"input_tokens":1,"output_tokens":2},"tokens":{"input_tokens":30,"output_tokens":40}}}}

            data: [DONE]

            """);
    assertThat(read.only("id", "text", "end", "usage", "stop", "complete"))
        .containsExactly(
            "id m1",
            "text 0 Ar",
            "usage 30 40",
            "end 0 f_1 f function {a=1}",
            "stop TOOL_CALL",
            "complete RESPONSE");
  }

  @Test
  void readsCoheresDocument() {
    Recorder read =
        Reading.response(
            "generic",
            "application/json",
            "{\"finish_reason\":\"TOOL_CALL\",\"id\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"tool_calls\":[{\"function\":{\"arguments\":\"{}\",\"name\":\"f\"},\"id\":\"f_1\",\"type\":\"function\"}]},\"usage\":{\"billed_units\":{\"input_tokens\":1,\"output_tokens\":2},\"tokens\":{\"input_tokens\":3.0,\"output_tokens\":4.0}}}");
    assertThat(read.only("text", "end", "usage", "stop"))
        .containsExactly("text 0 x", "end 0 f_1 f function {}", "usage 3 4", "stop TOOL_CALL");
  }

  @Test
  void readsCoheresOlderCalls() {
    assertThat(
            Reading.response(
                    "generic",
                    "application/json",
                    "{\"text\":\"I will\",\"finish_reason\":\"COMPLETE\",\"tool_calls\":[{\"name\":\"f\",\"parameters\":{\"a\":1}}],\"error\":\"\"}")
                .only("text", "end", "stop", "error"))
        .containsExactly("end 0 null f function {a=1}", "text 0 I will", "stop COMPLETE");
  }

  @Test
  void passesWhiteSpaceThatKeepsAConnectionOpen() {
    Recorder read =
        Reading.response(
            "generic", "application/json", "\n         ".repeat(2000) + "{\"model\":\"m\"}");
    assertThat(read.told()).containsExactly("begin RESPONSE", "model m", "complete RESPONSE");
    assertThat(
            Reading.response("generic", "text/event-stream", "\r\n\r\ndata: {\"model\":\"m\"}\n\n")
                .lines)
        .startsWith("framing SSE", "frame 0-25", "begin RESPONSE", "model m");
  }

  @Test
  void readsAtLeastTheModelOfAnything() {
    assertThat(
            Reading.request(
                    "generic", "https://new.example/v9/think", "{\"model\":\"m\",\"x\":[{}]}")
                .only("requestModel"))
        .containsExactly("requestModel m");
  }

  @Test
  void reportsWhatIsNoJson() {
    Recorder read =
        Reading.response(
            "generic", Reading.head("https://h/", 502, "text/html"), "<html>Bad gateway</html>");
    assertThat(read.only("finding", "error"))
        .containsExactly("finding MALFORMED 0", "error [502] ");
  }
}
