package dev.quintai.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to us, to the agent and from the terminal, and our sudden death. */
@Timeout(120)
class SignalTest {

  @TempDir Path folder;
  private Quint quint;
  private Path ready;

  @BeforeEach
  void stage() throws IOException {
    quint = new Quint(folder.toRealPath());
    ready = folder.resolve("ready");
  }

  private static void signal(Process process, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  private void assertLogVerifies() throws Exception {
    Quint.Result audit =
        quint.execute("audit", "verify", quint.data.resolve("quint.db").toString());
    assertThat(audit.exitCode()).as(audit.stdout() + audit.stderr()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "HUP"})
  void askedToEndWeAskTheAgentAndSumUp(String name) throws Exception {
    String agent =
        "trap 'echo bye; exit 9' TERM; echo > " + ready + "; while :; do sleep 0.05; done";
    Quint.Running running = quint.start(quint.run(List.of(), "sh", "-c", agent));
    running.await(ready);
    signal(running.process(), name);
    Quint.Result result = running.end();
    assertThat(result.exitCode()).isEqualTo(9);
    assertThat(result.stdout()).isEqualTo("bye\n");
    assertThat(result.stderr()).contains("audit verify");
    assertLogVerifies();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "QUIT", "TSTP"})
  void theTerminalsSignalsAreNotForUs(String name) throws Exception {
    Path go = folder.resolve("go");
    String agent =
        "echo > " + ready + "; while [ ! -e " + go + " ]; do sleep 0.05; done; echo on; exit 6";
    Quint.Running running = quint.start(quint.run(List.of(), "sh", "-c", agent));
    running.await(ready);
    signal(running.process(), name);
    Files.createFile(go);
    Quint.Result result = running.end();
    assertThat(result.exitCode()).isEqualTo(6);
    assertThat(result.stdout()).isEqualTo("on\n");
  }

  @Test
  void whenWeAreKilledTheAgentGoesOnAndTheNextStartMakesTheLogWhole() throws Exception {
    Random random = new Random(4711);
    for (int round = 0; round < 4; round++) {
      Path done = folder.resolve("done" + round);
      Files.deleteIfExists(ready);
      String agent =
          "echo > "
              + ready
              + "; for i in 1 2 3 4 5 6 7 8 9 10; do cat /etc/hostname; sleep 0.1; done"
              + " >/dev/null; echo done > "
              + done;
      Quint.Running running = quint.start(quint.run(List.of(), "sh", "-c", agent));
      running.await(ready);
      Thread.sleep(random.nextInt(400));
      running.process().destroyForcibly().waitFor();

      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (!Files.exists(done) && System.nanoTime() < end) {
        Thread.sleep(50);
      }
      assertThat(done).as("the agent's last act").exists();
    }
    assertThat(quint.execute(quint.run(List.of(), "true")).exitCode()).isZero();
    assertLogVerifies();
    try (var runs = Files.list(quint.data.resolve("runs"))) {
      assertThat(runs.toList()).as("what the killed runs left").isEmpty();
    }
    assertNothingOfOursIsLeft();
  }

  /** Processes whose command line names our data folder. */
  private void assertNothingOfOursIsLeft() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    List<String> left = ours();
    while (!left.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(50);
      left = ours();
    }
    assertThat(left).isEmpty();
  }

  private List<String> ours() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(quint.data.toString()))
        .toList();
  }

  @Test
  void ctrlCReachesTheAgentAndNotUs() throws Exception {
    String said =
        terminal(
            "\\x03",
            "trap 'echo INTERRUPTED; exit 7' INT; echo READY; while :; do sleep 0.05; done");
    assertThat(said).contains("INTERRUPTED", "audit verify", "STATUS 7");
  }

  @Test
  void ctrlBackslashReachesTheAgentAndPrintsNoThreads() throws Exception {
    String said =
        terminal(
            "\\x1c", "trap 'echo QUIT; exit 8' QUIT; echo READY; while :; do sleep 0.05; done");
    assertThat(said)
        .contains("QUIT", "audit verify", "STATUS 8")
        .doesNotContain("Full thread dump");
  }

  @Test
  void theTerminalIsAsItWasAfterAnAgentThatDiedInRawMode() throws Exception {
    String said = terminal("", "stty raw -echo; echo READY; kill -KILL $$");
    assertThat(said).contains("STATUS 137", "MODES same");
  }

  /**
   * Runs an agent on a terminal of its own, types keys once it says READY, returns all it showed.
   */
  private String terminal(String keys, String agent) throws Exception {
    String python =
        """
        import os, pty, select, sys, termios, time
        keys = sys.argv[1].encode().decode('unicode_escape').encode('latin1')
        pid, fd = pty.fork()
        if pid == 0:
            before = termios.tcgetattr(0)
            child = os.spawnvp(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
            import signal
            for s in (signal.SIGINT, signal.SIGQUIT): signal.signal(s, lambda *_: None)
            while True:
                try: status = os.waitpid(child, 0)[1]; break
                except InterruptedError: pass
            print('STATUS', os.waitstatus_to_exitcode(status))
            print('MODES', 'same' if termios.tcgetattr(0) == before else 'changed', flush=True)
            os._exit(0)
        said, sent, end = b'', False, time.time() + 60
        while time.time() < end:
            if select.select([fd], [], [], 0.1)[0]:
                try: data = os.read(fd, 65536)
                except OSError: break
                if not data: break
                said += data
            if b'READY' in said and not sent:
                time.sleep(0.3); sent = True
                if keys: os.write(fd, keys)
        sys.stdout.write(said.decode(errors='replace'))
        """;
    Path script = Files.writeString(folder.resolve("terminal.py"), python);
    List<String> command = new java.util.ArrayList<>(List.of("python3", script.toString(), keys));
    command.addAll(Quint.command(quint.run(List.of(), "sh", "-c", agent)));
    Quint.Running running;
    try {
      running = quint.start(command);
    } catch (IOException e) {
      assumeTrue(false, "python3 is not here: no terminal to try");
      return "";
    }
    Quint.Result result = running.end();
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return result.stdout();
  }
}
