package dev.quintai.daemon.e2e;

import static dev.quintai.daemon.e2e.WireFormat.event;
import static dev.quintai.daemon.e2e.WireFormat.map;
import static dev.quintai.daemon.e2e.WireFormat.objects;

import dev.quintai.daemon.events.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** OpenAI's Chat Completions, as other vendors speak it: calls are deltas of one choice. */
final class ChatFormat implements WireFormat {

  @Override
  public String host() {
    return "dashscope.aliyuncs.com";
  }

  @Override
  public boolean isTurn(String path, Map<?, ?> request) {
    return path.endsWith("/chat/completions") && !objects(request.get("tools")).isEmpty();
  }

  @Override
  public int results(Map<?, ?> request) {
    int results = 0;
    for (Map<?, ?> message : objects(request.get("messages"))) {
      results += "tool".equals(message.get("role")) ? 1 : 0;
    }
    return results;
  }

  @Override
  public String stream(String path, Step step, String prefix) {
    StringBuilder out = new StringBuilder();
    out.append(chunk(prefix, map("role", "assistant", "content", step.text()), null));
    List<Object> calls = new ArrayList<>();
    for (Step.Call call : step.calls()) {
      calls.add(
          map(
              "index",
              (long) calls.size(),
              "id",
              "call_" + prefix + calls.size(),
              "type",
              "function",
              "function",
              map("name", call.tool(), "arguments", JsonTree.text(call.arguments()))));
    }
    if (!calls.isEmpty()) {
      out.append(chunk(prefix, map("tool_calls", calls), null));
    }
    out.append(chunk(prefix, map(), calls.isEmpty() ? "stop" : "tool_calls"));
    return out.append("data: [DONE]\n\n").toString();
  }

  private static String chunk(String prefix, Map<String, Object> delta, String finish) {
    Map<String, Object> chunk =
        map(
            "id",
            "chatcmpl-" + prefix,
            "object",
            "chat.completion.chunk",
            "created",
            1L,
            "model",
            "qwen3-coder-plus",
            "choices",
            List.of(map("index", 0L, "delta", delta, "finish_reason", finish)));
    if (finish != null) {
      chunk.put("usage", map("prompt_tokens", 20L, "completion_tokens", 10L, "total_tokens", 30L));
    }
    return event(null, chunk);
  }

  @Override
  public String other(String path, Map<?, ?> request) {
    Map<String, Object> message = map("role", "assistant", "content", "{}");
    return JsonTree.text(
        map(
            "id",
            "chatcmpl-0",
            "object",
            "chat.completion",
            "model",
            "qwen3-coder-plus",
            "choices",
            List.of(map("index", 0L, "message", message, "finish_reason", "stop")),
            "usage",
            map("prompt_tokens", 20L, "completion_tokens", 1L, "total_tokens", 21L)));
  }

  @Override
  public boolean hasIds() {
    return true;
  }
}
