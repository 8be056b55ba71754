package dev.quintai.parsers;

import static dev.quintai.parsers.support.EventStreams.chunk;
import static dev.quintai.parsers.support.EventStreams.event;
import static dev.quintai.parsers.support.EventStreams.exception;
import static dev.quintai.parsers.support.EventStreams.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmHead;
import dev.quintai.parsers.support.Reading;
import dev.quintai.parsers.support.Recorder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BedrockTest {

  private static final String HOST = "https://bedrock-runtime.us-east-1.amazonaws.com";
  private static final LlmHead STREAM =
      Reading.head(HOST + "/model/m/converse-stream", 200, "application/vnd.amazon.eventstream");
  private static final LlmHead INVOKE =
      Reading.head(
          HOST + "/model/m/invoke-with-response-stream", 200, "application/vnd.amazon.eventstream");

  private static final byte[] START =
      event("messageStart", "{\"p\":\"abc\",\"role\":\"assistant\"}");
  private static final byte[] TEXT =
      join(
          event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Hi\"}}"),
          event("contentBlockStop", "{\"contentBlockIndex\":0}"));
  private static final byte[] CALL =
      join(
          event(
              "contentBlockStart",
              "{\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"name\":\"f\",\"toolUseId\":\"tooluse_1\"}}}"),
          event(
              "contentBlockDelta",
              "{\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"{\\\"a\\\"\"}}}"),
          event(
              "contentBlockDelta",
              "{\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\":1}\"}}}"));
  private static final byte[] CALL_STOP = event("contentBlockStop", "{\"contentBlockIndex\":1}");
  private static final byte[] STOP =
      join(
          event("messageStop", "{\"stopReason\":\"tool_use\"}"),
          event("metadata", "{\"usage\":{\"inputTokens\":3,\"outputTokens\":4},\"metrics\":{}}"));

  @Test
  void readsAConverseStream() {
    Recorder read =
        Reading.response(
            "aws-bedrock-converse",
            STREAM,
            join(
                START,
                event(
                    "contentBlockDelta",
                    "{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\"hm\"}}}"),
                TEXT,
                CALL,
                CALL_STOP,
                STOP));
    assertThat(read.told())
        .containsExactly(
            "begin RESPONSE",
            "thinking 0 hm",
            "text 0 Hi",
            "start 0 tooluse_1 f function",
            "delta 0 {\"a\"",
            "delta 0 :1}",
            "end 0 tooluse_1 f function {a=1}",
            "stop tool_use",
            "usage 3 4",
            "complete RESPONSE");
    assertThat(read.only("frame").get(0)).isEqualTo("frame 0-" + START.length);
  }

  @Test
  void tellsExceptionFrames() {
    Recorder read =
        Reading.response(
            "aws-bedrock-converse",
            STREAM,
            join(START, CALL, exception("throttlingException", "{\"message\":\"slow down\"}")));
    assertThat(read.only("error", "lost", "end", "complete"))
        .containsExactly(
            "error [throttlingException] slow down",
            "lost 0 tooluse_1 f function",
            "complete RESPONSE cut");
  }

  @Test
  void refusesADamagedPayloadAndGoesOn() {
    byte[] body = join(START, TEXT, CALL, CALL_STOP, STOP);
    body[START.length + 60] ^= 1;
    Recorder read = Reading.response("aws-bedrock-converse", STREAM, body);
    assertThat(read.only("finding")).containsExactly("finding CHECKSUM " + START.length);
    assertThat(read.only("text", "end")).containsExactly("end 0 tooluse_1 f function {a=1}");
  }

  @Test
  void looksForTheNextFrameBehindADamagedPrelude() {
    byte[] body = join(START, TEXT, CALL, CALL_STOP, STOP);
    body[START.length + 2] ^= 1;
    Recorder read = Reading.response("aws-bedrock-converse", STREAM, body);
    assertThat(read.only("finding")).containsExactly("finding CHECKSUM " + START.length);
    assertThat(read.only("text", "end")).containsExactly("end 0 tooluse_1 f function {a=1}");
  }

  @Test
  void neverInventsACallWhenCut() {
    byte[] body = join(START, TEXT, CALL, CALL_STOP, STOP);
    int callEnds = body.length - STOP.length;
    for (int end = 1; end < body.length; end++) {
      Recorder read = Reading.response("aws-bedrock-converse", STREAM, Arrays.copyOf(body, end));
      assertThat(read.only("end")).as("cut at %d", end).hasSize(end >= callEnds ? 1 : 0);
    }
  }

  @Test
  void readsAConverseDocument() {
    Recorder read =
        Reading.response(
            "aws-bedrock-converse",
            "application/json",
            """
            {"metrics":{"latencyMs":1},"output":{"message":{"content":[
              {"reasoningContent":{"reasoningText":{"signature":"s","text":"hm"}}},{"text":"Hi"},
              {"toolUse":{"input":{"a":1},"name":"f","toolUseId":"tooluse_1"}},
              {"toolUse":{"input":{},"name":"nova_code_interpreter","toolUseId":"t2","type":"server_tool_use"}}],"role":"assistant"}},
             "stopReason":"tool_use","usage":{"inputTokens":5,"outputTokens":6,"totalTokens":11}}
            """);
    assertThat(read.only("thinking", "text", "end", "stop", "usage", "complete"))
        .containsExactly(
            "thinking 0 hm",
            "text 0 Hi",
            "end 0 tooluse_1 f function {a=1}",
            "end 1 t2 nova_code_interpreter server {}",
            "stop tool_use",
            "usage 5 6",
            "complete RESPONSE");
  }

  @Test
  void tellsTheMessageOfAnError() {
    assertThat(
            Reading.response(
                    "aws-bedrock-converse",
                    Reading.head(HOST + "/model/m/converse", 400, "application/json"),
                    "{\"message\":\"invalid\"}")
                .only("error"))
        .containsExactly("error [] invalid");
  }

  @Test
  void readsAConverseRequest() {
    Recorder read =
        Reading.request(
            "aws-bedrock-converse",
            HOST + "/model/anthropic.claude-x-v1%3A0/converse",
            """
            {"system":[{"text":"Working directory: /srv/x"}],
             "messages":[{"role":"user","content":[{"text":"go"}]},
              {"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"f","input":{"content":"c"}}}]},
              {"role":"user","content":[{"toolResult":{"toolUseId":"t1","status":"error","content":[{"text":"a"},{"json":{"k":1}}]}},
                {"toolResult":{"toolUseId":"t2","status":"success","content":[{"text":"b"}]}}]}],
             "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"name":"no"}}}},{"systemTool":{"name":"nova_grounding"}}]}}
            """);
    assertThat(read.told())
        .containsExactly(
            "begin REQUEST",
            "requestModel anthropic.claude-x-v1:0",
            "message system",
            "cwd /srv/x",
            "said Working directory: /srv/x",
            "message user",
            "said go",
            "message assistant",
            "prior t1 f",
            "message user",
            "result t1 null error a\n{\"k\":1}",
            "result t2 null ok b",
            "tool f function",
            "tool nova_grounding server",
            "complete REQUEST");
  }

  @Test
  void readsAnthropicEventsInInvokeModel() {
    byte[] body =
        join(
            chunk(
                "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"claude\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}"),
            chunk(
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}}"),
            chunk(
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"p\\\":\\\"/é\\\"}\"}}"),
            chunk("{\"type\":\"content_block_stop\",\"index\":0}"),
            chunk(
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":9}}"),
            chunk(
                "{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":1,\"outputTokenCount\":9}}"));
    Recorder read = Reading.response("anthropic", INVOKE, body);
    assertThat(read.only("end", "stop", "usage", "complete"))
        .containsExactly(
            "usage 1 1",
            "end 0 t f function {p=/é}",
            "stop tool_use",
            "usage 1 9",
            "complete RESPONSE");
    Recorder failed =
        Reading.response(
            "anthropic",
            INVOKE,
            join(
                Arrays.copyOf(body, 400),
                exception("modelStreamErrorException", "{\"message\":\"x\"}")));
    assertThat(failed.only("finding")).isNotEmpty();
  }

  @Test
  void tellsDamagedChunks() {
    Recorder read =
        Reading.response(
            "anthropic",
            INVOKE,
            join(
                event("chunk", "{\"bytes\":\"!!!\"}"),
                chunk("{\"type\":"),
                chunk("{\"type\":\"message_stop\"}")));
    assertThat(read.only("finding")).hasSize(2);
  }

  @Test
  void readsTheOtherDialectsOfInvokeModel() {
    assertThat(
            generic(
                "{\"output\":{\"message\":{\"content\":[{\"text\":\"Hi\"},{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"f\",\"input\":{\"a\":1}}}]}},\"stopReason\":\"tool_use\",\"usage\":{\"inputTokens\":1,\"outputTokens\":2}}"))
        .containsExactly("text 0 Hi", "end 0 t f function {a=1}", "stop tool_use", "usage 1 2");
    assertThat(
            generic(
                "{\"inputTextTokenCount\":5,\"results\":[{\"tokenCount\":6,\"outputText\":\"Hi\",\"completionReason\":\"FINISH\"}]}"))
        .containsExactly("text 0 Hi", "usage 5 6", "stop FINISH");
    assertThat(
            generic(
                "{\"generation\":\"Hi\",\"prompt_token_count\":7,\"generation_token_count\":8,\"stop_reason\":\"length\"}"))
        .containsExactly("text 0 Hi", "usage 7 8", "stop length");
    assertThat(generic("{\"outputs\":[{\"text\":\"Hi\",\"stop_reason\":\"stop\"}]}"))
        .containsExactly("text 0 Hi", "stop stop");
    assertThat(
            generic(
                "{\"generations\":[{\"finish_reason\":\"MAX_TOKENS\",\"text\":\"Hi\"},{\"finish_reason\":\"COMPLETE\",\"text\":\"no\"}]}"))
        .containsExactly("text 0 Hi", "text 1 no", "stop MAX_TOKENS");
    assertThat(generic("{\"text\":\"Hi\",\"finish_reason\":\"COMPLETE\"}"))
        .containsExactly("text 0 Hi", "stop COMPLETE");
    assertThat(
            generic(
                "{\"completions\":[{\"data\":{\"text\":\"Hi\"},\"finishReason\":{\"reason\":\"endoftext\"}}]}"))
        .containsExactly("text 0 Hi", "stop endoftext");
  }

  private static java.util.List<String> generic(String json) {
    Recorder read =
        Reading.response(
            "generic", Reading.head(HOST + "/model/m/invoke", 200, "application/json"), json);
    assertThat(read.lines).endsWith("complete RESPONSE");
    return read.only("text", "end", "stop", "usage");
  }

  @Test
  void readsTheirStreams() {
    Recorder nova =
        Reading.response(
            "generic",
            INVOKE,
            join(
                chunk("{\"messageStart\":{\"role\":\"assistant\"}}"),
                chunk(
                    "{\"contentBlockDelta\":{\"delta\":{\"text\":\"Hi\"},\"contentBlockIndex\":0}}"),
                chunk("{\"messageStop\":{\"stopReason\":\"end_turn\"}}"),
                chunk("{\"metadata\":{\"usage\":{\"inputTokens\":1,\"outputTokens\":2}}}")));
    assertThat(nova.only("text", "stop", "usage", "complete", "finding"))
        .containsExactly("text 0 Hi", "stop end_turn", "usage 1 2", "complete RESPONSE");
    Recorder llama =
        Reading.response(
            "generic",
            INVOKE,
            join(
                chunk(
                    "{\"generation\":\"H\",\"prompt_token_count\":3,\"generation_token_count\":1,\"stop_reason\":null}"),
                chunk(
                    "{\"generation\":\"i\",\"prompt_token_count\":null,\"generation_token_count\":2,\"stop_reason\":\"stop\"}")));
    assertThat(llama.only("text", "stop", "usage", "complete"))
        .containsExactly(
            "text 0 H", "usage 3 1", "text 0 i", "usage 3 2", "stop stop", "complete RESPONSE");
  }

  @Test
  void readsNovaRequests() {
    assertThat(
            Reading.request(
                    "generic",
                    HOST + "/model/amazon.nova-lite-v1%3A0/invoke",
                    "{\"messages\":[{\"role\":\"user\",\"content\":[{\"toolResult\":{\"toolUseId\":\"t\",\"status\":\"error\",\"content\":[{\"text\":\"x\"}]}}]}],\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"f\"}}]}}")
                .only("requestModel", "result", "tool"))
        .containsExactly(
            "requestModel amazon.nova-lite-v1:0", "result t null error x", "tool f function");
  }

  @Test
  void readsTextWithCitations() {
    assertThat(
            Reading.response(
                    "aws-bedrock-converse",
                    "application/json",
                    "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"a\"},{\"citationsContent\":{\"content\":[{\"text\":\"b\"},{\"text\":\"c\"}],\"citations\":[{\"title\":\"t\",\"sourceContent\":[{\"text\":\"d\"}]}]}}]}},\"stopReason\":\"end_turn\"}")
                .only("text"))
        .containsExactly("text 0 a", "text 0 b", "text 0 c");
  }

  @Test
  void readsResultsThatAreJson() {
    assertThat(
            Reading.request(
                    "aws-bedrock-converse",
                    HOST + "/model/m/converse",
                    "{\"messages\":[{\"role\":\"user\",\"content\":[{\"toolResult\":{\"toolUseId\":\"t\",\"status\":\"error\",\"content\":[{\"text\":\"x\"},{\"json\":{\"a\":[1,\"b\"]}}]}}]}]}")
                .only("result"))
        .containsExactly("result t null error x\n{\"a\":[1,\"b\"]}");
  }

  @Test
  void readsErrorsInAwsSpelling() {
    assertThat(
            Reading.response(
                    "aws-bedrock-converse",
                    Reading.head(HOST + "/model/m/converse", 403, "application/json"),
                    "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"no\"}")
                .only("error"))
        .containsExactly("error [com.amazon.coral.service#AccessDeniedException] no");
  }
}
