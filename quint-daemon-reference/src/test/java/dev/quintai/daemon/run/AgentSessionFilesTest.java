package dev.quintai.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.platform.PlatformDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent says of its own session, and what is remembered of it. */
class AgentSessionFilesTest {
  private static final long START = 1_790_000_000_000L;
  private static final String UUID = "0f8fad5b-d9cb-469f-a165-70867728950e";

  @TempDir private Path home;
  private QuintEngine engine;
  private Session session;

  @BeforeEach
  void start() {
    engine = engine();
    session = begin(engine, 4242);
  }

  private static QuintEngine engine() {
    return QuintEngine.builder()
        .platforms(PlatformDetector.defaults())
        .actions((intent, of) -> List.of())
        .build();
  }

  private Session begin(QuintEngine in, int pid) {
    ProcessId root = new ProcessId(pid, START);
    in.accept(
        new AgentProcess(
            START * 1_000_000L,
            root,
            Origin.UNKNOWN,
            1,
            "claude-code",
            "/opt/claude",
            "/w",
            home.toString()));
    return in.sessions().session(pid + "-" + START);
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private void file(String text) throws IOException {
    Path folder = Files.createDirectories(home.resolve(".claude/sessions"));
    Files.writeString(folder.resolve("4242.json"), text);
    AgentSessionFiles.look(engine);
  }

  @Test
  void nameKindAndIdAreTheAgentsOwnWords() throws IOException {
    file(
        "{\"pid\":4242,\"sessionId\":\""
            + UUID
            + "\",\"cwd\":\"/elsewhere\",\"startedAt\":1790000000900,\"kind\":\"interactive\","
            + "\"name\":\"fix \\u001b[31mthe\\u202e bug\",\"more\":{}}");
    assertThat(session.get(Session.Field.AGENT_SESSION_UUID)).isEqualTo(UUID);
    assertThat(session.get(Session.Field.SESSION_KIND)).isEqualTo("interactive");
    assertThat(session.get(Session.Field.SESSION_NAME)).isEqualTo("fix [31mthe bug");
    assertThat(session.sourceOf(Session.Field.SESSION_NAME)).isEqualTo(Session.Source.AGENT_FILES);
    assertThat(session.workingDir()).as("the kernel knows better").isEqualTo("/w");
  }

  @Test
  void whatIsHostileSaysNothing() throws IOException {
    file("{\"pid\":4243,\"sessionId\":\"" + UUID + "\"}");
    file("{\"pid\":4242,\"sessionId\":\"" + UUID + "\",\"startedAt\":1789999990000}");
    file("{\"pid\":4242,\"sessionId\":\"../../etc\",\"kind\":\"A B\",\"name\":7}");
    file("{\"pid\":4242,\"name\":\"" + "x".repeat(70_000) + "\"}");
    file("[".repeat(10_000));
    file("");
    for (Session.Field field :
        List.of(
            Session.Field.AGENT_SESSION_UUID,
            Session.Field.SESSION_KIND,
            Session.Field.SESSION_NAME)) {
      assertThat(session.get(field)).as("%s", field).isNull();
    }
    file("{\"pid\":4242,\"name\":\"" + "y".repeat(60_000) + "\"}");
    assertThat(session.get(Session.Field.SESSION_NAME)).hasSize(200);
  }

  @Test
  void aSessionThatGoesOnIsKnownByTheLedger() throws IOException {
    file("{\"pid\":4242,\"sessionId\":\"" + UUID + "\"}");
    Path kept = home.resolve("sessions.jsonl");
    try (SessionLedger ledger = SessionLedger.open(kept)) {
      ledger.sessionStarted(session);
      assertThat(ledger.started(session.id())).as("not before us").isFalse();
    }
    Files.writeString(kept, Files.readString(kept) + "{\"session\":7}\n{\"ses");
    try (SessionLedger ledger = SessionLedger.open(kept)) {
      assertThat(ledger.started(session.id())).isTrue();
      assertThat(ledger.started("1-1")).isFalse();
      assertThat(ledger.ofAgentSession(UUID)).isEqualTo(session.id());
      assertThat(ledger.ofAgentSession("")).isNull();
    }
    assertThat(Files.readAllLines(kept)).hasSize(1);
  }
}
