package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.TruthEvent;
import dev.quintai.core.sensitive.SensitiveTarget.Kind;
import dev.quintai.core.sensitive.SensitiveTargets;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call on a sensitive target waits for an answer, and goes on or fails by it. */
class LinuxTraceAskTest {

  @TempDir Path temp;
  private Path secret;
  private final List<TruthEvent> asked = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void makeSecret() throws IOException {
    Path folder = Files.createDirectories(temp.toRealPath().resolve("home/.keys"));
    secret = Files.writeString(folder.resolve("token"), "secret");
    Files.writeString(temp.resolve("plain"), "plain");
  }

  private static SensitiveTargets table() {
    return SensitiveTargets.emptyBuilder()
        .path(Kind.CREDENTIAL, "keys", "~/.keys/**", Set.of(), "test")
        .path(Kind.PERSISTENCE, "profile", "~/.profile", Set.of(), "test")
        .host("metadata", "127.0.0.1", "test")
        .build();
  }

  private Traced run(Predicate<TruthEvent> allowed, String script) throws Exception {
    return Traced.run(
        temp,
        builder ->
            builder.ask(
                table(),
                act -> {
                  asked.add(act);
                  return allowed.test(act);
                }),
        "sh",
        "-c",
        script);
  }

  private static List<FileEvent> refused(Traced traced) {
    return traced.all(FileEvent.class).stream()
        .filter(event -> event.origin().source().equals(LinuxTrace.REFUSED))
        .toList();
  }

  @Test
  void whatIsAllowedHappensAndIsToldOnce() throws Exception {
    Traced traced = run(act -> true, "cd home; exec cat .keys/token");
    assertThat(traced.exitCode()).isZero();
    assertThat(traced.files(secret.getParent())).hasSize(1);
    assertThat(refused(traced)).isEmpty();
    assertThat(asked).hasSize(1);
    assertThat(((FileEvent) asked.get(0)).path()).isEqualTo(secret.toString());
  }

  @Test
  void whatIsNotAllowedFailsAndIsToldAsRefused() throws Exception {
    for (String script :
        List.of(
            "cat home/.keys/token",
            "ln -s home/.keys l; cat l/token",
            "echo x >home/.keys/token",
            "echo x >home/.keys/new",
            "ln home/.keys/token hard",
            "rm -f home/.keys/token",
            "mv home/.keys out",
            "mv home/.keys/token out",
            "mv plain home/.keys/token")) {
      Traced traced = run(act -> false, script);
      assertThat(traced.exitCode()).as(script).isNotZero();
      assertThat(refused(traced)).as(script).isNotEmpty();
      assertThat(Files.readString(secret)).as(script).isEqualTo("secret");
      assertThat(temp.resolve("hard")).doesNotExist();
      assertThat(temp.resolve("home/.keys/new")).doesNotExist();
      assertThat(traced.files(secret.getParent()))
          .as(script)
          .allMatch(event -> event.origin().refused());
      Files.deleteIfExists(temp.resolve("l"));
    }
  }

  @Test
  void readsOfWhatIsSensitiveToWritingAreNotAskedAbout() throws Exception {
    Files.writeString(temp.resolve("home/.profile"), "x");
    assertThat(run(act -> false, "cat home/.profile").exitCode()).isZero();
    assertThat(asked).isEmpty();
    assertThat(run(act -> false, "echo y >>home/.profile").exitCode()).isNotZero();
    assertThat(temp.resolve("home/.profile")).hasContent("x");
  }

  @Test
  void theImageOfWhoeverAsksIsKnownByThen() throws Exception {
    List<String> running = Collections.synchronizedList(new ArrayList<>());
    List<String> atTheTime = Collections.synchronizedList(new ArrayList<>());
    try (LinuxTrace trace =
        Traced.builder(temp)
            .command(List.of("sh", "-c", "for i in 1 2 3 4 5; do cat home/.keys/token; done"))
            .ask(table(), act -> atTheTime.add(running.get(running.size() - 1)))
            .build()) {
      trace.start(
          event -> {
            if (event instanceof ProcessExec exec) {
              running.add(exec.process().pid() + " " + Path.of(exec.exe()).getFileName());
            }
          });
      assertThat(trace.waitFor()).isZero();
    }
    assertThat(atTheTime)
        .hasSize(5)
        .doesNotHaveDuplicates()
        .allMatch(image -> image.endsWith("cat"));
  }

  @Test
  void contactsAreAskedAbout() throws Exception {
    try (ServerSocket server = new ServerSocket(0)) {
      Traced traced =
          run(act -> false, "exec " + Acts.program() + " connect4 " + server.getLocalPort());
      assertThat(traced.exitCode()).isEqualTo(1);
      assertThat(traced.all(NetworkConnect.class))
          .extracting(event -> event.origin().source())
          .containsExactly(LinuxTrace.REFUSED);
    }
  }

  @Test
  void theFirstDatagramIsToldOnceWhenItIsAllowed() throws Exception {
    Traced traced = run(act -> true, "exec " + Acts.program() + " sendto 9");
    assertThat(traced.exitCode()).isZero();
    assertThat(traced.all(NetworkConnect.class)).hasSize(1);
  }

  @Test
  void othersGoOnWhileOneWaits() throws Exception {
    long[] allowedAt = {0};
    Traced traced =
        run(
            act -> {
              pause(600);
              allowedAt[0] = System.nanoTime();
              return true;
            },
            "cat home/.keys/token & for i in 1 2 3 4 5 6 7 8; do cat plain; done >/dev/null;"
                + " touch before; wait");
    assertThat(traced.exitCode()).isZero();
    FileEvent before =
        traced.files(temp.toRealPath().resolve("before")).stream().findFirst().orElseThrow();
    FileEvent read = traced.files(secret.getParent()).get(0);
    assertThat(before.timeNanos()).isLessThan(read.timeNanos());
  }

  @Test
  void noAnswerInTimeIsNo() throws Exception {
    long before = System.nanoTime();
    Traced traced =
        run(
            act -> {
              pause(3_500);
              return true;
            },
            "exec cat home/.keys/token");
    assertThat(traced.exitCode()).isNotZero();
    assertThat(refused(traced)).hasSize(1);
    assertThat(System.nanoTime() - before).isLessThan(20_000_000_000L);
  }

  @Test
  void anAnswerThatThrowsIsNo() throws Exception {
    Traced traced =
        run(
            act -> {
              throw new IllegalStateException("test");
            },
            "exec cat home/.keys/token");
    assertThat(traced.exitCode()).isNotZero();
    assertThat(refused(traced)).hasSize(1);
  }

  @Test
  void manyMayWaitAndNoneIsForgotten() throws Exception {
    Traced traced =
        run(
            act -> true,
            "for i in 1 2 3 4 5 6 7 8 9 10; do cat home/.keys/token >/dev/null & done; wait;"
                + " for i in 1 2 3 4 5 6 7 8 9 10; do cat home/.keys/token >/dev/null; done");
    assertThat(traced.exitCode()).isZero();
    assertThat(traced.files(secret.getParent())).hasSize(20);
    assertThat(refused(traced)).isEmpty();
  }

  @Test
  void oneThatIsKilledWhileItWaitsDoesNotHoldUpTheRest() throws Exception {
    Traced traced =
        run(
            act -> {
              pause(300);
              return true;
            },
            "cat home/.keys/token & sleep 0.05; kill -9 $!; wait; exec cat home/.keys/token");
    assertThat(traced.exitCode()).isZero();
  }

  @Test
  void theDefaultTableFits() {
    assertThat(AskPatterns.lines(SensitiveTargets.defaults()))
        .hasSizeBetween(100, 512)
        .contains("a */.aws/credentials", "a */.ssh/*", "w */.bashrc", "a */.env", "a /etc/shadow")
        .contains("a connect:*169.254.169.254*", "a connect:*fd00:ec2::254*")
        .allMatch(line -> line.matches("[aw] [*/c].*"));
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
