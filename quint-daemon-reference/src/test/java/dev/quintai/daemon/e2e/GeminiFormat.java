package dev.quintai.daemon.e2e;

import static dev.quintai.daemon.e2e.WireFormat.event;
import static dev.quintai.daemon.e2e.WireFormat.map;
import static dev.quintai.daemon.e2e.WireFormat.objects;

import dev.quintai.daemon.events.JsonTree;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Google's Gemini API: calls are whole parts, without ids. */
final class GeminiFormat implements WireFormat {

  @Override
  public String host() {
    return "generativelanguage.googleapis.com";
  }

  @Override
  public boolean isTurn(String path, Map<?, ?> request) {
    return path.endsWith(":streamGenerateContent")
        && objects(request.get("tools")).stream()
            .anyMatch(tool -> !objects(tool.get("functionDeclarations")).isEmpty());
  }

  @Override
  public int results(Map<?, ?> request) {
    int results = 0;
    for (Map<?, ?> content : objects(request.get("contents"))) {
      for (Map<?, ?> part : objects(content.get("parts"))) {
        results += part.containsKey("functionResponse") ? 1 : 0;
      }
    }
    return results;
  }

  @Override
  public String stream(String path, Step step, String prefix) {
    StringBuilder out = new StringBuilder(event(null, answer(map("text", step.text()), false)));
    for (Step.Call call : step.calls()) {
      Map<String, Object> function = map("name", call.tool(), "args", call.arguments());
      out.append(event(null, answer(map("functionCall", function), false)));
    }
    return out.append(event(null, answer(map("text", ""), true))).toString();
  }

  private static Map<String, Object> answer(Map<String, Object> part, boolean last) {
    Map<String, Object> candidate =
        map("content", map("role", "model", "parts", List.of(part)), "index", 0L);
    if (last) {
      candidate.put("finishReason", "STOP");
    }
    return map(
        "candidates",
        List.of(candidate),
        "usageMetadata",
        map("promptTokenCount", 20L, "candidatesTokenCount", 10L, "totalTokenCount", 30L),
        "modelVersion",
        "gemini-2.5-flash");
  }

  @Override
  public String other(String path, Map<?, ?> request) {
    if (path.endsWith(":countTokens")) {
      return JsonTree.text(map("totalTokens", 20L));
    }
    Object schema = null;
    if (request.get("generationConfig") instanceof Map<?, ?> config) {
      schema =
          config.containsKey("responseJsonSchema")
              ? config.get("responseJsonSchema")
              : config.get("responseSchema");
    }
    String text = schema == null ? "Fine." : JsonTree.text(example(schema));
    String document = JsonTree.text(answer(map("text", text), true));
    return path.endsWith(":streamGenerateContent") ? "data: " + document + "\n\n" : document;
  }

  /** Some value of a JSON schema, for agents that ask the model for a decision. */
  private static Object example(Object schema) {
    if (!(schema instanceof Map<?, ?> map)) {
      return "";
    }
    if (map.get("enum") instanceof List<?> choices && !choices.isEmpty()) {
      return choices.get(0);
    }
    return switch (String.valueOf(map.get("type")).toLowerCase(Locale.ROOT)) {
      case "object" -> {
        Map<String, Object> object = map();
        if (map.get("properties") instanceof Map<?, ?> properties) {
          properties.forEach((name, value) -> object.put((String) name, example(value)));
        }
        yield object;
      }
      case "array" -> List.of();
      case "number", "integer" -> 1L;
      case "boolean" -> false;
      default -> "some text";
    };
  }

  @Override
  public boolean hasIds() {
    return false;
  }
}
