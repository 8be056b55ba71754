package dev.quintai.signatures;

import static dev.quintai.core.Capability.AUTH;
import static dev.quintai.core.Capability.READ;
import static dev.quintai.core.Capability.SEND;
import static dev.quintai.core.Capability.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.Action;
import dev.quintai.core.ActionMapper;
import dev.quintai.core.Capability;
import dev.quintai.core.Finding;
import dev.quintai.core.FindingId;
import dev.quintai.core.Gate;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.SessionFacts.Fact;
import dev.quintai.core.Severity;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.Detector;
import dev.quintai.core.spi.Findings;
import dev.quintai.core.spi.SessionDetector;
import dev.quintai.signatures.BenignHistory.Limits;
import dev.quintai.signatures.federation.FederationPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenignHistoryTest {
  private static final long START_MS = 1_777_085_379_101L;

  @TempDir Path folder;

  private static BenignSession session(String id, String platform, int depth, int... steps) {
    byte[] bytes = new byte[steps.length];
    for (int i = 0; i < steps.length; i++) {
      bytes[i] = (byte) steps[i];
    }
    return BenignSession.of(id, platform, depth, bytes);
  }

  /** Credentials, then an upload: five transitions. */
  private static BenignSession upload(String id) {
    return session(id, "codex", 0, 3, 6, 3, 6, 3, 6);
  }

  private static BenignSession edits(String id) {
    return session(id, "codex", 0, 0, 1, 0, 1, 0, 1);
  }

  private static ThreatSignature.Builder uploads() {
    return Flows.signature("uploads", Flows.shape(3, 6, 0.6, 6, 3, 0.4));
  }

  private static BenignHistory history(Limits limits, BenignSession... sessions) {
    BenignHistory history = BenignHistory.inMemory(limits);
    for (BenignSession session : sessions) {
      history.add(session);
    }
    return history;
  }

  private static String objection(BenignHistory history, ThreatSignature signature) {
    return history.objections(List.of(signature)).get(0);
  }

  @Test
  void objectsPastTheShareOnly() {
    Limits limits = new Limits(10, 0.25, 4);
    ThreatSignature s = uploads().build();
    assertThat(objection(history(limits, upload("a"), upload("b"), upload("c")), s)).isNull();
    assertThat(objection(history(limits, upload("a"), edits("b"), edits("c"), edits("d")), s))
        .isNull();
    assertThat(objection(history(limits, upload("a"), upload("b"), edits("c"), edits("d")), s))
        .isEqualTo(
            "it would have matched 2 of the last 4 benign sessions here (50.0%, at most 25.0%)");
  }

  @Test
  void keepsTheLastSessionsAndOfEachTheLastWord() {
    BenignHistory history =
        history(new Limits(3, 0, 1), upload("a"), edits("b"), edits("c"), edits("b"), edits("d"));
    assertThat(history.sessions())
        .extracting(BenignSession::session)
        .containsExactly("c", "b", "d");
    assertThatThrownBy(() -> new Limits(0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(1, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  /** What gate 1 heeds, the trial heeds: otherwise much that is fine would be held. */
  @Test
  void triesAsGateOneMatches() {
    Limits limits = new Limits(10, 0, 1);
    BenignHistory history = history(limits, upload("a"));
    assertThat(objection(history, uploads().agentTypes(List.of("pi")).build())).isNull();
    assertThat(objection(history, uploads().agentTypes(List.of("codex")).build())).isNotNull();
    assertThat(objection(history, uploads().minDepth(1).build())).isNull();
    FlowConditions sixth = new FlowConditions(0, 6, List.of());
    assertThat(objection(history, uploads().conditions(sixth).build())).isNull();
    FlowConditions needs =
        new FlowConditions(
            0, 2, List.of(new FlowConditions.Requirement(AUTH, SEND, Fact.NEW_DESTINATION)));
    assertThat(objection(history, uploads().conditions(needs).build())).isNull();
    int newDestination = 6 | (1 << (Fact.NEW_DESTINATION.ordinal() + 4));
    BenignHistory contacts = history(limits, session("a", "codex", 0, 3, newDestination, 3, 6));
    assertThat(objection(contacts, uploads().conditions(needs).build())).isNotNull();
    // A short attack in a long session: the window sees it, the whole does not.
    BenignHistory drowned = history(limits, session("a", "x", 0, 0, 1, 0, 1, 0, 1, 0, 1, 3, 6, 3));
    assertThat(objection(drowned, uploads().build())).isNull();
    FlowConditions window = new FlowConditions(3, 2, List.of());
    assertThat(objection(drowned, uploads().conditions(window).build())).isNotNull();
  }

  @Test
  void theFileIsItsOwnersAndSurvivesDamage() throws IOException {
    Path file = folder.resolve("data/benign.jsonl");
    Limits limits = new Limits(3, 0, 1);
    BenignHistory one = BenignHistory.open(file, limits);
    BenignHistory other = BenignHistory.open(file, limits);
    one.add(upload("a"));
    other.add(edits("b"));
    one.save();
    other.save();
    one.save();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(BenignHistory.open(file, limits).sessions())
        .containsExactly(upload("a"), edits("b"));
    assertThat(Files.readString(file)).contains("\"steps\":\"030603060306\"");

    Files.writeString(file, Files.readString(file) + "{\"session\":\"c\"}\nnothing\n");
    BenignHistory damaged = BenignHistory.open(file, limits);
    assertThat(damaged.unreadable()).isEqualTo(2);
    damaged.add(upload("d"));
    damaged.add(upload("e"));
    damaged.save();
    BenignHistory whole = BenignHistory.open(file, limits);
    assertThat(whole.unreadable()).isZero();
    assertThat(whole.sessions()).extracting(BenignSession::session).containsExactly("b", "d", "e");
    try (var left = Files.list(folder.resolve("data"))) {
      assertThat(left.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("benign.jsonl", "benign.jsonl.lock");
    }
  }

  @Test
  void refusesStepsThatNobodyTook() {
    assertThatThrownBy(() -> new BenignSession("a", "x", 0, "0c"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BenignSession("a", "x", 0, "0"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BenignSession("a", "x", 0, "zz"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new BenignSession("a", "x", 0, "00".repeat(BenignHistory.MAX_ACTIONS + 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A gate that reports what it is told to about each session, and may take it back. */
  private static final class Alarmist implements Detector {
    private Severity severity;
    private boolean takesBack;

    @Override
    public Gate gate() {
      return Gate.DIVERGENCE;
    }

    @Override
    public SessionDetector open(Session session, SessionFacts facts, Findings findings) {
      return new SessionDetector() {
        @Override
        public void end() {
          if (severity == null) {
            return;
          }
          Finding finding =
              Finding.builder(
                      FindingId.of(Gate.DIVERGENCE, session.id(), "x"),
                      Gate.DIVERGENCE,
                      "truth_without_intent",
                      severity)
                  .session(session)
                  .timeNanos(START_MS * 1_000_000L)
                  .confidence(1)
                  .reason("told to")
                  .build();
          findings.report(finding);
          if (takesBack) {
            findings.report(finding.revise().type("normal").severity(Severity.NONE).build());
          }
        }
      };
    }
  }

  /** Runs a session of these capabilities through an engine with a recorder. */
  private static BenignHistory run(Alarmist alarmist, List<Capability> capabilities) {
    BenignHistory history = BenignHistory.inMemory(new Limits(10, 0, 1));
    BenignRecorder recorder = new BenignRecorder(history);
    SignatureSet set = SignatureSet.of(List.of(), List.of());
    List<Capability> left = new ArrayList<>(capabilities);
    ActionMapper mapper =
        (intent, session) ->
            List.of(
                new Action(
                    left.remove(0),
                    "tool",
                    "server",
                    Action.LOCAL,
                    null,
                    false,
                    intent.timeNanos(),
                    0.1,
                    intent.toolUseId(),
                    true,
                    false));
    try (QuintEngine engine =
        QuintEngine.builder()
            .actions(mapper)
            .platforms(exec -> null)
            .detector(new SignatureDetector(() -> set, null, recorder))
            .detector(alarmist)
            .sink(recorder)
            .build()) {
      ProcessId root = new ProcessId(7, START_MS);
      engine.accept(
          new AgentProcess(
              START_MS * 1_000_000L, root, Origin.of("test"), 1, "codex", "/x", "/w", "/home/u"));
      for (int i = 0; i < capabilities.size(); i++) {
        engine.evaluate(
            IntentEvent.builder((START_MS + 1000L * (i + 1)) * 1_000_000L, root, "tool")
                .toolUseId("t" + i)
                .build());
      }
    }
    return history;
  }

  @Test
  void anEngineRecordsWhatNobodyMinded() {
    List<Capability> work = List.of(READ, WRITE, READ, AUTH);
    BenignHistory quiet = run(new Alarmist(), work);
    assertThat(quiet.size()).isEqualTo(1);
    BenignSession session = quiet.sessions().get(0);
    assertThat(session.session()).isEqualTo("7-" + START_MS);
    assertThat(session.platform()).isEqualTo("codex");
    // From the second turn on, the model has seen a tool's output.
    assertThat(session.steps()).isEqualTo("00818083");

    Alarmist alarmist = new Alarmist();
    alarmist.severity = Severity.LOW;
    assertThat(run(alarmist, work).size()).isEqualTo(1);
    alarmist.severity = Severity.MEDIUM;
    assertThat(run(alarmist, work).size()).isZero();
    alarmist.takesBack = true;
    assertThat(run(alarmist, work).size()).isEqualTo(1);
    assertThat(run(new Alarmist(), List.of(READ)).size()).isZero();
  }

  @Test
  void aLongSessionKeepsItsEnd() {
    List<Capability> work = new ArrayList<>(Collections.nCopies(BenignHistory.MAX_ACTIONS, READ));
    work.add(WRITE);
    BenignSession session = run(new Alarmist(), work).sessions().get(0);
    assertThat(session.actions()).isEqualTo(BenignHistory.MAX_ACTIONS);
    assertThat(session.steps()).endsWith("80" + "81");
  }

  @Test
  void ofAFileEachSignatureIsTriedByItself() throws Exception {
    BenignHistory history = history(new Limits(10, 0, 1), upload("a"));
    ThreatSignatureRegistry registry = ThreatSignatureRegistry.inMemory(List.of());
    CorrectionReceiver receiver =
        new CorrectionReceiver(
            registry, Signers.keyring(), history, FederationPolicy.BOTH, () -> Signers.NOW);
    SignatureDocument fine = Signers.signed("fine", 1);
    SignatureDocument common =
        Signers.document("common", 2, Map.of("flow_shape", rows(uploads().build())))
            .sign(Signers.KEY);
    SignatureDocument again = Signers.signed("common", 3);
    List<Receipt> receipts =
        receiver.receive(Signers.ACME, Signers.file(fine, common, Signers.document("bad", 3)));
    assertThat(receipts).extracting(Receipt::accepted).containsExactly(true, true, false);
    assertThat(receipts.get(0).reason()).isNull();
    assertThat(receipts.get(1).reason()).startsWith("held: it would have matched 1 of the last 1");
    assertThat(registry.current().signatures())
        .extracting(LoadedSignature::lane)
        .containsOnly(Lane.SHADOW);
    assertThat(registry.current().signatures().get(0).held()).isNull();
    assertThat(registry.current().signatures().get(1).held()).isNotNull();
    // A held one does not match, and an operator lets go of it.
    FlowMatrix flow = new FlowMatrix();
    for (int i = 0; i < 6; i++) {
      flow.action(i % 2 == 0 ? AUTH : SEND);
    }
    assertThat(new SignatureMatcher(registry.current()).match(flow)).isEmpty();
    registry.setLane("common", Lane.ALERT);
    assertThat(new SignatureMatcher(registry.current()).match(flow)).hasSize(1);
    // What it said before is no reason to hold its next version.
    receiver.receive(Signers.ACME, Signers.file(again));
    assertThat(registry.current().signatures()).allMatch(s -> s.held() == null);
  }

  private static List<List<Double>> rows(ThreatSignature signature) {
    List<List<Double>> rows = new ArrayList<>();
    for (double[] row : signature.flowShape()) {
      List<Double> cells = new ArrayList<>();
      for (double cell : row) {
        cells.add(cell);
      }
      rows.add(cells);
    }
    return rows;
  }

  @Test
  void whoTakesNothingFromOthersGetsNothing() throws IOException {
    ThreatSignatureRegistry registry = ThreatSignatureRegistry.inMemory(List.of());
    CorrectionReceiver receiver =
        new CorrectionReceiver(
            registry,
            Signers.keyring(),
            AdmissionTrial.NONE,
            new FederationPolicy(true, false),
            () -> Signers.NOW);
    assertThat(receiver.receive(Channel.GLOBAL, Signers.file(Signers.signed("a", 1)))).isEmpty();
    assertThat(receiver.refused()).isEqualTo(1);
    assertThat(registry.current().signatures()).isEmpty();
    assertThat(receiver.receive(Signers.ACME, Signers.file(Signers.signed("a", 1)))).hasSize(1);
    assertThat(registry.current().signatures()).hasSize(1);
  }
}
