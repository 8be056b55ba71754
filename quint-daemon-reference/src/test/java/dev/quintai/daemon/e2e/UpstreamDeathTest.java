package dev.quintai.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.daemon.ca.CertificateAuthority;
import dev.quintai.daemon.events.EventFile;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The provider's process is gone in the middle of a tool call, and {@code quint run} goes on. */
@Timeout(120)
class UpstreamDeathTest {

  private static final String REQUEST =
      "{\"model\":\"claude-sonnet-4-5\",\"stream\":true,\"tools\":[{\"name\":\"bash\"}],"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Count.\"}]}";

  @TempDir Path folder;

  @Test
  void theAgentSeesTheSameCutAndTheLogIsWhole() throws Exception {
    assumeTrue(onPath("curl"), "curl is not installed");
    Quint quint = new Quint(folder.toRealPath());
    Path certificate = folder.resolve("ca").resolve(CertificateAuthority.CERTIFICATE_FILE);
    Quint.Result without =
        whileItDies(
            quint,
            port ->
                curl("--cacert", certificate.toString(), "--connect-to", "::127.0.0.1:" + port));
    Path record = folder.resolve("events.jsonl");
    Path findings = folder.resolve("findings.jsonl");
    Quint.Result result =
        whileItDies(
            quint,
            port ->
                Quint.command(
                    quint.run(
                        List.of(
                            "--upstream",
                            "api.anthropic.com=127.0.0.1:" + port,
                            "--upstream-ca",
                            certificate.toString(),
                            "--record",
                            record.toString(),
                            "--findings",
                            findings.toString()),
                        curl().toArray(String[]::new))));

    assertThat(without.exitCode()).isNotZero();
    assertThat(result.exitCode()).as(result.stderr()).isNotZero().isLessThan(126);
    assertThat(result.stdout())
        .isEqualTo(without.stdout())
        .endsWith("\"partial_json\":\"{\\\"command");
    List<Event> events = new ArrayList<>();
    EventFile.read(record, events::add, problem -> assertThat(problem).isNull());
    assertThat(events).as("half a call is no call").noneMatch(IntentEvent.class::isInstance);
    Quint.Result audit =
        quint.execute("audit", "verify", quint.data.resolve("quint.db").toString());
    assertThat(audit.exitCode()).as(audit.stdout() + audit.stderr()).isZero();
    Quint.Result replay = quint.execute("replay", record.toString());
    assertThat(replay.stdout()).isEqualTo(Files.readString(findings));
  }

  private static List<String> curl(String... options) {
    List<String> command = new ArrayList<>(List.of("curl", "-sN"));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-H", "content-type: application/json", "-d", REQUEST));
    command.add("https://api.anthropic.com/v1/messages");
    return command;
  }

  private interface Call {
    List<String> to(int port);
  }

  /** Starts a provider that dies at its first answer, and calls it. */
  private Quint.Result whileItDies(Quint quint, Call call) throws Exception {
    Process provider =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DyingProvider.class.getName(),
                folder.resolve("ca").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(provider.getInputStream(), StandardCharsets.US_ASCII))) {
      int port = Integer.parseInt(out.readLine());
      Quint.Result result = quint.start(call.to(port)).end();
      assertThat(provider.waitFor()).as("the provider has died").isEqualTo(1);
      return result;
    } finally {
      provider.destroyForcibly();
    }
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
