package dev.quintai.benchmarks.parsers;

import java.nio.charset.StandardCharsets;

/** Bodies as agents and providers send them, made here. */
final class Traffic {

  /** Deltas in {@link #deltas()}. */
  static final int DELTAS = 2000;

  private Traffic() {}

  /** A request of about 200 KB: a long system prompt, tools, and a history of calls and results. */
  static byte[] request() {
    StringBuilder body = new StringBuilder(210_000);
    body.append(
        "{\"model\":\"claude-x\",\"max_tokens\":32000,\"stream\":true,\"system\":[{\"type\":\"text\",\"text\":\"");
    body.append(
        "You help with software. Be careful, and use the tools that you have.\\n".repeat(300));
    body.append("\"}],\"tools\":[");
    for (int i = 0; i < 20; i++) {
      body.append(i == 0 ? "" : ",")
          .append("{\"name\":\"tool_")
          .append(i)
          .append("\",\"description\":\"");
      body.append("Does one thing with a file. ".repeat(36));
      body.append(
          "\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\",\"description\":\"The absolute path\"},\"limit\":{\"type\":\"number\"}},\"required\":[\"path\"]}}");
    }
    body.append("],\"messages\":[");
    for (int i = 0; i < 60; i++) {
      body.append(i == 0 ? "" : ",");
      body.append(
              "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"I will look at the file.\"},{\"type\":\"tool_use\",\"id\":\"toolu_")
          .append(i);
      body.append("\",\"name\":\"tool_3\",\"input\":{\"path\":\"/home/u/project/File").append(i);
      body.append(
              ".java\",\"limit\":200}}]},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_")
          .append(i)
          .append("\",\"content\":\"");
      body.append(
          "    public static void main(String[] args) {\\n        System.out.println(\\\"hello\\\");\\n"
              .repeat(26));
      body.append("\"}]}");
    }
    return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A response of {@link #DELTAS} text deltas. */
  static byte[] deltas() {
    String[] words = {
      "Hello", " world", ",", " this", " is a longer piece of text", " \\\"quoted\\\"", "\\n\\n"
    };
    StringBuilder body = new StringBuilder(300_000);
    event(
        body,
        "message_start",
        ",\"message\":{\"id\":\"m\",\"model\":\"c\",\"usage\":{\"input_tokens\":1}}");
    event(
        body,
        "content_block_start",
        ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
    for (int i = 0; i < DELTAS; i++) {
      event(
          body,
          "content_block_delta",
          ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
              + words[i % words.length]
              + "\"}");
    }
    event(body, "content_block_stop", ",\"index\":0");
    event(body, "message_stop", "");
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void event(StringBuilder body, String type, String rest) {
    body.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type).append('"');
    body.append(rest).append("}\n\n");
  }
}
