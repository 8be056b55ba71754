package dev.quintai.benchmarks.parsers;

import java.nio.charset.StandardCharsets;

/** Requests as agents send them, made here. */
final class Traffic {

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
}
