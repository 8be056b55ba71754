package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessId;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever takes the events may fail; the sensor goes on. */
@Timeout(60)
class ThrowingConsumerTest {

  @TempDir Path temp;
  private final LinkedBlockingQueue<Event> seen = new LinkedBlockingQueue<>();

  private void throwing(Event event) {
    seen.add(event);
    throw new IllegalStateException("test");
  }

  private void awaitEvents(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      assertThat(seen.poll(20, TimeUnit.SECONDS)).as("event " + i).isNotNull();
    }
  }

  @Test
  void theExtensionsSocketGoesOn() throws Exception {
    Path path = temp.resolve("s");
    Path secret = temp.resolve("secret");
    try (ExtensionSocket socket = new ExtensionSocket(path, secret, problem -> {})) {
      socket.start(this::throwing);
      String text = Files.readString(secret, StandardCharsets.US_ASCII).strip();
      try (ExtensionClient client = ExtensionClient.connected(path, text)) {
        client.send(ExtensionClient.unlink("/a", 0));
        client.send(ExtensionClient.unlink("/b", 0));
        awaitEvents(2);
      }
      try (ExtensionClient again = ExtensionClient.connected(path, text)) {
        again.send(ExtensionClient.unlink("/c", 0));
        awaitEvents(1);
      }
      assertThat(socket.refusedByConsumer()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void anothersSensorGoesOn() throws Exception {
    String line =
        "{\"process_exit\":{\"process\":{\"pid\":7}},\"time\":\"2026-01-01T00:00:00Z\"}\n";
    byte[] lines = (line + line + line).getBytes(StandardCharsets.UTF_8);
    try (SensorStream stream =
        new SensorStream(
            SensorFormat.TETRAGON, new ByteArrayInputStream(lines), "test", problem -> {})) {
      stream.start(this::throwing);
      awaitEvents(3);
    }
  }

  @Test
  void theScannersGoOn() throws Exception {
    Path sleep = Path.of("/bin/sleep");
    Assumptions.assumeTrue(Files.isExecutable(sleep), "there is no sleep");
    Process root = new ProcessBuilder("sh", "-c", "sleep 60 & sleep 60 & wait").start();
    BootClock clock = BootClock.open(temp);
    ProcessId id = new ProcFs(clock).id((int) root.pid());
    Assumptions.assumeTrue(id != null, "there is no /proc");
    try {
      try (ProcScanner tree = new ProcScanner(clock, id)) {
        tree.start(this::throwing);
        awaitEvents(3);
      }
      seen.clear();
      agents(root, clock);
    } finally {
      root.descendants().forEach(ProcessHandle::destroyForcibly);
      root.destroyForcibly();
    }
  }

  private void agents(Process root, BootClock clock) throws Exception {
    try (AgentScanner agents =
        new AgentScanner(
            clock, exec -> exec.exe().endsWith("/sleep") ? "x" : null, Duration.ofMillis(20))) {
      agents.start(this::throwing);
      awaitEvents(2);
      root.descendants().forEach(ProcessHandle::destroyForcibly);
      awaitEvents(2);
      assertThat(agents.refusedByConsumer()).isGreaterThanOrEqualTo(3);
    }
  }
}
