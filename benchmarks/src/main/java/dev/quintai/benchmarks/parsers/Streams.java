package dev.quintai.benchmarks.parsers;

import java.nio.charset.StandardCharsets;

/** Streams of server-sent events as providers send them, each of {@link #DELTAS} deltas. */
public enum Streams {
  /** Text of Anthropic's Messages. */
  ANTHROPIC_TEXT("anthropic"),
  /** Arguments of a tool call of Anthropic's Messages. */
  ANTHROPIC_ARGUMENTS("anthropic"),
  /** Text of OpenAI's Chat Completions. */
  CHAT_TEXT("openai"),
  /** Arguments of a tool call of OpenAI's Chat Completions. */
  CHAT_ARGUMENTS("openai"),
  /** Text of OpenAI's Responses. */
  RESPONSES_TEXT("openai-responses"),
  /** Text of Gemini, with the usage that it repeats in each event. */
  GEMINI_TEXT("google-gemini");

  /** Deltas of each stream. */
  static final int DELTAS = 2000;

  private static final String[] WORDS = {
    "Hello", " world", ",", " this", " is a longer piece of text", " \\\"quoted\\\"", "\\n\\n"
  };
  private static final String CHAT_HEAD =
      "{\"id\":\"chatcmpl-BUx2KI3cFjjOGHYXLSRyzCHRFZZ6r\",\"object\":\"chat.completion.chunk\","
          + "\"created\":1746702052,\"model\":\"gpt-x\",\"service_tier\":\"default\","
          + "\"system_fingerprint\":null,\"choices\":[{\"index\":0,\"delta\":{";

  private final String format;

  Streams(String format) {
    this.format = format;
  }

  /** The parser's format. */
  String format() {
    return format;
  }

  /** The body. */
  byte[] body() {
    StringBuilder body = new StringBuilder(600_000);
    begin(body);
    for (int i = 0; i < DELTAS; i++) {
      delta(body, i);
    }
    end(body);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void begin(StringBuilder body) {
    switch (this) {
      case ANTHROPIC_TEXT -> {
        anthropicStart(body);
        block(body, "{\"type\":\"text\",\"text\":\"\"}");
      }
      case ANTHROPIC_ARGUMENTS -> {
        anthropicStart(body);
        block(body, "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"Bash\",\"input\":{}}");
      }
      case CHAT_TEXT -> chat(body, "\"role\":\"assistant\",\"content\":\"\"", 0);
      case CHAT_ARGUMENTS ->
          chat(
              body,
              "\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"index\":0,\"id\":\"call_1\","
                  + "\"type\":\"function\",\"function\":{\"name\":\"bash\",\"arguments\":\"\"}}]",
              0);
      case RESPONSES_TEXT ->
          event(
              body,
              "response.output_item.added",
              ",\"sequence_number\":2,\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\","
                  + "\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}");
      case GEMINI_TEXT -> {} // nothing stands before the first text
    }
  }

  private static void anthropicStart(StringBuilder body) {
    event(
        body,
        "message_start",
        ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\","
            + "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
            + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
  }

  private static void block(StringBuilder body, String block) {
    event(body, "content_block_start", ",\"index\":0,\"content_block\":" + block);
  }

  private void delta(StringBuilder body, int i) {
    String word = WORDS[i % WORDS.length];
    switch (this) {
      case ANTHROPIC_TEXT -> anthropic(body, "text_delta", "text", word);
      case ANTHROPIC_ARGUMENTS -> anthropic(body, "input_json_delta", "partial_json", word);
      case CHAT_TEXT -> chat(body, "\"content\":\"" + word + "\"", i);
      case CHAT_ARGUMENTS ->
          chat(
              body,
              "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + word + "\"}}]",
              i);
      case RESPONSES_TEXT ->
          event(
              body,
              "response.output_text.delta",
              ",\"sequence_number\":"
                  + (i + 4)
                  + ",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\""
                  + word
                  + "\",\"logprobs\":[],\"obfuscation\":\""
                  + padding(i)
                  + "\"");
      case GEMINI_TEXT ->
          data(
              body,
              "{\"candidates\": [{\"content\": {\"parts\": [{\"text\": \""
                  + word
                  + "\"}],\"role\": \"model\"},\"index\": 0}],\"usageMetadata\": {\"promptTokenCount\": 8,"
                  + "\"candidatesTokenCount\": "
                  + i
                  + ",\"totalTokenCount\": "
                  + (8 + i)
                  + ",\"promptTokensDetails\": [{\"modality\": \"TEXT\",\"tokenCount\": 8}]},"
                  + "\"modelVersion\": \"gemini-x\",\"responseId\": \"response-1\"}");
    }
  }

  private static void anthropic(StringBuilder body, String type, String field, String word) {
    event(
        body,
        "content_block_delta",
        ",\"index\":0,\"delta\":{\"type\":\"" + type + "\",\"" + field + "\":\"" + word + "\"}");
  }

  private static void chat(StringBuilder body, String delta, int i) {
    data(
        body,
        CHAT_HEAD
            + delta
            + "},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\""
            + padding(i)
            + "\"}");
  }

  /** What OpenAI puts into its events, so that their lengths do not tell what they say. */
  private static String padding(int i) {
    return "pXq7Lw2NzR".substring(i % 10);
  }

  private void end(StringBuilder body) {
    switch (this) {
      case ANTHROPIC_TEXT, ANTHROPIC_ARGUMENTS -> {
        event(body, "content_block_stop", ",\"index\":0");
        event(body, "message_stop", "");
      }
      case CHAT_TEXT, CHAT_ARGUMENTS -> data(body, "[DONE]");
      case RESPONSES_TEXT, GEMINI_TEXT -> {} // what follows is no delta
    }
  }

  private static void event(StringBuilder body, String type, String rest) {
    body.append("event: ").append(type).append('\n');
    data(body, "{\"type\":\"" + type + "\"" + rest + "}");
  }

  private static void data(StringBuilder body, String json) {
    body.append("data: ").append(json).append("\n\n");
  }
}
