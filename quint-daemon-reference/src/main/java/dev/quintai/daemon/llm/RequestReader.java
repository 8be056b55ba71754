package dev.quintai.daemon.llm;

import dev.quintai.core.Session;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHandler;
import dev.quintai.core.spi.LlmToolResult;
import java.util.HashMap;
import java.util.Map;

/** Reads requests: tool results end their calls, and the agent says where it works. */
final class RequestReader implements LlmHandler {

  private final LlmTraffic traffic;
  private final Trail.Exchange common;
  private final Map<String, Integer> seen = new HashMap<>();
  private String model;

  RequestReader(LlmTraffic traffic, Trail.Exchange common, ProcessId owner) {
    this.traffic = traffic;
    this.common = common;
  }

  /** The model that the request names, or null. */
  String model() {
    return model;
  }

  @Override
  public void begin(LlmDirection direction) {
    seen.clear();
  }

  @Override
  public void requestModel(String value) {
    model = value;
  }

  @Override
  public void workingDirectory(String path) {
    Session session = common.session();
    if (session != null) {
      session.offer(Session.Field.WORKING_DIR, path, Session.Source.PROXY);
    }
  }

  @Override
  public void toolResult(LlmToolResult result) {
    int ordinal = result.name() == null ? 0 : seen.merge(result.name(), 1, Integer::sum) - 1;
    String id = traffic.ledger(common.session()).finish(result.id(), result.name(), ordinal);
    if (id == null) {
      return; // known already, or the result of a call that was never seen
    }
    traffic
        .engine()
        .accept(new IntentResult(traffic.now(), LlmTraffic.origin(), id, result.isError()));
    traffic.trail().result(common, id, result.name(), result.isError(), result.text());
  }
}
