package dev.quintai.daemon.e2e;

import static dev.quintai.daemon.e2e.WireFormat.event;
import static dev.quintai.daemon.e2e.WireFormat.map;
import static dev.quintai.daemon.e2e.WireFormat.objects;

import dev.quintai.daemon.events.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** OpenAI's Responses API, as Codex uses it: calls are items, patches are custom tools. */
final class ResponsesFormat implements WireFormat {

  @Override
  public String host() {
    return "api.openai.com";
  }

  @Override
  public boolean isTurn(String path, Map<?, ?> request) {
    return path.equals("/v1/responses") && !objects(request.get("tools")).isEmpty();
  }

  @Override
  public int results(Map<?, ?> request) {
    int results = 0;
    for (Map<?, ?> item : objects(request.get("input"))) {
      results += String.valueOf(item.get("type")).endsWith("_call_output") ? 1 : 0;
    }
    return results;
  }

  @Override
  public String stream(String path, Step step, String prefix) {
    StringBuilder out = new StringBuilder();
    Map<String, Object> response = map("id", "resp_" + prefix, "object", "response");
    send(out, "response.created", "response", response);
    List<Object> items = new ArrayList<>();
    if (!step.text().isEmpty()) {
      items.add(
          map(
              "type",
              "message",
              "id",
              "msg_" + prefix,
              "role",
              "assistant",
              "content",
              List.of(map("type", "output_text", "text", step.text()))));
    }
    for (Step.Call call : step.calls()) {
      String id = prefix + items.size();
      items.add(
          call.tool().equals("apply_patch")
              ? map(
                  "type",
                  "custom_tool_call",
                  "id",
                  "ctc_" + id,
                  "call_id",
                  "call_" + id,
                  "name",
                  call.tool(),
                  "input",
                  call.arguments().get("input"))
              : map(
                  "type",
                  "function_call",
                  "id",
                  "fc_" + id,
                  "call_id",
                  "call_" + id,
                  "name",
                  call.tool(),
                  "arguments",
                  JsonTree.text(call.arguments())));
    }
    for (int i = 0; i < items.size(); i++) {
      send(out, "response.output_item.added", "output_index", (long) i, "item", items.get(i));
      send(out, "response.output_item.done", "output_index", (long) i, "item", items.get(i));
    }
    response.put("status", "completed");
    response.put("output", items);
    response.put("usage", map("input_tokens", 20L, "output_tokens", 10L, "total_tokens", 30L));
    send(out, "response.completed", "response", response);
    return out.toString();
  }

  private static void send(StringBuilder out, String type, Object... fields) {
    Map<String, Object> data = map("type", type);
    data.putAll(map(fields));
    out.append(event(type, data));
  }

  @Override
  public String other(String path, Map<?, ?> request) {
    return path.endsWith("/models") ? "{\"object\":\"list\",\"data\":[]}" : "{}";
  }

  @Override
  public boolean hasIds() {
    return true;
  }
}
