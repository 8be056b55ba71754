package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.parsers.support.Reading;
import dev.quintai.parsers.support.Recorder;
import org.junit.jupiter.api.Test;

class ChatTest {

  private static final String SSE = "text/event-stream";
  private static final String URL = "https://api.openai.com/v1/chat/completions";

  private static String chunk(String choices) {
    return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-x\",\"choices\":["
        + choices
        + "]}\n\n";
  }

  private static String delta(String delta) {
    return chunk("{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}");
  }

  private static final String FINISH =
      chunk("{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}");
  private static final String USAGE =
      "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":8,\"completion_tokens_details\":{\"reasoning_tokens\":3}}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  private static final String CALLS =
      delta(
              "{\"tool_calls\":[{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}")
          + delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\":\"}}]}")
          + delta(
              "{\"tool_calls\":[{\"index\":1,\"id\":\"call_b\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}")
          + delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}");

  @Test
  void readsAStream() {
    Recorder read =
        Reading.response(
            "openai",
            SSE,
            delta("{\"role\":\"assistant\",\"content\":\"\"}")
                + delta("{\"reasoning_content\":\"hm\"}")
                + ": a comment\n\n"
                + delta("{\"content\":\"Hi\"}")
                + CALLS
                + FINISH
                + USAGE
                + DONE);
    assertThat(read.told())
        .containsExactly(
            "begin RESPONSE",
            "id c1",
            "model gpt-x",
            "thinking 0 hm",
            "text 0 Hi",
            "start 0 call_a f function",
            "delta 0 {\"x\":",
            "start 1 call_b g function",
            "delta 1 {}",
            "delta 0 1}",
            "end 0 call_a f function {x=1}",
            "end 1 call_b g function {}",
            "stop tool_calls",
            "usage 7 8",
            "complete RESPONSE");
  }

  @Test
  void losesCallsThatNothingFinishes() {
    Recorder read = Reading.response("openai", SSE, CALLS);
    assertThat(read.only("end", "lost", "complete"))
        .containsExactly(
            "lost 0 call_a f function", "lost 1 call_b g function", "complete RESPONSE cut");
  }

  @Test
  void doneFinishesCallsWithoutAReason() {
    Recorder read = Reading.response("openai", SSE, CALLS + DONE);
    assertThat(read.only("end", "lost", "complete"))
        .containsExactly(
            "end 0 call_a f function {x=1}", "end 1 call_b g function {}", "complete RESPONSE");
  }

  @Test
  void toldsSeveralChoices() {
    Recorder read =
        Reading.response(
            "openai",
            "application/json",
            """
            {"choices":[
              {"finish_reason":"stop","index":0,"message":{"content":"one","role":"assistant"}},
              {"finish_reason":"tool_calls","index":1,"message":{"content":null,"tool_calls":[{"type":"function","id":"call_1","function":{"arguments":"{\\"a\\":[1]}","name":"f"}},{"id":"call_2","type":"custom","custom":{"name":"calc","input":"4 + 4"}}]}}],
             "id":"c2","model":"gpt-y","usage":{"prompt_tokens":1,"completion_tokens":2}}
            """);
    assertThat(read.told())
        .containsExactly(
            "begin RESPONSE",
            "text 0 one",
            "stop stop",
            "start 0 call_1 f function",
            "delta 0 {\"a\":[1]}",
            "end 0 call_1 f function {a=[1]}",
            "start 1 call_2 calc custom",
            "delta 1 4 + 4",
            "end 1 call_2 calc custom 4 + 4",
            "id c2",
            "model gpt-y",
            "usage 1 2",
            "complete RESPONSE");
  }

  @Test
  void readsTheLegacyFunctionCall() {
    assertThat(
            Reading.response(
                    "openai",
                    "application/json",
                    "{\"choices\":[{\"index\":0,\"message\":{\"content\":null,\"function_call\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\": 1}\"}},\"finish_reason\":\"function_call\"}]}")
                .only("end"))
        .containsExactly("end 0 null add function {a=1}");
    assertThat(
            Reading.response(
                    "openai",
                    SSE,
                    delta("{\"function_call\":{\"name\":\"add\",\"arguments\":\"\"}}")
                        + delta("{\"function_call\":{\"arguments\":\"{\\\"a\\\"\"}}")
                        + delta("{\"function_call\":{\"arguments\":\": 1}\"}}")
                        + chunk("{\"index\":0,\"delta\":{},\"finish_reason\":\"function_call\"}"))
                .only("end", "complete"))
        .containsExactly("end 0 null add function {a=1}", "complete RESPONSE");
  }

  @Test
  void readsCallsWithoutAnIndex() {
    Recorder read =
        Reading.response(
            "generic",
            SSE,
            chunk(
                "{\"index\":0,\"delta\":{\"tool_calls\":[{\"id\":\"m1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"id\":\"m2\",\"function\":{\"name\":\"g\",\"arguments\":{\"o\":1}}}]},\"finish_reason\":\"tool_calls\"}"));
    assertThat(read.only("end"))
        .containsExactly("end 0 m1 f function {}", "end 1 m2 g function {o=1}");
  }

  @Test
  void readsCallsThatAllHaveTheIndexZero() {
    Recorder read =
        Reading.response(
            "generic",
            SSE,
            delta(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"g1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}")
                + delta(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"g2\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"b\\\":2}\"}}]}")
                + FINISH);
    assertThat(read.only("end"))
        .containsExactly("end 0 g1 f function {}", "end 1 g2 f function {b=2}");
  }

  @Test
  void ignoresEmptyCalls() {
    Recorder read =
        Reading.response(
            "generic",
            "application/json",
            "{\"choices\":[{\"finish_reason\":\"\",\"message\":{\"content\":\"x\",\"function_call\":{\"name\":\"\",\"arguments\":\"\"},\"tool_calls\":[{\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"},\"custom\":{\"name\":\"\",\"input\":\"\"}}]}}]}");
    assertThat(read.only("end", "stop")).containsExactly("end 0 t f function {}");
  }

  @Test
  void readsAzuresFirstChunk() {
    Recorder read =
        Reading.response(
            "azure-openai",
            SSE,
            "data: {\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\n"
                + delta("{\"content\":\"Hi\"}")
                + FINISH
                + DONE);
    assertThat(read.told())
        .containsExactly(
            "begin RESPONSE",
            "id c1",
            "model gpt-x",
            "text 0 Hi",
            "stop tool_calls",
            "complete RESPONSE");
  }

  @Test
  void tellsRefusalsAndErrors() {
    assertThat(
            Reading.response("openai", SSE, delta("{\"refusal\":\"No.\"}") + FINISH)
                .only("refusal"))
        .containsExactly("refusal 0 No.");
    assertThat(
            Reading.response(
                    "openai",
                    SSE,
                    delta("{\"content\":\"a\"}")
                        + "data: {\"error\":{\"message\":\"upstream\",\"code\":502}}\n\n")
                .only("error", "complete"))
        .containsExactly("error [502] upstream", "complete RESPONSE");
    assertThat(
            Reading.response(
                    "generic",
                    Reading.head(URL, 422, "application/json"),
                    "{\"object\":\"error\",\"message\":\"bad\",\"type\":\"invalid\"}")
                .only("error"))
        .hasSize(1);
  }

  @Test
  void readsARequest() {
    Recorder read =
        Reading.request(
            "openai",
            URL,
            """
            {"messages":[
              {"role":"system","content":"# Current Working Directory (/home/u/r) Files\\nx"},
              {"content":"late role","role":"user"},
              {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"call_1","content":"done"},
              {"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"role":"tool","tool_call_id":"call_2","name":"g"},
              {"role":"function","name":"add","content":"2"},
              {"role":"user","content":[{"type":"text","text":"hi"},{"type":"image_url","image_url":{"url":"data:"}}]}],
             "model":"gpt-x","stream":false,
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{}}},{"type":"custom","custom":{"name":"c"}}],
             "functions":[{"name":"add"}]}
            """);
    assertThat(read.told())
        .containsExactly(
            "begin REQUEST",
            "message system",
            "cwd /home/u/r",
            "said # Current Working Directory (/home/u/r) Files\nx",
            "message user",
            "said late role",
            "message assistant",
            "prior call_1 f",
            "message tool",
            "result call_1 null ok done",
            "message tool",
            "result call_2 g ok a\nb",
            "message function",
            "result null add ok 2",
            "message user",
            "said hi",
            "requestModel gpt-x",
            "stream false",
            "tool f function",
            "tool c custom",
            "tool add function",
            "complete REQUEST");
  }

  @Test
  void takesTheModelOfADeployment() {
    assertThat(
            Reading.request(
                    "azure-openai",
                    "https://r.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=1",
                    "{\"messages\":[]}")
                .only("requestModel"))
        .containsExactly("requestModel my gpt");
  }
}
