package dev.quintai.parsers.support;

import static dev.quintai.parsers.support.Json.object;
import static dev.quintai.parsers.support.Json.write;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;

/** Writes what a model says as each API would. */
public enum Wire {
  ANTHROPIC_JSON("anthropic", "application/json", true, true),
  ANTHROPIC_SSE("anthropic", "text/event-stream", true, true),
  INVOKE_STREAM("anthropic", "application/vnd.amazon.eventstream", true, true),
  CHAT_JSON("openai", "application/json", true, true),
  CHAT_SSE("generic", "text/event-stream", true, true),
  RESPONSES_JSON("openai-responses", "application/json", true, true),
  RESPONSES_SSE("openai-responses", "text/event-stream", true, true),
  GEMINI_JSON("google-gemini", "application/json", true, false),
  GEMINI_SSE("google-gemini", "text/event-stream", true, false),
  GEMINI_ARRAY("google-gemini", "application/json", true, false),
  CONVERSE_JSON("aws-bedrock-converse", "application/json", false, true),
  CONVERSE_STREAM("aws-bedrock-converse", "application/vnd.amazon.eventstream", false, true),
  OLLAMA_LINES("generic", "application/x-ndjson", true, false);

  public final String format;
  public final String contentType;
  public final boolean hasModel;
  public final boolean hasCallIds;

  Wire(String format, String contentType, boolean hasModel, boolean hasCallIds) {
    this.format = format;
    this.contentType = contentType;
    this.hasModel = hasModel;
    this.hasCallIds = hasCallIds;
  }

  /** The body. */
  public byte[] body(Said said) {
    Frames frames = new Frames(said.seed());
    switch (this) {
      case ANTHROPIC_JSON -> anthropicJson(said, frames);
      case ANTHROPIC_SSE -> anthropicSse(said, frames);
      case INVOKE_STREAM -> invokeStream(said, frames);
      case CHAT_JSON -> chatJson(said, frames);
      case CHAT_SSE -> chatSse(said, frames);
      case RESPONSES_JSON -> responsesJson(said, frames);
      case RESPONSES_SSE -> responsesSse(said, frames);
      case GEMINI_JSON -> geminiJson(said, frames);
      case GEMINI_SSE -> geminiSse(said, frames);
      case GEMINI_ARRAY -> geminiArray(said, frames);
      case CONVERSE_JSON -> converseJson(said, frames);
      case CONVERSE_STREAM -> converseStream(said, frames);
      case OLLAMA_LINES -> ollama(said, frames);
    }
    return EventStreams.join(frames.parts.toArray(new byte[0][]));
  }

  /** Collects a body. */
  private static final class Frames {
    final List<byte[]> parts = new ArrayList<>();
    final Random random;

    Frames(long seed) {
      random = new Random(seed);
    }

    void raw(String text) {
      parts.add(text.getBytes(StandardCharsets.UTF_8));
    }

    void sse(String event, Object json) {
      String end = random.nextBoolean() ? "\r\n" : "\n";
      String comment = random.nextInt(5) == 0 ? ": keep-alive" + end + end : "";
      raw(
          comment
              + (event == null ? "" : "event: " + event + end)
              + "data:"
              + (random.nextBoolean() ? " " : "")
              + write(json)
              + end
              + end);
    }

    /** The text in pieces, in order. */
    List<String> pieces(String text) {
      List<String> pieces = new ArrayList<>();
      int at = 0;
      while (at < text.length()) {
        int end = Math.min(text.length(), at + 1 + random.nextInt(9));
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
          end++; // half a pair cannot be written as UTF-8
        }
        pieces.add(text.substring(at, end));
        at = end;
      }
      return pieces;
    }
  }

  private static List<Object> list(Object... values) {
    List<Object> list = new ArrayList<>();
    for (Object value : values) {
      if (value != null) {
        list.add(value);
      }
    }
    return list;
  }

  private static void anthropicJson(Said said, Frames out) {
    List<Object> content = new ArrayList<>();
    if (!said.thinking().isEmpty()) {
      content.add(object("type", "thinking", "thinking", said.thinking(), "signature", "c2ln"));
    }
    content.add(object("text", said.text(), "type", "text"));
    for (Said.Call call : said.calls()) {
      content.add(
          object(
              "type", "tool_use", "id", call.id(), "name", call.name(), "input", call.arguments()));
    }
    out.raw(
        write(
            object(
                "id",
                said.id(),
                "type",
                "message",
                "role",
                "assistant",
                "model",
                said.model(),
                "content",
                content,
                "stop_reason",
                "tool_use",
                "usage",
                object("input_tokens", said.input(), "output_tokens", said.output()))));
  }

  private static List<Object> anthropicEvents(Said said, Frames out) {
    List<Object> events = new ArrayList<>();
    events.add(
        object(
            "type",
            "message_start",
            "message",
            object(
                "id",
                said.id(),
                "model",
                said.model(),
                "content",
                List.of(),
                "usage",
                object("input_tokens", said.input(), "output_tokens", 0))));
    int index = 0;
    if (!said.thinking().isEmpty()) {
      events.add(
          object(
              "type",
              "content_block_start",
              "index",
              index,
              "content_block",
              object("type", "thinking", "thinking", "")));
      for (String piece : out.pieces(said.thinking())) {
        events.add(
            object(
                "type",
                "content_block_delta",
                "index",
                index,
                "delta",
                object("type", "thinking_delta", "thinking", piece)));
      }
      events.add(object("type", "content_block_stop", "index", index++));
    }
    events.add(
        object(
            "type",
            "content_block_start",
            "index",
            index,
            "content_block",
            object("type", "text", "text", "")));
    for (String piece : out.pieces(said.text())) {
      events.add(
          object(
              "type",
              "content_block_delta",
              "index",
              index,
              "delta",
              object("type", "text_delta", "text", piece)));
    }
    events.add(object("type", "content_block_stop", "index", index++));
    for (Said.Call call : said.calls()) {
      events.add(
          object(
              "type",
              "content_block_start",
              "index",
              index,
              "content_block",
              object("type", "tool_use", "id", call.id(), "name", call.name(), "input", Map.of())));
      for (String piece : out.pieces(write(call.arguments()))) {
        events.add(
            object(
                "index",
                index,
                "type",
                "content_block_delta",
                "delta",
                object("type", "input_json_delta", "partial_json", piece)));
      }
      events.add(object("type", "content_block_stop", "index", index++));
    }
    events.add(
        object(
            "type",
            "message_delta",
            "delta",
            object("stop_reason", "tool_use"),
            "usage",
            object("output_tokens", said.output())));
    events.add(object("type", "message_stop"));
    return events;
  }

  private static void anthropicSse(Said said, Frames out) {
    for (Object event : anthropicEvents(said, out)) {
      out.sse((String) ((Map<?, ?>) event).get("type"), event);
    }
  }

  private static void invokeStream(Said said, Frames out) {
    for (Object event : anthropicEvents(said, out)) {
      out.parts.add(EventStreams.chunk(write(event)));
    }
  }

  private static Map<String, Object> chatCall(Said.Call call, Integer index, String arguments) {
    return object(
        "index",
        index,
        "id",
        call.id(),
        "type",
        "function",
        "function",
        object("name", call.name(), "arguments", arguments));
  }

  private static void chatJson(Said said, Frames out) {
    List<Object> calls = new ArrayList<>();
    for (Said.Call call : said.calls()) {
      calls.add(chatCall(call, null, write(call.arguments())));
    }
    out.raw(
        write(
            object(
                "choices",
                list(
                    object(
                        "message",
                        object(
                            "role",
                            "assistant",
                            "content",
                            said.text(),
                            "reasoning_content",
                            said.thinking(),
                            "tool_calls",
                            calls),
                        "index",
                        0,
                        "finish_reason",
                        "tool_use")),
                "id",
                said.id(),
                "model",
                said.model(),
                "usage",
                object("prompt_tokens", said.input(), "completion_tokens", said.output()))));
  }

  private static void chatSse(Said said, Frames out) {
    List<Object> deltas = new ArrayList<>();
    out.pieces(said.thinking()).forEach(piece -> deltas.add(object("reasoning_content", piece)));
    out.pieces(said.text()).forEach(piece -> deltas.add(object("content", piece)));
    int index = 0;
    for (Said.Call call : said.calls()) {
      deltas.add(object("tool_calls", list(chatCall(call, index, ""))));
      for (String piece : out.pieces(write(call.arguments()))) {
        deltas.add(
            object(
                "tool_calls",
                list(object("index", index, "function", object("arguments", piece)))));
      }
      index++;
    }
    for (Object delta : deltas) {
      out.sse(
          null,
          object(
              "id",
              said.id(),
              "model",
              said.model(),
              "choices",
              list(object("index", 0, "delta", delta))));
    }
    out.sse(
        null,
        object(
            "id",
            said.id(),
            "model",
            said.model(),
            "choices",
            list(object("index", 0, "delta", Map.of(), "finish_reason", "tool_use")),
            "usage",
            object("prompt_tokens", said.input(), "completion_tokens", said.output())));
    out.raw("data: [DONE]\n\n");
  }

  private static Object responsesCall(Said.Call call, String arguments) {
    return object(
        "type",
        "function_call",
        "id",
        "fc_" + call.id(),
        "call_id",
        call.id(),
        "name",
        call.name(),
        "arguments",
        arguments);
  }

  private static Map<String, Object> responsesObject(Said said, String status) {
    List<Object> output = new ArrayList<>();
    output.add(
        object(
            "type",
            "reasoning",
            "summary",
            list(object("type", "summary_text", "text", said.thinking()))));
    output.add(
        object(
            "content",
            list(object("text", said.text(), "type", "output_text")),
            "type",
            "message"));
    for (Said.Call call : said.calls()) {
      output.add(responsesCall(call, write(call.arguments())));
    }
    return object(
        "id",
        said.id(),
        "object",
        "response",
        "model",
        said.model(),
        "output",
        output,
        "status",
        status,
        "usage",
        object("input_tokens", said.input(), "output_tokens", said.output()));
  }

  private static void responsesJson(Said said, Frames out) {
    out.raw(write(responsesObject(said, "tool_use")));
  }

  private static void responsesSse(Said said, Frames out) {
    out.sse(
        "response.created",
        object(
            "type",
            "response.created",
            "response",
            object(
                "id",
                said.id(),
                "model",
                said.model(),
                "status",
                "in_progress",
                "output",
                List.of())));
    int index = 0;
    for (String piece : out.pieces(said.thinking())) {
      out.sse(
          "x",
          object(
              "type",
              "response.reasoning_summary_text.delta",
              "output_index",
              index,
              "item_id",
              "rs",
              "delta",
              piece));
    }
    out.sse(
        "x",
        object(
            "type",
            "response.output_item.done",
            "output_index",
            index++,
            "item",
            object(
                "type",
                "reasoning",
                "id",
                "rs",
                "summary",
                list(object("text", said.thinking())))));
    for (String piece : out.pieces(said.text())) {
      out.sse(
          "x",
          object(
              "delta",
              piece,
              "type",
              "response.output_text.delta",
              "output_index",
              index,
              "item_id",
              "msg"));
    }
    out.sse(
        "x",
        object(
            "type",
            "response.output_item.done",
            "output_index",
            index++,
            "item",
            object(
                "type",
                "message",
                "id",
                "msg",
                "content",
                list(object("type", "output_text", "text", said.text())))));
    for (Said.Call call : said.calls()) {
      out.sse(
          "x",
          object(
              "type",
              "response.output_item.added",
              "output_index",
              index,
              "item",
              responsesCall(call, "")));
      for (String piece : out.pieces(write(call.arguments()))) {
        out.sse(
            "x",
            object(
                "type",
                "response.function_call_arguments.delta",
                "output_index",
                index,
                "delta",
                piece));
      }
      out.sse(
          "x",
          object(
              "item",
              responsesCall(call, write(call.arguments())),
              "output_index",
              index++,
              "type",
              "response.output_item.done"));
    }
    out.sse(
        "response.completed",
        object("response", responsesObject(said, "tool_use"), "type", "response.completed"));
  }

  private static Object geminiChunk(Said said, List<Object> parts, boolean last) {
    return object(
        "candidates",
        list(
            object(
                "content",
                object("parts", parts, "role", "model"),
                "finishReason",
                last ? "tool_use" : null,
                "index",
                0)),
        "usageMetadata",
        last
            ? object("promptTokenCount", said.input(), "candidatesTokenCount", said.output())
            : null,
        "modelVersion",
        said.model(),
        "responseId",
        said.id());
  }

  private static List<Object> geminiCalls(Said said) {
    List<Object> parts = new ArrayList<>();
    for (Said.Call call : said.calls()) {
      parts.add(object("functionCall", object("name", call.name(), "args", call.arguments())));
    }
    return parts;
  }

  private static void geminiJson(Said said, Frames out) {
    List<Object> parts =
        list(object("thought", true, "text", said.thinking()), object("text", said.text()));
    parts.addAll(geminiCalls(said));
    out.raw(write(geminiChunk(said, parts, true)));
  }

  private static List<Object> geminiChunks(Said said, Frames out) {
    List<Object> chunks = new ArrayList<>();
    out.pieces(said.thinking())
        .forEach(
            piece ->
                chunks.add(geminiChunk(said, list(object("text", piece, "thought", true)), false)));
    out.pieces(said.text())
        .forEach(piece -> chunks.add(geminiChunk(said, list(object("text", piece)), false)));
    chunks.add(geminiChunk(said, geminiCalls(said), true));
    return chunks;
  }

  private static void geminiSse(Said said, Frames out) {
    geminiChunks(said, out).forEach(chunk -> out.sse(null, chunk));
  }

  private static void geminiArray(Said said, Frames out) {
    String between = "[";
    for (Object chunk : geminiChunks(said, out)) {
      out.raw(between + write(chunk) + (out.random.nextBoolean() ? "\n" : ""));
      between = out.random.nextBoolean() ? "," : "\r\n, ";
    }
    out.raw("]\n");
  }

  private static void converseJson(Said said, Frames out) {
    List<Object> content =
        list(
            object("reasoningContent", object("reasoningText", object("text", said.thinking()))),
            object("text", said.text()));
    for (Said.Call call : said.calls()) {
      content.add(
          object(
              "toolUse",
              object("toolUseId", call.id(), "name", call.name(), "input", call.arguments())));
    }
    out.raw(
        write(
            object(
                "output",
                object("message", object("content", content, "role", "assistant")),
                "stopReason",
                "tool_use",
                "usage",
                object("inputTokens", said.input(), "outputTokens", said.output()))));
  }

  private static void converseStream(Said said, Frames out) {
    BiConsumer<String, Object> event =
        (type, json) -> out.parts.add(EventStreams.event(type, write(json)));
    event.accept("messageStart", object("role", "assistant"));
    int index = 0;
    for (String piece : out.pieces(said.thinking())) {
      event.accept(
          "contentBlockDelta",
          object(
              "contentBlockIndex",
              index,
              "delta",
              object("reasoningContent", object("text", piece))));
    }
    event.accept("contentBlockStop", object("contentBlockIndex", index++));
    for (String piece : out.pieces(said.text())) {
      event.accept(
          "contentBlockDelta", object("delta", object("text", piece), "contentBlockIndex", index));
    }
    event.accept("contentBlockStop", object("contentBlockIndex", index++));
    for (Said.Call call : said.calls()) {
      event.accept(
          "contentBlockStart",
          object(
              "contentBlockIndex",
              index,
              "start",
              object("toolUse", object("toolUseId", call.id(), "name", call.name()))));
      for (String piece : out.pieces(write(call.arguments()))) {
        event.accept(
            "contentBlockDelta",
            object("contentBlockIndex", index, "delta", object("toolUse", object("input", piece))));
      }
      event.accept("contentBlockStop", object("contentBlockIndex", index++));
    }
    event.accept("messageStop", object("stopReason", "tool_use"));
    event.accept(
        "metadata",
        object("usage", object("inputTokens", said.input(), "outputTokens", said.output())));
  }

  private static void ollama(Said said, Frames out) {
    List<Object> messages = new ArrayList<>();
    out.pieces(said.thinking())
        .forEach(piece -> messages.add(object("content", "", "thinking", piece)));
    out.pieces(said.text()).forEach(piece -> messages.add(object("content", piece)));
    for (Said.Call call : said.calls()) {
      messages.add(
          object(
              "content",
              "",
              "tool_calls",
              list(
                  object("function", object("name", call.name(), "arguments", call.arguments())))));
    }
    for (Object message : messages) {
      out.raw(write(object("model", said.model(), "message", message, "done", false)) + "\n");
    }
    out.raw(
        write(
                object(
                    "model",
                    said.model(),
                    "message",
                    object("content", ""),
                    "done_reason",
                    "tool_use",
                    "done",
                    true,
                    "prompt_eval_count",
                    said.input(),
                    "eval_count",
                    said.output()))
            + "\n");
  }
}
