package dev.quintai.daemon.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ParseCommandTest {

  private static final String EXCHANGE =
      "{\"id\":\"%s\",\"method\":\"POST\",\"url\":\"https://api.anthropic.com/v1/messages\","
          + "\"request_content_type\":\"application/json\",\"request_body\":\"{\\\"model\\\":\\\"c\\\"}\","
          + "\"status\":200,\"response_content_type\":\"application/json\",\"response_body\":"
          + "\"{\\\"content\\\":[{\\\"type\\\":\\\"tool_use\\\",\\\"id\\\":\\\"t\\\",\\\"name\\\":\\\"f\\\",\\\"input\\\":{\\\"a\\\":1.50}}],\\\"stop_reason\\\":\\\"tool_use\\\"}\"}";

  @TempDir Path dir;

  /** What a run printed. */
  private record Run(int exit, List<String> out, String err) {}

  private Run run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(dir.resolve("err").toFile()).start();
    process.getOutputStream().close();
    List<String> out = new ArrayList<>();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(out::add);
    }
    return new Run(process.waitFor(), out, Files.readString(dir.resolve("err")));
  }

  /** Runs the command as a program. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      System.exit(new CommandLine(new ParseCommand()).execute(arguments));
    }
  }

  private Path file(String... lines) throws IOException {
    return Files.write(dir.resolve("x.jsonl"), List.of(lines));
  }

  @Test
  void printsOneLineAnExchange() throws Exception {
    Run run =
        run(file(String.format(EXCHANGE, "one"), "", String.format(EXCHANGE, "two")).toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .containsExactly(
            "{\"id\":\"one\",\"format\":\"anthropic\",\"provider\":\"anthropic\",\"streaming\":false,\"requestModel\":\"c\",\"responseModel\":null,\"toolCalls\":[{\"id\":\"t\",\"name\":\"f\",\"kind\":\"function\",\"arguments\":{\"a\":1.50}}],\"toolResults\":[],\"usage\":null,\"stopReason\":\"tool_use\",\"error\":null,\"text\":\"\"}",
            run.out().get(0).replace("\"one\"", "\"two\""));
  }

  @Test
  void goesOnBehindBadLinesAndNamesThem() throws Exception {
    String bytes = Base64.getEncoder().encodeToString("{}".getBytes(StandardCharsets.UTF_8));
    Path file =
        file(
            String.format(EXCHANGE, "good"),
            "{\"id\":\"x\",",
            "[1]",
            "{\"id\":\"x\",\"method\":\"POST\"}",
            "{\"id\":7}",
            "{\"id\":\"x\",\"method\":\"POST\",\"url\":\"http://h/\",\"request_body\":\"\",\"response_body_b64\":\"!\"}",
            "{\"id\":\"x\",\"method\":\"POST\",\"url\":\"http://h/\",\"request_body\":\"\",\"response_content_encoding\":\"gzip\",\"response_body_b64\":\""
                + bytes
                + "\"}",
            String.format(EXCHANGE, "last"));
    Run run = run(file.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).hasSize(2);
    assertThat(run.err().lines())
        .hasSize(6)
        .satisfiesExactly(
            line -> assertThat(line).contains(file + ":2: not JSON"),
            line -> assertThat(line).contains(":3: expected a JSON object"),
            line -> assertThat(line).contains(":4: field url is missing"),
            line -> assertThat(line).contains(":5: field id: expected a string"),
            line -> assertThat(line).contains(":6: field response_body_b64: expected base64"),
            line -> assertThat(line).contains(":7: body: "));
  }

  @Test
  void doesNotDependOnTheChunk() throws Exception {
    Path file = file(String.format(EXCHANGE, "one"));
    assertThat(run("--chunk", "1", file.toString()).out()).isEqualTo(run(file.toString()).out());
  }

  @Test
  void tellsUsageAndUnreadableFiles() throws Exception {
    assertThat(run().exit()).isEqualTo(2);
    Run zero = run("--chunk", "0", file().toString());
    assertThat(zero.exit()).isEqualTo(2);
    assertThat(zero.err()).contains("--chunk");
    Run missing = run(dir.resolve("none").toString());
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).contains("none: no such file");
    assertThat(run(dir.toString()).exit()).isEqualTo(2);
  }
}
