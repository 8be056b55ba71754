package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmFinding;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.support.Recorder;
import dev.quintai.parsers.turn.Findings;
import dev.quintai.parsers.turn.ResponseEvents;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Several requests and responses on one connection: none knows anything of the one before. */
class ReusedStreamTest {

  private static final String SHELL =
      "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"type\":\"local_shell_call\",\"id\":\"lsh\",\"call_id\":\"%s\",\"action\":{\"type\":\"exec\",\"command\":[\"ls\"]}}}";

  private static String created(String id) {
    return "{\"type\":\"response.created\",\"response\":{\"id\":\""
        + id
        + "\",\"model\":\"m\",\"output\":[]}}";
  }

  private static String completed(String id) {
    return created(id)
        .replace("created", "completed")
        .replace("\"output\"", "\"status\":\"completed\",\"output\"");
  }

  private static Recorder messages(LlmDirection direction, String... messages) {
    LlmHead head = LlmHead.of("GET", "wss://api.openai.com/v1/responses", null);
    Recorder told = new Recorder();
    LlmStream stream =
        StandardParsers.all()
            .named("openai-responses")
            .orElseThrow()
            .openMessages(head, direction, LlmLimits.DEFAULT, told);
    for (String message : messages) {
      stream.feed(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)));
    }
    stream.end();
    return told;
  }

  @Test
  void aResponseBehindOneThatFailedIsOfItsOwn() {
    Recorder told =
        messages(
            LlmDirection.RESPONSE,
            created("r1"),
            SHELL.formatted("call_1"),
            "{\"type\":\"error\",\"status\":500,\"error\":{\"type\":\"server_error\",\"message\":\"oh\"}}",
            created("r2"),
            SHELL.formatted("call_2"),
            completed("r2"));
    assertThat(told.only("begin", "id", "end", "error", "stop", "complete"))
        .containsExactly(
            "begin RESPONSE",
            "id r1",
            "end 0 call_1 local_shell client-builtin {action={type=exec, command=[ls]}}",
            "error [server_error] oh",
            "complete RESPONSE cut",
            "begin RESPONSE",
            "id r2",
            "end 0 call_2 local_shell client-builtin {action={type=exec, command=[ls]}}",
            "stop completed",
            "complete RESPONSE");
  }

  @Test
  void aResponseBehindAnErrorAloneIsOfItsOwn() {
    Recorder told =
        messages(
            LlmDirection.RESPONSE,
            "{\"type\":\"error\",\"status\":400,\"error\":{\"code\":\"previous_response_not_found\",\"message\":\"who\"}}",
            created("r2"),
            completed("r2"));
    assertThat(told.only("begin", "id", "error", "complete"))
        .containsExactly(
            "begin RESPONSE",
            "error [previous_response_not_found] who",
            "complete RESPONSE cut",
            "begin RESPONSE",
            "id r2",
            "complete RESPONSE");
  }

  @Test
  void aResponseThatIsToldTwiceIsOne() {
    Recorder told = messages(LlmDirection.RESPONSE, created("r1"), created("r1"), completed("r1"));
    assertThat(told.only("begin", "complete"))
        .containsExactly("begin RESPONSE", "complete RESPONSE");
  }

  @Test
  void messagesThatAskForNothingAreNoRequests() {
    Recorder told =
        messages(
            LlmDirection.REQUEST,
            "{\"type\":\"response.processed\",\"response_id\":\"r1\"}",
            "{\"type\":\"response.create\"}",
            "{\"response_id\":\"r1\",\"type\":\"response.cancel\"}");
    assertThat(told.told()).containsExactly("begin REQUEST", "complete REQUEST");
  }

  @Test
  void nothingOfAResponseOutlivesIt() {
    Recorder told = new Recorder();
    Findings none =
        new Findings() {
          @Override
          public void report(LlmFinding.Kind kind, String detail) {}

          @Override
          public void limit(String detail) {}
        };
    ResponseEvents events = new ResponseEvents(LlmLimits.DEFAULT, told, none, 0);
    for (int i = 0; i < 2; i++) {
      events.model("m");
      events.id("r");
      events.usage(i == 0 ? 7 : -1, 8);
      events.stop("s");
      events.complete();
    }
    events.error("", "x");
    events.complete();
    assertThat(told.told())
        .containsExactly(
            "begin RESPONSE",
            "model m",
            "id r",
            "usage 7 8",
            "stop s",
            "complete RESPONSE",
            "begin RESPONSE",
            "model m",
            "id r",
            "usage -1 8",
            "stop s",
            "complete RESPONSE",
            "begin RESPONSE",
            "error [] x",
            "complete RESPONSE");
  }
}
