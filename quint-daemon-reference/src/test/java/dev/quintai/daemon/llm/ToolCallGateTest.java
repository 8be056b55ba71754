package dev.quintai.daemon.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.Action;
import dev.quintai.core.Decision;
import dev.quintai.core.Gate;
import dev.quintai.core.Judgement;
import dev.quintai.core.Mode;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.Verdict;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.SessionDetector;
import dev.quintai.daemon.events.JsonTree;
import dev.quintai.daemon.proxy.ConnectionInfo;
import dev.quintai.daemon.proxy.Decisions;
import dev.quintai.daemon.proxy.ExchangeObserver;
import dev.quintai.daemon.proxy.GateDecision;
import dev.quintai.daemon.proxy.RequestHead;
import dev.quintai.daemon.proxy.ResponseGate;
import dev.quintai.daemon.proxy.ResponseHead;
import dev.quintai.daemon.run.Gates;
import dev.quintai.parsers.StandardParsers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client gets of a response while a gate refuses every call that says {@code evil}. */
class ToolCallGateTest {

  private static final ProcessId AGENT = new ProcessId(4242, 1_000);
  private static final String REQUEST =
      "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"go\"}]}";

  private static final Detector EVIL =
      new Detector() {
        @Override
        public Gate gate() {
          return Gate.SIGNATURE;
        }

        @Override
        public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
          return new SessionDetector() {
            @Override
            public Judgement evaluate(IntentEvent intent, List<Action> actions) {
              return intent.arguments().text().contains("evil")
                  ? new Judgement(Decision.BLOCK, 1, List.of("it says evil"))
                  : Judgement.ALLOW;
            }
          };
        }
      };

  private final List<IntentEvent> calls = new ArrayList<>();
  private final Trail trail =
      new Trail() {
        @Override
        public void request(Exchange exchange, String body) {}

        @Override
        public void response(Exchange exchange, int status, String body) {}

        @Override
        public void call(Exchange exchange, IntentEvent intent, Verdict verdict) {
          calls.add(intent);
        }

        @Override
        public void result(Exchange e, String id, String tool, boolean isError, String text) {}
      };

  private final QuintEngine engine = Gates.bare().mode(Mode.BLOCK).detector(EVIL).build();

  @AfterEach
  void close() {
    engine.close();
  }

  private String text() {
    return event(
            "content_block_start",
            "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
        + event(
            "content_block_delta",
            "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hello\"}")
        + event("content_block_stop", "\"index\":0");
  }

  private static String call(int index, String command) {
    return event(
            "content_block_start",
            "\"index\":"
                + index
                + ",\"content_block\":{\"type\":\"tool_use\",\"id\":\"t"
                + index
                + "\",\"name\":\"bash\",\"input\":{}}")
        + event(
            "content_block_delta",
            "\"index\":"
                + index
                + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"command\\\":\"}")
        + event(
            "content_block_delta",
            "\"index\":"
                + index
                + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\\\""
                + command
                + "\\\"}\"}")
        + event("content_block_stop", "\"index\":" + index);
  }

  private static String start() {
    return event(
        "message_start",
        "\"message\":{\"id\":\"m1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
            + "\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
  }

  private static String stop() {
    return event("message_delta", "\"delta\":{\"stop_reason\":\"tool_use\"}")
        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  }

  private static String event(String type, String fields) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
  }

  /** A client's view: what has passed after each piece, and how it ended. */
  private record Client(List<String> passedAfter, String all) {}

  private Client exchange(String contentType, String body, int chunk) {
    engine.accept(
        new AgentProcess(
            1_000_000_000L, AGENT, Origin.UNKNOWN, 1, "claude-code", "/a", "/w", "/home/u"));
    LlmTraffic traffic =
        new LlmTraffic(
            engine,
            StandardParsers.all(),
            LlmLimits.DEFAULT,
            () -> 2_000_000_000L,
            trail,
            Mode.BLOCK,
            notice -> {});
    ExchangeObserver.Exchange exchange =
        traffic.exchange(
            new ConnectionInfo(
                1,
                ConnectionInfo.Kind.INTERCEPTED,
                "api.anthropic.com",
                443,
                Optional.empty(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                AGENT.pid(),
                Instant.EPOCH),
            new RequestHead(
                "POST",
                "https",
                "api.anthropic.com",
                443,
                "/v1/messages",
                "HTTP/1.1",
                "application/json",
                null,
                null,
                false));
    byte[] request = REQUEST.getBytes(StandardCharsets.UTF_8);
    exchange.requestData(request, 0, request.length);
    ResponseGate gate = exchange.response(new ResponseHead(200, contentType, null, null, true));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder passed = new StringBuilder();
    List<String> after = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < bytes.length; at += chunk) {
      int end = Math.min(bytes.length, at + chunk);
      exchange.responseData(bytes, at, end - at);
      int fresh = end - at;
      int count;
      do {
        int held = end - from;
        GateDecision decision = gate.data(slice(bytes, from, end), held, fresh);
        fresh = 0;
        count = Decisions.passed(decision, held);
        passed.append(new String(bytes, from, count, StandardCharsets.UTF_8));
        from += count;
        if (Decisions.instead(decision) != null) {
          passed.append(Decisions.instead(decision));
          return new Client(after, passed.toString());
        }
      } while (count > 0 && from < end);
      after.add(passed.toString());
    }
    GateDecision last = gate.end(slice(bytes, from, bytes.length), bytes.length - from);
    int count = Decisions.passed(last, bytes.length - from);
    passed.append(new String(bytes, from, count, StandardCharsets.UTF_8));
    if (Decisions.instead(last) != null) {
      passed.append(Decisions.instead(last));
    }
    return new Client(after, passed.toString());
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 100_000})
  void aHarmlessStreamPassesAsItIs(int chunk) {
    String body = start() + text() + call(1, "ls") + call(2, "pwd") + stop();
    assertThat(exchange("text/event-stream", body, chunk).all).isEqualTo(body);
    assertThat(calls).extracting(IntentEvent::toolUseId).containsExactly("t1", "t2");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 100_000})
  void aRefusedCallIsReplacedAndWhatCameBeforeIsNot(int chunk) {
    String before = start() + text() + call(1, "ls");
    String all =
        exchange("text/event-stream", before + call(2, "evil") + call(3, "ls") + stop(), chunk).all;
    assertThat(all).startsWith(before).doesNotContain("evil\\", "\"t2\"", "message_stop");
    String rest = all.substring(before.length());
    assertThat(rest).startsWith("event: error\ndata: {").contains("Quint", "it says evil");
  }

  @Test
  void exactlyTheCallIsHeldWhileItIsIncomplete() {
    String before = start() + text();
    String whole = before + call(1, "ls");
    Client client = exchange("text/event-stream", whole + stop(), 1);
    assertThat(client.passedAfter.get(before.length() - 1)).isEqualTo(before);
    assertThat(client.passedAfter.get(whole.length() - 2)).isEqualTo(before);
    assertThat(client.passedAfter.get(whole.length() - 1)).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100_000})
  void aRefusedDocumentIsAnErrorDocument(int chunk) throws Exception {
    String document =
        "{\"id\":\"m1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":["
            + "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"bash\",\"input\":{\"command\":\"evil\"}}],"
            + "\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
    String all = exchange("application/json", document, chunk).all;
    Map<?, ?> error = (Map<?, ?>) ((Map<?, ?>) JsonTree.read(all)).get("error");
    assertThat(error.get("type")).isEqualTo("permission_error");
    assertThat((String) error.get("message")).contains("Quint", "it says evil");
  }

  @Test
  void everyFormatsErrorIsJsonWithTheReason() throws Exception {
    Verdict verdict =
        new Verdict(
            Decision.BLOCK,
            Mode.BLOCK,
            1,
            List.of("a \"reason\"\nwith\u0000 all"),
            Map.of(),
            1,
            "s",
            List.of());
    ResponseReader reader =
        new ResponseReader(null, null, null, new RequestReader(null, null, null));
    for (String format :
        List.of(
            "anthropic",
            "openai",
            "openai-responses",
            "azure-openai",
            "google-gemini",
            "aws-bedrock-converse",
            "generic")) {
      String document = Refusal.document(format, verdict);
      assertThat(JsonTree.text(JsonTree.read(document))).as(format).isEqualTo(document);
      assertThat(document).contains("Blocked by Quint: a \\\"reason\\\"");
      if (format.equals("aws-bedrock-converse")) {
        continue; // binary frames: ExceptionFrameTest
      }
      String event = new String(Refusal.event(format, reader, verdict), StandardCharsets.UTF_8);
      assertThat(event).as(format).endsWith("\n\n");
      String data = event.substring(event.indexOf('{')).strip();
      assertThat(data).doesNotContain("\n").contains("Blocked by Quint");
      assertThat(JsonTree.read(data)).isInstanceOf(Map.class);
    }
  }
}
