package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.TruthEvent;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Undeclared acts on sensitive targets fail before they happen, and are told as refused. */
class LinuxTraceRefuseTest {

  @TempDir Path temp;
  private Path work;
  private Path secret;

  @BeforeEach
  void makeSecret() throws IOException {
    work = Files.createDirectory(temp.toRealPath().resolve("work"));
    secret = Files.writeString(Files.createDirectory(work.resolve("keys")).resolve("id"), "secret");
    Files.writeString(work.resolve("plain"), "plain");
  }

  private Traced run(String script) throws Exception {
    List<String> patterns = List.of(work + "/keys/*", "connect:127.0.0.1:*");
    return Traced.run(temp, builder -> builder.refuse(patterns), "sh", "-c", "cd work; " + script);
  }

  private static List<FileEvent> refused(Traced traced) {
    return traced.all(FileEvent.class).stream()
        .filter(event -> event.origin().source().equals(LinuxTrace.REFUSED))
        .toList();
  }

  private void assertRefused(String script, FileEvent.Op op) throws Exception {
    Traced traced = run(script);
    assertThat(traced.exitCode()).as(script).isNotZero();
    assertThat(refused(traced)).as(script).extracting(FileEvent::op).containsExactly(op);
    assertThat(Files.readString(secret)).as(script).isEqualTo("secret");
  }

  @Test
  void everyWayToASecretIsRefused() throws Exception {
    assertRefused("exec cat keys/id", FileEvent.Op.OPEN);
    assertRefused("exec cat keys/../keys//id", FileEvent.Op.OPEN);
    assertRefused("cd keys; exec cat id", FileEvent.Op.OPEN);
    assertRefused("ln -s keys/id link; exec cat link", FileEvent.Op.OPEN);
    assertRefused("ln -s keys dir; exec cat dir/id", FileEvent.Op.OPEN);
    assertRefused("echo x >keys/id", FileEvent.Op.OPEN);
    assertRefused("echo x >keys/new", FileEvent.Op.CREATE);
    assertRefused("exec ln keys/id hard", FileEvent.Op.CREATE);
    assertRefused("exec rm -f keys/id", FileEvent.Op.UNLINK);
    assertThat(work.resolve("hard")).doesNotExist();
    assertThat(work.resolve("keys/new")).doesNotExist();
  }

  @Test
  void aSecretIsNotMovedAwayEither() throws Exception {
    for (String script : List.of("mv keys/id out", "mv keys out", "mv plain keys/id")) {
      Traced traced = run("exec " + script);
      assertThat(traced.exitCode()).as(script).isNotZero();
      assertThat(refused(traced))
          .as(script)
          .extracting(FileEvent::op)
          .contains(FileEvent.Op.RENAME);
      assertThat(Files.readString(secret)).as(script).isEqualTo("secret");
    }
  }

  @Test
  void everythingElseGoesOn() throws Exception {
    Traced traced = run("exec cat plain");
    assertThat(traced.exitCode()).isZero();
    assertThat(refused(traced)).isEmpty();
    assertThat(traced.files(work)).hasSize(1);
  }

  @Test
  void whatWasDeclaredInTimeIsLetThrough() throws Exception {
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    Path go = temp.resolve("go");
    String script =
        "until [ -e go ]; do sleep 0.02; done; cat work/keys/id && rm go; until [ -e go ]; do sleep"
            + " 0.02; done; exec cat work/keys/id";
    try (LinuxTrace trace =
        Traced.builder(temp)
            .refuse(List.of(work + "/keys/*"))
            .command(List.of("sh", "-c", script))
            .build()) {
      trace.start(events::add);
      trace.declare(secret.toString());
      Files.createFile(go);
      while (Files.exists(go)) {
        Thread.sleep(5);
      }
      trace.forgetDeclared();
      Files.createFile(go);
      assertThat(trace.waitFor()).isNotZero();
    }
    assertThat(events)
        .filteredOn(e -> e instanceof FileEvent file && file.path().equals(secret.toString()))
        .extracting(e -> ((TruthEvent) e).origin().source())
        .containsExactly(WireDecoder.SOURCE, LinuxTrace.REFUSED);
  }

  @Test
  void aRefusedConnectionIsNotMade() throws Exception {
    try (ServerSocket server = new ServerSocket(0)) {
      String port = Integer.toString(server.getLocalPort());
      Traced traced =
          Traced.run(
              temp,
              builder -> builder.refuse(List.of("connect:127.0.0.1:" + port)),
              Acts.program().toString(),
              "connect4",
              port);
      assertThat(traced.exitCode()).isEqualTo(1);
      assertThat(traced.all(NetworkConnect.class))
          .extracting(event -> event.origin().source())
          .containsExactly(LinuxTrace.REFUSED);
      server.setSoTimeout(50);
      assertThatThrownBy(server::accept).isInstanceOf(java.net.SocketTimeoutException.class);
    }
  }

  @Test
  void whatIsNoPatternIsRefusedAtOnce() {
    for (String pattern : List.of("", "a\0b", "x".repeat(4097))) {
      assertThatThrownBy(() -> LinuxTrace.builder().refuse(List.of(pattern)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
