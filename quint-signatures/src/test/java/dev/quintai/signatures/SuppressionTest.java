package dev.quintai.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.FinalFindings;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.capability.CapabilityMapper;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Suppressions as an operator makes them: through a registry's folder, on a running engine. */
class SuppressionTest {
  private static final long START_MS = 1_777_085_379_000L;
  private static final Instant START = Instant.ofEpochMilli(START_MS);
  private static final Instant END = START.plus(Duration.ofHours(2));

  @TempDir Path folder;
  private ThreatSignatureRegistry registry;
  private SignatureDetector gate;
  private Instant now = START;
  private int pid = 100;

  @BeforeEach
  void open() throws IOException {
    registry = ThreatSignatureRegistry.open(folder, BuiltInSignatures.all());
    gate = new SignatureDetector(registry::current, () -> now);
  }

  /** Becomes root, then reads a key: the built-in QT-SIG-012. Gives how many findings that made. */
  private int attack(String platform, Runnable between) {
    ProcessId root = new ProcessId(pid, START_MS);
    FinalFindings findings = new FinalFindings(100);
    try (QuintEngine engine =
        QuintEngine.builder()
            .actions(new CapabilityMapper())
            .platforms(exec -> null)
            .detector(gate)
            .sink(findings)
            .build()) {
      engine.accept(
          new AgentProcess(
              START_MS * 1_000_000L,
              root,
              Origin.of("test"),
              1,
              platform,
              "/bin/agent",
              "/w",
              "/home/u"));
      call(engine, root, 1, "Read", Map.of("file_path", "/w/a.txt"));
      call(engine, root, 2, "Bash", Map.of("command", "sudo -i"));
      between.run();
      call(engine, root, 3, "Read", Map.of("file_path", "/root/.ssh/id_rsa"));
      call(engine, root, 4, "Read", Map.of("file_path", "/w/a.txt"));
    }
    pid++;
    return (int)
        findings.sorted().stream().filter(f -> f.signatureId().equals("QT-SIG-012")).count();
  }

  private static void call(
      QuintEngine engine, ProcessId root, int place, String tool, Map<String, ?> arguments) {
    engine.evaluate(
        IntentEvent.builder((START_MS + 1000L * place) * 1_000_000L, root, tool)
            .toolUseId("toolu_" + place)
            .arguments(Arguments.of(arguments))
            .build());
  }

  private int attack(String platform) {
    return attack(platform, () -> {});
  }

  private Suppression suppression(String agent, String session, String tool, String path) {
    return new Suppression("QT-SIG-012", agent, session, tool, path, END, "a drill");
  }

  /** What an operator does from another process, and the engine's own next look. */
  private void suppress(Suppression suppression) {
    try {
      ThreatSignatureRegistry.open(folder, BuiltInSignatures.all()).suppress(suppression, now);
      assertThat(registry.refresh()).isTrue();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void withoutOneItIsFound() {
    assertThat(attack("codex")).isOne();
    assertThat(gate.suppressed()).isZero();
  }

  @Test
  void byAgent() {
    suppress(suppression("codex", null, null, null));
    assertThat(attack("codex")).isZero();
    assertThat(attack("gemini-cli")).isOne();
    assertThat(gate.suppressed()).isOne();
  }

  @Test
  void bySessionWhileItRuns() {
    String session = pid + "-" + START_MS;
    assertThat(attack("codex", () -> suppress(suppression(null, session, null, null)))).isZero();
    assertThat(attack("codex")).isOne();
    assertThat(gate.suppressed()).isOne();
  }

  @Test
  void byTool() {
    suppress(suppression(null, null, "Write", null));
    assertThat(attack("codex")).isOne();
    suppress(suppression(null, null, "Read", null));
    assertThat(attack("codex")).isZero();
  }

  @Test
  void byPath() {
    suppress(suppression(null, null, null, "/root/.s"));
    assertThat(attack("codex")).isOne();
    suppress(suppression(null, null, null, "/root/.ssh"));
    assertThat(attack("codex")).isZero();
  }

  @Test
  void allScopesOfOneMustFit() {
    suppress(suppression("codex", null, "Write", null));
    assertThat(attack("codex")).isOne();
  }

  @Test
  void endsWhenItSaysAndKeepsItsReason() throws IOException {
    Suppression drill = suppression("codex", null, null, null);
    suppress(drill);
    now = END.minusNanos(1);
    assertThat(attack("codex")).isZero();
    assertThat(gate.suppressedBy()).containsExactly(Map.entry(drill, 1L));
    assertThat(
            ThreatSignatureRegistry.open(folder, BuiltInSignatures.all()).current().suppressions())
        .extracting(Suppression::reason)
        .containsExactly("a drill");
    now = END;
    assertThat(attack("codex")).isOne();
    assertThat(gate.suppressed()).isOne();
  }

  @Test
  void needsAScopeAReasonAndAnEnd() {
    assertThatThrownBy(() -> new Suppression("QT-SIG-012", null, null, null, null, END, "all"))
        .hasMessageContaining("scope");
    assertThatThrownBy(() -> new Suppression(null, "codex", null, null, null, END, " "))
        .hasMessageContaining("reason");
    assertThatThrownBy(() -> new Suppression(null, "codex", null, null, null, null, "r"))
        .isInstanceOf(NullPointerException.class);
  }
}
