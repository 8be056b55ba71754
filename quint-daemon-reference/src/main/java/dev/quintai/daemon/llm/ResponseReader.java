package dev.quintai.daemon.llm;

import dev.quintai.core.Verdict;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmToolCall;
import java.util.HashSet;
import java.util.Set;

/** Reads responses: every complete tool call is an intent and is judged at once. */
final class ResponseReader implements LlmHandler {

  private static final long NONE = Long.MAX_VALUE;

  private final LlmTraffic traffic;
  private final Trail.Exchange common;
  private final ProcessId owner;
  private final RequestReader request;
  private final Set<Integer> open = new HashSet<>();

  private String format = "generic";
  private String responseId;
  private String model;
  private long frameStart;
  private long heldFrom = NONE;
  private Verdict refused;

  ResponseReader(
      LlmTraffic traffic, Trail.Exchange common, ProcessId owner, RequestReader request) {
    this.traffic = traffic;
    this.common = common;
    this.owner = owner;
    this.request = request;
  }

  void format(String value) {
    format = value;
  }

  /** Where the tool calls begin that wait for their verdict, or {@link Long#MAX_VALUE}. */
  long heldFrom() {
    return heldFrom;
  }

  /** The verdict that refuses a call of this response, or null. */
  Verdict refused() {
    return refused;
  }

  /** The response's id, or null. */
  String responseId() {
    return responseId;
  }

  /** The model that answers, or that was asked for. */
  String model() {
    return model != null ? model : request.model();
  }

  @Override
  public void begin(LlmDirection direction) {
    open.clear();
    responseId = null;
    model = null;
  }

  @Override
  public void frame(long start, long end) {
    frameStart = start;
  }

  @Override
  public void responseId(String id) {
    responseId = id;
  }

  @Override
  public void responseModel(String name) {
    model = name;
  }

  @Override
  public void toolCallStart(LlmToolCall call) {
    open.add(call.index());
    heldFrom = Math.min(heldFrom, frameStart);
  }

  @Override
  public void toolCallEnd(LlmToolCall call, Arguments arguments) {
    open.remove(call.index());
    judge(call, arguments);
    settle();
  }

  @Override
  public void toolCallLost(LlmToolCall call) {
    open.remove(call.index());
    settle();
  }

  /** No call is open: what follows need not wait. */
  private void settle() {
    if (open.isEmpty() && refused == null) {
      heldFrom = NONE;
    }
  }

  private void judge(LlmToolCall call, Arguments arguments) {
    String tool = toolName(call);
    String id = traffic.ledger(common.session()).declare(call.id(), tool, arguments.text());
    if (id == null || owner == null) {
      return;
    }
    IntentEvent intent =
        LlmTraffic.intent(traffic.now(), owner, tool)
            .toolUseId(id)
            .arguments(arguments)
            .provider(common.provider() != null ? common.provider() : format)
            .model(model())
            .turnId(responseId)
            .build();
    Verdict verdict = traffic.engine().evaluate(intent);
    traffic.trail().call(common, intent, verdict);
    if (verdict.refused() && refused == null) {
      refused = verdict;
    }
  }

  /** Tools that others than the agent run are told apart by name: they have no effect here. */
  private static String toolName(LlmToolCall call) {
    return switch (call.kind()) {
      case MCP -> "mcp__" + (call.server() == null ? "remote" : call.server()) + "__" + call.name();
      case SERVER -> "server__" + call.name();
      default -> call.name();
    };
  }
}
