package dev.quintai.daemon.e2e;

import static dev.quintai.daemon.e2e.WireFormat.event;
import static dev.quintai.daemon.e2e.WireFormat.map;
import static dev.quintai.daemon.e2e.WireFormat.objects;

import dev.quintai.daemon.events.JsonTree;
import java.util.List;
import java.util.Map;

/** Anthropic's Messages API: calls are content blocks, their arguments come in pieces. */
final class AnthropicFormat implements WireFormat {

  @Override
  public String host() {
    return "api.anthropic.com";
  }

  @Override
  public boolean isTurn(String path, Map<?, ?> request) {
    return path.equals("/v1/messages") && !objects(request.get("tools")).isEmpty();
  }

  @Override
  public int results(Map<?, ?> request) {
    int results = 0;
    for (Map<?, ?> message : objects(request.get("messages"))) {
      for (Map<?, ?> block : objects(message.get("content"))) {
        results += "tool_result".equals(block.get("type")) ? 1 : 0;
      }
    }
    return results;
  }

  @Override
  public String stream(String path, Step step, String prefix) {
    StringBuilder out = new StringBuilder();
    send(
        out,
        map(
            "type",
            "message_start",
            "message",
            map(
                "id",
                "msg_" + prefix,
                "type",
                "message",
                "role",
                "assistant",
                "model",
                "claude-sonnet-4-5",
                "content",
                List.of(),
                "stop_reason",
                null,
                "usage",
                map("input_tokens", 20L, "output_tokens", 1L))));
    block(
        out,
        0,
        map("type", "text", "text", ""),
        List.of(map("type", "text_delta", "text", step.text())));
    int index = 1;
    for (Step.Call call : step.calls()) {
      String json = JsonTree.text(call.arguments());
      int middle = json.length() / 2;
      block(
          out,
          index,
          map(
              "type",
              "tool_use",
              "id",
              "toolu_" + prefix + index,
              "name",
              call.tool(),
              "input",
              map()),
          List.of(
              map("type", "input_json_delta", "partial_json", json.substring(0, middle)),
              map("type", "input_json_delta", "partial_json", json.substring(middle))));
      index++;
    }
    send(
        out,
        map(
            "type",
            "message_delta",
            "delta",
            map("stop_reason", step.calls().isEmpty() ? "end_turn" : "tool_use"),
            "usage",
            map("output_tokens", 30L)));
    send(out, map("type", "message_stop"));
    return out.toString();
  }

  private static void block(
      StringBuilder out, int index, Map<String, Object> start, List<Map<String, Object>> deltas) {
    long number = index;
    send(out, map("type", "content_block_start", "index", number, "content_block", start));
    for (Map<String, Object> delta : deltas) {
      send(out, map("type", "content_block_delta", "index", number, "delta", delta));
    }
    send(out, map("type", "content_block_stop", "index", number));
  }

  private static void send(StringBuilder out, Map<String, Object> data) {
    out.append(event((String) data.get("type"), data));
  }

  @Override
  public String other(String path, Map<?, ?> request) {
    return JsonTree.text(map("input_tokens", 20L));
  }

  @Override
  public boolean hasIds() {
    return true;
  }
}
