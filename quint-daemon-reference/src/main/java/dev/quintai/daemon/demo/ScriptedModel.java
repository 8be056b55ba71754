package dev.quintai.daemon.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.quintai.daemon.events.JsonTree;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * A model that follows a script, behind the Anthropic Messages API over TLS on loopback: for the
 * n-th round of tool results it has the n-th answer, sent as server-sent events.
 */
final class ScriptedModel implements Closeable {

  /** What it answers: some words, and a command to run or null. */
  record Answer(String text, String command) {}

  private final HttpsServer server;
  private volatile List<Answer> script = List.of();
  private int served;

  ScriptedModel(SSLContext tls) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext("/v1/messages", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  void follow(List<Answer> answers) {
    script = List.copyOf(answers);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Object request =
          JsonTree.read(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      Answer answer = script.get(Math.min(rounds(request), script.size() - 1));
      exchange.getResponseHeaders().set("content-type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        stream(out, answer);
      }
    }
  }

  private static int rounds(Object request) {
    int rounds = 0;
    if (request instanceof Map<?, ?> body && body.get("messages") instanceof List<?> messages) {
      for (Object message : messages) {
        if (message instanceof Map<?, ?> map && "assistant".equals(map.get("role"))) {
          rounds++;
        }
      }
    }
    return rounds;
  }

  private void stream(OutputStream out, Answer answer) throws IOException {
    int number;
    synchronized (this) {
      number = ++served;
    }
    send(
        out,
        map(
            "type",
            "message_start",
            "message",
            map(
                "id",
                "msg_demo_" + number,
                "type",
                "message",
                "role",
                "assistant",
                "model",
                "claude-demo",
                "content",
                List.of(),
                "usage",
                map("input_tokens", 12L, "output_tokens", 1L))));
    block(out, 0, map("type", "text", "text", ""), map("type", "text_delta", "text", answer.text));
    if (answer.command != null) {
      String input = JsonTree.text(map("command", answer.command));
      block(
          out,
          1,
          map("type", "tool_use", "id", "toolu_demo_" + number, "name", "bash", "input", map()),
          map("type", "input_json_delta", "partial_json", input));
    }
    send(
        out,
        map(
            "type",
            "message_delta",
            "delta",
            map("stop_reason", answer.command == null ? "end_turn" : "tool_use"),
            "usage",
            map("output_tokens", 20L)));
    send(out, map("type", "message_stop"));
  }

  private static void block(
      OutputStream out, long index, Map<String, Object> start, Map<String, Object> delta)
      throws IOException {
    send(out, map("type", "content_block_start", "index", index, "content_block", start));
    send(out, map("type", "content_block_delta", "index", index, "delta", delta));
    send(out, map("type", "content_block_stop", "index", index));
  }

  private static void send(OutputStream out, Map<String, Object> event) throws IOException {
    String text = "event: " + event.get("type") + "\ndata: " + JsonTree.text(event) + "\n\n";
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
