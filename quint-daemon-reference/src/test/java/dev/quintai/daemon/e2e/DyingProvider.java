package dev.quintai.daemon.e2e;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A provider in a process of its own that dies in the middle of its answer, inside a tool call's
 * arguments: no end of the body, no TLS farewell, as when a machine goes down.
 */
final class DyingProvider {

  static final String CALL = "wc -l notes.txt";

  private DyingProvider() {}

  /** Makes its authority in the folder {@code args[0]} and prints its port. */
  public static void main(String[] args) throws Exception {
    Step step = new Step("I count.", List.of(new Step.Call("bash", Map.of("command", CALL))));
    ScriptedProvider provider =
        new ScriptedProvider(Path.of(args[0]), new AnthropicFormat(), List.of(step));
    provider.cut =
        (exchange, body) -> {
          byte[] half =
              body.substring(0, body.indexOf("partial_json") + 25).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("content-type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          out.write(half);
          out.flush();
          Runtime.getRuntime().halt(1);
          return true;
        };
    System.out.println(provider.port());
  }
}
