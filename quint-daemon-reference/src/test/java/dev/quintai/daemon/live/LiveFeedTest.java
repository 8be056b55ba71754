package dev.quintai.daemon.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessId;
import dev.quintai.daemon.events.JsonTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

@Timeout(60)
class LiveFeedTest {

  @TempDir Path data;

  private static ProcessExec exec(String... argv) {
    return new ProcessExec(
        1, new ProcessId(7, 1), Origin.UNKNOWN, 1, "/bin/x", List.of(argv), null, -1, null, null);
  }

  private static Path socket(Path data) {
    return data.resolve("live/" + ProcessHandle.current().pid() + ".sock");
  }

  private static BufferedReader lines(SocketChannel channel) {
    return new BufferedReader(
        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
  }

  private static SocketChannel connect(Path data) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(socket(data).toRealPath()));
  }

  @Test
  void aReaderGetsThePastAndThePresentAndTheSocketIsPrivate() throws Exception {
    try (LiveFeed feed = LiveFeed.open(data)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket(data))))
          .isEqualTo("rw-------");
      feed.accept(exec("past"));
      try (SocketChannel channel = connect(data)) {
        BufferedReader lines = lines(channel);
        assertThat(lines.readLine()).contains("\"live\":\"exec\"").contains("past");
        feed.accept(exec("present"));
        assertThat(lines.readLine()).contains("present");
      }
    }
    assertThat(socket(data)).doesNotExist();
  }

  @Test
  void aPathTooLongForASocketStillWorksAndLeavesNothing() throws Exception {
    Path deep = Files.createDirectories(data.resolve("d".repeat(100)).resolve("e".repeat(100)));
    Path real;
    try (LiveFeed feed = LiveFeed.open(deep)) {
      real = socket(deep).toRealPath();
      feed.accept(exec("deep"));
      try (SocketChannel channel = connect(deep)) {
        assertThat(lines(channel).readLine()).contains("deep");
      }
    }
    assertThat(socket(deep)).doesNotExist();
    assertThat(real.getParent()).doesNotExist();
  }

  @Test
  void socketsOfRunsThatWereKilledAreRemoved() throws Exception {
    Path left = Files.createDirectories(data.resolve("live")).resolve("4194399.sock");
    Files.createFile(left);
    LiveFeed.open(data).close();
    assertThat(left).doesNotExist();
  }

  @Test
  void aReaderThatDoesNotReadHoldsNobodyUpAndIsTold() throws Exception {
    try (LiveFeed feed = LiveFeed.open(data);
        SocketChannel channel = connect(data)) {
      String[] argv = {"x".repeat(250)};
      int told = 20_000;
      feed.accept(exec("first"));
      assertThat(lines(channel)).isNotNull();
      BufferedReader lines = lines(channel);
      assertThat(lines.readLine()).contains("first"); // it is served from now on
      for (int i = 0; i < told; i++) {
        feed.accept(exec(argv)); // returns although nobody reads
      }
      long got = 0;
      long missed = 0;
      while (got + missed < told) {
        if (got == 1_000) {
          feed.accept(exec("one more")); // what was missed is told with the next line
        }
        Map<?, ?> line = (Map<?, ?>) JsonTree.read(lines.readLine());
        if ("missed".equals(line.get("live"))) {
          missed += (Long) line.get("count");
        } else {
          got++;
        }
      }
      assertThat(missed).isPositive();
    }
  }

  @Test
  void aListenerThatBlocksHoldsNobodyUp() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (LiveFeed feed = LiveFeed.open(data)) {
      feed.listen(
          line -> {
            heard.add(line);
            await(never);
          });
      for (int i = 0; i < 3 * FeedReader.QUEUE; i++) {
        feed.accept(exec("a"));
      }
      assertThat(heard.poll(30, TimeUnit.SECONDS)).contains("exec");
    }
    never.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void linesAreRedactedAndShort() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (LiveFeed feed = LiveFeed.open(data)) {
      feed.listen(heard::add);
      feed.accept(exec("curl", "-u", "me:secret", "https://me:hunter2222@x/", "z".repeat(99_999)));
    }
    assertThat(heard.take()).hasSizeLessThan(500).doesNotContain("hunter2222");
  }

  @Test
  void nothingOfTheWatchedSideSteersTheTerminal() {
    String hostile = "\u001b[2J\u001b]0;title\u0007\r\b\u009b31m\u202eabc\u200b\n\ttail\u007f";
    String clean = LiveText.clean(hostile);
    assertThat(clean).isEqualTo("[2J]0;title31mabc  tail");
    String json = JsonTree.text(Map.of("live", "exec", "timeMs", 1L, "pid", 7L, "text", hostile));
    assertThat(LiveText.of(json, Ansi.OFF).chars()).noneMatch(Character::isISOControl);
    assertThat(LiveText.of("no json \u001b[2J", Ansi.OFF).chars())
        .noneMatch(Character::isISOControl);
    String markup =
        JsonTree.text(Map.of("live", "exec", "timeMs", 1L, "pid", 7L, "text", "@|red x|@"));
    assertThat(LiveText.of(markup, Ansi.ON)).contains("@|red x|@");
  }
}
