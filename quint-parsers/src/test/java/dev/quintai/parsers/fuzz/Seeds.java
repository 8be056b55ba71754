package dev.quintai.parsers.fuzz;

import dev.quintai.core.spi.LlmFinding;
import dev.quintai.parsers.frame.EventStreamFramer;
import dev.quintai.parsers.frame.FrameSink;
import dev.quintai.parsers.support.EventStreams;
import dev.quintai.parsers.support.Said;
import dev.quintai.parsers.support.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Writes sound bodies for a fuzz target to begin with: {@code Seeds TARGET FOLDER}. */
public final class Seeds {

  private static final Said SAID =
      new Said(
          "id_1",
          "model-1",
          "Let me think.",
          "A text \"in quotes\", é and \n.",
          List.of(
              new Said.Call("call_1", "read", Map.of("path", "/w/a.txt", "limit", 20)),
              new Said.Call("call_2", "run", Map.of("command", "ls -l | head"))),
          120,
          34,
          7);

  private final Path folder;
  private int count;

  private Seeds(Path folder) {
    this.folder = folder;
  }

  /** Runs the command. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[1]));
    new Seeds(folder).write(args[0]);
  }

  private void write(String target) throws IOException {
    switch (target) {
      case "anthropic" -> {
        response(0, Wire.ANTHROPIC_SSE.body(SAID));
        response(1, Wire.ANTHROPIC_JSON.body(SAID));
        response(2, lines(text(Wire.ANTHROPIC_SSE.body(SAID))));
        request(
            1,
            """
            {"model":"m","stream":true,"system":"Working directory: /w","tools":[{"name":"read","input_schema":{}}],
            "metadata":{"user_id":"session_1"},"messages":[{"role":"user","content":"hi"},{"role":"assistant",
            "content":[{"type":"tool_use","id":"t","name":"read","input":{"path":"a"}}]},{"role":"user","content":
            [{"type":"tool_result","tool_use_id":"t","is_error":true,"content":[{"type":"text","text":"no"}]}]}]}\
            """);
      }
      case "chat" -> {
        response(0, Wire.CHAT_SSE.body(SAID));
        response(1, Wire.CHAT_JSON.body(SAID));
        request(
            1,
            """
            {"model":"m","stream":true,"tools":[{"type":"function","function":{"name":"f"}}],"functions":[{"name":"g"}],
            "messages":[{"role":"system","content":"<cwd>/w</cwd>"},{"role":"assistant","content":null,"tool_calls":
            [{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c",
            "content":"done"},{"role":"user","content":[{"type":"text","text":"hi"}]}]}\
            """);
      }
      case "responses" -> {
        response(0, Wire.RESPONSES_SSE.body(SAID));
        response(1, Wire.RESPONSES_JSON.body(SAID));
        response(2, lines(text(Wire.RESPONSES_SSE.body(SAID))));
        request(
            1,
            """
            {"model":"m","previous_response_id":"r","instructions":"be kind","tools":[{"type":"function","name":"f"},
            {"type":"custom","name":"patch"}],"input":[{"type":"message","role":"user","content":[{"type":"input_text",
            "text":"hi"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
            {"type":"function_call_output","call_id":"c","output":"done"}]}\
            """);
      }
      case "converse" -> {
        response(0, events(Wire.CONVERSE_STREAM.body(SAID)));
        response(1, Wire.CONVERSE_JSON.body(SAID));
        request(
            1,
            """
            {"system":[{"text":"s"}],"toolConfig":{"tools":[{"toolSpec":{"name":"f"}}]},"messages":[{"role":"user",
            "content":[{"text":"hi"},{"toolResult":{"toolUseId":"t","status":"error","content":[{"json":{"a":1}}]}}]}]}\
            """);
      }
      case "gemini" -> {
        response(0, Wire.GEMINI_SSE.body(SAID));
        response(1, Wire.GEMINI_JSON.body(SAID));
        response(1, Wire.GEMINI_ARRAY.body(SAID));
        response(
            1,
            """
            [{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true,"partialArgs":
            [{"jsonPath":"$.a[0].b","stringValue":"x","willContinue":true}]}}]}}]},{"candidates":[{"content":{"parts":
            [{"functionCall":{"partialArgs":[{"jsonPath":"$.a[0].b","stringValue":"y"},{"jsonPath":"$['c']",
            "numberValue":1.5}]}},{"executableCode":{"language":"PYTHON","code":"1"}}]},"finishReason":1,"index":0}]}]\
            """
                .getBytes(StandardCharsets.UTF_8));
        request(
            1,
            """
            {"systemInstruction":{"parts":[{"text":"s"}]},"tools":[{"functionDeclarations":[{"name":"f"}]}],"contents":
            [{"role":"user","parts":[{"text":"hi"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},
            {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"done"}}}]}]}\
            """);
      }
      case "generic" -> {
        response(0, Wire.CHAT_SSE.body(SAID));
        response(1, Wire.CHAT_JSON.body(SAID));
        response(2, Wire.OLLAMA_LINES.body(SAID));
        response(
            3,
            """
            {"generation":"a","prompt_token_count":1,"generation_token_count":2,"stop_reason":"stop"}
            {"outputText":"a","totalOutputTextTokenCount":2,"completionReason":"FINISH"}
            {"contentBlockDelta":{"delta":{"text":"a"},"contentBlockIndex":0}}
            {"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"a"}}}}
            {"outputs":[{"text":"a","stop_reason":"stop"}],"generations":[{"text":"b"}]}
            """
                .getBytes(StandardCharsets.UTF_8));
      }
      case "serverSentEvents" -> framed(Wire.ANTHROPIC_SSE.body(SAID));
      case "linesAndArrays" -> {
        framed(Wire.OLLAMA_LINES.body(SAID));
        framed(Wire.GEMINI_ARRAY.body(SAID));
      }
      case "eventStream" -> {
        framed(
            new byte[] {5, 2, 'a', 'b', 0, 1, 7, 5, 0, 2, 3, 1, 2, 3, 4, 6, 3, 'a', 'b', 'c', 7});
        framed(new byte[] {1, 14, 'a', 5, 20});
      }
      case "contentEncodings" -> {
        byte[] body = Wire.ANTHROPIC_JSON.body(SAID);
        put(0, gzip(body));
        put(1, deflate(body));
        put(2, deflate(gzip(body)));
        put(3, gzip(gzip(body)));
      }
      case "arguments" ->
          save(
              "{\"a\":[1,2.5,\"x\",null,true],\"b\":{\"c\":-1e3}}"
                  .getBytes(StandardCharsets.UTF_8));
      default -> throw new IllegalArgumentException("no target " + target);
    }
  }

  private void response(int framing, byte[] body) throws IOException {
    put(framing << 3, EventStreams.join(new byte[] {16}, body));
    put(framing << 3 | 2, EventStreams.join(new byte[] {0}, body));
  }

  private void request(int framing, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    put(framing << 3 | 1, EventStreams.join(new byte[] {16}, bytes));
  }

  private void framed(byte[] body) throws IOException {
    put(0, body);
    put(16, body);
  }

  private void put(int first, byte[] rest) throws IOException {
    save(EventStreams.join(new byte[] {(byte) first}, rest));
  }

  private void save(byte[] bytes) throws IOException {
    Files.write(folder.resolve("seed-" + count++), bytes);
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The documents of a stream of server-sent events, one a line. */
  private static byte[] lines(String body) {
    return body.lines()
        .filter(line -> line.startsWith("data:"))
        .map(line -> line.substring(5).strip())
        .collect(Collectors.joining("\n"))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Name and payload of each event, one a line. */
  private static byte[] events(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FrameSink sink =
        new FrameSink() {
          @Override
          public void begin(long start, long end) {}

          @Override
          public void name(String name, boolean exception) {
            out.writeBytes((name + " ").getBytes(StandardCharsets.UTF_8));
          }

          @Override
          public void data(byte[] bytes, int from, int to) {
            out.write(bytes, from, to - from);
          }

          @Override
          public void end() {
            out.write('\n');
          }

          @Override
          public void finding(LlmFinding.Kind kind, long offset, String detail) {
            throw new IllegalStateException(detail);
          }
        };
    new EventStreamFramer(sink, 1 << 20).feed(body, 0, body.length, 0);
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    }
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream deflate = new DeflaterOutputStream(out)) {
      deflate.write(body);
    }
    return out.toByteArray();
  }
}
