package dev.quintai.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.esjni.BootClock;
import dev.quintai.esjni.LinuxTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code quint daemon} as a process, fed as its sensors would. */
@Timeout(180)
class DaemonTest {

  @TempDir Path folder;
  private Quint quint;
  private Quint.Running daemon;

  @BeforeEach
  void stage() throws IOException {
    quint = new Quint(folder.toRealPath());
    Files.createDirectory(
        quint.data,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @AfterEach
  void end() {
    if (daemon != null) {
      daemon.process().destroyForcibly();
    }
  }

  private void configure(String yaml) throws IOException {
    Files.writeString(quint.data.resolve("config.yaml"), yaml);
  }

  private void start() throws Exception {
    daemon = quint.start("daemon", "--data", quint.data.toString());
    told("scanner:");
  }

  /** Waits until the daemon has said it on standard error. */
  private void told(String text) throws Exception {
    await(daemon.err(), text);
  }

  private void await(Path file, String text) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.readString(file).contains(text)) {
      if (System.nanoTime() > end || !daemon.process().isAlive()) {
        throw new AssertionError(
            "no '" + text + "' in: " + Files.readString(file) + Files.readString(daemon.err()));
      }
      Thread.sleep(50);
    }
  }

  private Quint.Result stop() throws Exception {
    daemon.process().destroy(); // SIGTERM
    return daemon.end();
  }

  @Test
  void anExtensionFeedsSessionsAndFindings() throws Exception {
    configure("truth: none\nscanner_seconds: 0\n");
    start();
    Path socket = quint.data.resolve("es.sock");
    Path secret = quint.data.resolve("es-auth-secret");
    for (Path each : new Path[] {socket, secret}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .isEqualTo("rw-------");
    }
    Quint.Running watch = quint.start("watch", "--json", "--data", quint.data.toString());
    long now = BootClock.open(quint.data).nowNanos();
    try (Extension extension = new Extension(socket, Files.readString(secret).strip(), now)) {
      extension.exec(900_001, 1, "/w", "/usr/local/bin/claude", "claude");
      extension.fork(900_001, 900_002);
      extension.exec(900_002, 900_001, "/w", "/usr/bin/curl", "curl", "https://203.0.113.7/");
      extension.read(900_002, 900_001, "/home/u/.aws/credentials");
      await(daemon.out(), "/home/u/.aws/credentials");
      extension.exit(900_002, 900_001);
      extension.exit(900_001, 1);
    }
    await(watch.out(), "truth_without_intent");
    Quint.Result result = stop();
    assertThat(result.exitCode()).isZero();
    assertThat(result.stdout())
        .contains("\"type\":\"truth_without_intent\"", "/usr/bin/curl https://203.0.113.7/")
        .contains("\"session\":\"900001-");
    assertThat(watch.end().stdout()).contains("\"platform\":\"claude-code\"", "\"live\":\"exec\"");
    assertThat(Files.readString(quint.data.resolve("sessions.jsonl"))).contains("900001-");
    assertThat(socket).doesNotExist();
  }

  @Test
  void whoeverDoesNotKnowTheSecretIsTurnedAway() throws Exception {
    configure("truth: none\nscanner_seconds: 0\n");
    start();
    try {
      new Extension(quint.data.resolve("es.sock"), "x".repeat(64), 0).close();
      throw new AssertionError("it was let in");
    } catch (IOException e) {
      told("a connection was ended");
    }
    assertThat(stop().exitCode()).isZero();
  }

  @Test
  void agentsThatRunAlreadyAreFound() throws Exception {
    Path program = Files.createDirectories(quint.home.resolve("bin")).resolve("codex");
    Files.copy(Path.of("/bin/sh").toRealPath(), program);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Process agent =
        new ProcessBuilder(program.toString(), "-c", "while :; do sleep 1; done")
            .directory(quint.work.toFile())
            .start();
    try {
      configure("truth: proc\nscanner_seconds: 1\nextension: {enabled: false}\n");
      Path record = folder.resolve("events.jsonl");
      Files.writeString(
          quint.data.resolve("config.yaml"),
          "record: " + record.toAbsolutePath() + "\n",
          java.nio.file.StandardOpenOption.APPEND);
      start();
      await(record, "\"platform\":\"codex\"");
      await(record, "sleep");
      assertThat(Files.readString(record))
          .contains("\"source\":\"scanner\"", "\"pid\":" + agent.pid());
      assertThat(quint.data.resolve("es.sock")).doesNotExist();
      agent.descendants().forEach(ProcessHandle::destroyForcibly);
      agent.destroyForcibly();
      await(record, "\"type\":\"exit\"");
      assertThat(stop().exitCode()).isZero();
    } finally {
      agent.descendants().forEach(ProcessHandle::destroyForcibly);
      agent.destroyForcibly();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BPF", "CONNECTOR"})
  void agentsAreFollowedAsTheyStart(LinuxTier tier) throws Exception {
    Path probe =
        Files.createDirectory(
            folder.resolve("probe"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var availability = tier.availability(probe);
    assumeTrue(availability.available(), availability.cause());
    Path record = folder.toAbsolutePath().resolve("events.jsonl");
    configure("truth: " + tier.option() + "\nscanner_seconds: 0\nrecord: " + record + "\n");
    start();
    Path program = Files.createDirectories(quint.home.resolve("bin")).resolve("codex");
    Files.copy(Path.of("/bin/sh").toRealPath(), program);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path secret = Files.createDirectories(quint.home.resolve(".aws")).resolve("credentials");
    Files.writeString(secret, "a secret");
    Process agent =
        new ProcessBuilder(
                program.toString(),
                "-c",
                "sleep 1; for i in 1 2 3; do cat " + secret + "; sleep 0.2; done; exit 0")
            .directory(quint.work.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(agent.waitFor()).isZero();
    await(record, secret.toString());
    await(daemon.out(), "truth_without_intent");
    Quint.Result result = stop();
    assertThat(result.stdout()).contains("\"session\":\"" + agent.pid() + "-", secret.toString());
    if (tier
        == LinuxTier.BPF) { // the connector may miss a program that ends at once, and counts it
      assertThat(result.stdout()).contains("cat " + secret);
    }
    assertThat(Files.readString(record)).contains("\"source\":\"" + tier.option() + "\"");
  }

  @Test
  void theChoiceOfTheSourceIsTold() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
    start();
    assertThat(Files.readString(daemon.err())).contains("truth: ", "not es: ");
    assertThat(stop().exitCode()).isZero();
    Quint.Result doctor = quint.execute("doctor", "--data", quint.data.toString());
    assertThat(doctor.stdout())
        .contains("daemon/extension", "daemon/scanner", "watches with", "not es: ");
  }

  @Test
  void endpointSecurityOnLinuxIsACauseAndNoCrash() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
    configure("truth: es\n");
    Quint.Result result = quint.execute("daemon", "--data", quint.data.toString());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.stderr()).contains("truth: es: ", "macOS").doesNotContain("\tat ");
    assertThat(quint.execute("doctor", "--data", quint.data.toString()).stdout())
        .contains("truth: es: ");
  }

  @Test
  void oneDaemonADataFolder() throws Exception {
    configure("truth: none\n");
    start();
    Quint.Result second = quint.execute("daemon", "--data", quint.data.toString());
    assertThat(second.exitCode()).isEqualTo(2);
    assertThat(second.stderr()).contains("a daemon runs already");
    assertThat(stop().exitCode()).isZero();
  }

  @Test
  void theProxyIsThereWhenItIsAskedFor() throws Exception {
    configure("truth: none\nproxy_port: 0\n");
    start();
    Path environment = quint.data.resolve("proxy.env");
    assertThat(Files.readString(environment)).contains("HTTPS_PROXY='http://127.0.0.1:");
    assertThat(stop().exitCode()).isZero();
    assertThat(environment).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mood: block|unknown key 'mood'",
        "mode: loud|mode: shadow, alert, block was expected",
        "truth: seccomp|truth: auto, es",
        "scanner_seconds: often|scanner_seconds: a number",
        "scanner_seconds: -1|scanner_seconds: a number",
        "extension: yes please|extension: a YAML mapping",
        "extension: {enabled: 1}|extension.enabled",
        "extension: {socket: es.sock}|socket: an absolute path",
        "proxy_port: 70000|proxy_port",
        "'{'|no YAML",
        "record: /none/x|no such folder"
      })
  void aWrongConfigurationIsToldWithFileAndKey(String yaml, String message) throws Exception {
    configure(yaml);
    Quint.Result result = quint.execute("daemon", "--data", quint.data.toString());
    assertThat(result.exitCode()).as(result.stderr()).isEqualTo(2);
    assertThat(result.stderr()).contains(message).doesNotContain("\tat ");
  }
}
