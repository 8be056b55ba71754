package dev.quintai.daemon.llm;

import dev.quintai.core.Verdict;
import dev.quintai.daemon.events.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The error that an agent receives for a refused call, in the format of its own API: as documents
 * (Anthropic: errors; OpenAI: error codes; Google: google.rpc.Status), or as the event with which
 * those APIs end a stream that fails.
 */
final class Refusal {

  private Refusal() {}

  static String message(Verdict verdict) {
    String reason =
        verdict.reasons().isEmpty() ? "a policy of this machine" : verdict.reasons().get(0);
    return "Blocked by Quint: " + reason;
  }

  /** The error as a document. */
  static String document(String format, Verdict verdict) {
    return JsonTree.text(body(format, message(verdict)));
  }

  private static Map<String, Object> body(String format, String message) {
    return switch (format) {
      case "anthropic" ->
          map("type", "error", "error", map("type", "permission_error", "message", message));
      case "google-gemini" ->
          map("error", map("code", 403L, "message", message, "status", "PERMISSION_DENIED"));
      case "aws-bedrock-converse" -> map("message", message);
      default ->
          map(
              "error",
              map(
                  "message",
                  message,
                  "type",
                  "permission_error",
                  "param",
                  null,
                  "code",
                  "blocked_by_quint"));
    };
  }

  /** The error as the last event of a stream. */
  static byte[] event(String format, ResponseReader reader, Verdict verdict) {
    String message = message(verdict);
    if (format.equals("aws-bedrock-converse")) {
      return ExceptionFrame.of("validationException", JsonTree.text(body(format, message)));
    }
    String text =
        switch (format) {
          case "anthropic" -> "event: error\ndata: " + JsonTree.text(body(format, message));
          case "openai-responses" ->
              "event: response.failed\ndata: "
                  + JsonTree.text(
                      map(
                          "type",
                          "response.failed",
                          "response",
                          map(
                              "id",
                              reader.responseId(),
                              "object",
                              "response",
                              "status",
                              "failed",
                              "model",
                              reader.model(),
                              "output",
                              java.util.List.of(),
                              "error",
                              map("code", "blocked_by_quint", "message", message))));
          // Google's clients look for an error as a chunk of its own, without the frame of an
          // event.
          case "google-gemini" -> JsonTree.text(body(format, message));
          default -> "data: " + JsonTree.text(body(format, message));
        };
    return (text + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
