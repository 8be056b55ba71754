package dev.quintai.signatures;

import static dev.quintai.core.Capability.AUTH;
import static dev.quintai.core.Capability.DELEGATE;
import static dev.quintai.core.Capability.READ;
import static dev.quintai.core.Capability.SEND;
import static dev.quintai.core.Capability.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.quintai.core.Action;
import dev.quintai.core.AgentIds;
import dev.quintai.core.Capability;
import dev.quintai.core.Decision;
import dev.quintai.core.Finding;
import dev.quintai.core.Judgement;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.SessionFacts.Fact;
import dev.quintai.core.Severity;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.SessionDetector;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SignatureDetectorTest {
  private static final long START_MS = 1_777_085_379_101L;

  private final Map<String, Finding> findings = new LinkedHashMap<>();
  private final List<Finding> revisions = new ArrayList<>();
  private final AtomicReference<SignatureSet> set = new AtomicReference<>();
  private final SignatureDetector detector = new SignatureDetector(set::get);
  private int calls;

  /** A session and its clock: a call a second. */
  private final class Agent {
    final Session session;
    final SessionFacts facts = new SessionFacts();
    final SessionDetector watched;
    long timeMs;

    Agent(String platform, Agent parent, long startMs) {
      ProcessId root = new ProcessId(4242 + calls++, startMs);
      session =
          new Session(
              root,
              platform,
              parent == null ? null : parent.session,
              AgentIds.agentId("m", 1, platform, null));
      watched = detector.open(session, facts, this::report);
      timeMs = startMs;
    }

    void report(Finding finding) {
      revisions.add(finding);
      findings.put(finding.session() + " " + finding.signatureId(), finding);
    }

    Judgement call(Capability... capabilities) {
      return call("toolu_" + calls++, capabilities);
    }

    Judgement call(String id, Capability... capabilities) {
      List<Action> actions = new ArrayList<>();
      for (Capability capability : capabilities) {
        actions.add(action(capability, Action.LOCAL, false));
      }
      return call(id, "tool", Map.of(), actions);
    }

    Action action(Capability capability, String domain, boolean sensitive) {
      return new Action(
          capability,
          "tool",
          "server",
          domain,
          null,
          sensitive,
          (timeMs + 1000) * 1_000_000L,
          0.1,
          "id",
          true,
          false);
    }

    Judgement call(String id, String tool, Map<String, ?> arguments, List<Action> actions) {
      timeMs += 1000;
      IntentEvent intent =
          IntentEvent.builder(timeMs * 1_000_000L, session.root(), tool)
              .toolUseId(id)
              .arguments(Arguments.of(arguments))
              .build();
      return watched.evaluate(intent, actions);
    }

    Judgement calls(int times, Capability... capabilities) {
      Judgement last = Judgement.ALLOW;
      for (int i = 0; i < times; i++) {
        for (Capability capability : capabilities) {
          last = call(capability);
        }
      }
      return last;
    }
  }

  private Agent agent() {
    return new Agent("claude-code", null, START_MS);
  }

  private static ThreatSignature.Builder upload() {
    return Flows.signature("QT-SIG-1", Flows.shape(3, 6, 0.5, 6, 3, 0.5)).severity(Severity.HIGH);
  }

  private void use(ThreatSignature... signatures) {
    List<LoadedSignature> loaded = new ArrayList<>();
    for (ThreatSignature signature : signatures) {
      loaded.add(Flows.loaded(signature));
    }
    set.set(SignatureSet.of(loaded, List.of()));
  }

  @Test
  void matchesFromFiveTransitionsOnAndRevisesToTheClosest() {
    use(upload().weight(0.8).build());
    Agent agent = agent();
    agent.calls(2, AUTH, SEND);
    assertThat(agent.call(AUTH)).isEqualTo(Judgement.ALLOW);
    assertThat(findings).isEmpty();
    // The fifth transition: 3 times auth to send, 2 times back.
    Judgement fifth = agent.call(SEND);
    Finding first = findings.get(agent.session.id() + " QT-SIG-1");
    double jsd = jsd(3, 2);
    assertThat(first.jsd()).isCloseTo(jsd, within(1e-12));
    assertThat(first.type()).isEqualTo("signature_match");
    assertThat(first.severity()).isEqualTo(Severity.HIGH);
    assertThat(first.revision()).isEqualTo(1);
    assertThat(first.toolUseId()).isNotNull();
    assertThat(fifth.decision()).isEqualTo(Decision.BLOCK);
    assertThat(fifth.score()).isCloseTo(0.8 * (1 - jsd / 0.25), within(1e-12));
    assertThat(fifth.reasons()).singleElement().asString().contains("QT-SIG-1");

    agent.call(AUTH);
    Finding second = findings.get(agent.session.id() + " QT-SIG-1");
    assertThat(second.jsd()).isZero();
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.revision()).isEqualTo(2);
    assertThat(second.timeNanos()).isEqualTo(first.timeNanos());
    // Farther again: the closest stays, the answer is still that of a match.
    assertThat(agent.call(SEND).decision()).isEqualTo(Decision.BLOCK);
    assertThat(findings.get(agent.session.id() + " QT-SIG-1")).isEqualTo(second);
    assertThat(revisions).hasSize(2);
  }

  /** The divergence of the two-cell flow (a, b) from (1/2, 1/2). */
  private static double jsd(int a, int b) {
    FlowMatrix flow = new FlowMatrix();
    for (int i = 0; i < a; i++) {
      flow.add(AUTH, SEND);
    }
    for (int i = 0; i < b; i++) {
      flow.add(SEND, AUTH);
    }
    return SignatureMatcher.divergence(flow, upload().build());
  }

  @Test
  void countsTransitionsWithinAndBetweenCalls() {
    use(upload().build());
    Agent agent = agent();
    agent.call(AUTH, SEND, AUTH);
    agent.call(SEND, AUTH);
    assertThat(findings).isEmpty();
    assertThat(agent.call(SEND).decision()).isEqualTo(Decision.BLOCK);
  }

  @Test
  void oneCallFromSeveralVantagesCountsOnce() {
    use(upload().build());
    Agent agent = agent();
    for (int i = 0; i < 5; i++) {
      agent.call("same-" + i % 2, AUTH, SEND);
    }
    assertThat(findings).isEmpty();
    Judgement matched = agent.call("third", AUTH, SEND);
    assertThat(matched.decision()).isEqualTo(Decision.BLOCK);
    assertThat(agent.call("third", AUTH, SEND)).isSameAs(matched);
    assertThat(agent.call("same-0", AUTH, SEND)).isEqualTo(Judgement.ALLOW);
  }

  @Test
  void filtersPlatformsAndDepth() {
    use(
        upload().id("cursor").agentTypes(List.of("cursor")).build(),
        upload().id("claude").agentTypes(List.of("codex", "claude-code")).build(),
        upload().id("deep").minDepth(1).build(),
        upload().id("deeper").minDepth(2).build());
    Agent root = agent();
    root.calls(4, AUTH, SEND);
    Agent child = new Agent("cursor", root, root.timeMs);
    child.calls(4, AUTH, SEND);
    assertThat(findings.keySet())
        .containsExactly(
            root.session.id() + " claude",
            child.session.id() + " cursor",
            child.session.id() + " deep");
  }

  @Test
  void expiryGoesByTheTimeOfTheEventsOrByTheClock() {
    Instant created = Instant.ofEpochMilli(START_MS);
    use(upload().createdAt(created).ttlHours(1).build());
    agent().calls(4, AUTH, SEND);
    assertThat(findings).hasSize(1);
    findings.clear();
    new Agent("claude-code", null, START_MS + Duration.ofHours(1).toMillis()).calls(4, AUTH, SEND);
    assertThat(findings).isEmpty();

    InstantSource late = InstantSource.fixed(created.plus(Duration.ofHours(2)));
    SignatureDetector live = new SignatureDetector(set::get, late);
    Agent agent = agent();
    SessionDetector watched = live.open(agent.session, agent.facts, agent::report);
    for (int i = 0; i < 10; i++) {
      IntentEvent intent =
          IntentEvent.builder(START_MS * 1_000_000L, agent.session.root(), "t")
              .toolUseId("c" + i)
              .build();
      watched.evaluate(intent, List.of(agent.action(i % 2 == 0 ? AUTH : SEND, "local", false)));
    }
    assertThat(findings).isEmpty();
  }

  @Test
  void theLaneAndTheSeverityCapTheAnswer() {
    assertThat(decision(Severity.CRITICAL, Lane.BLOCK)).isEqualTo(Decision.BLOCK);
    assertThat(decision(Severity.HIGH, Lane.ALERT)).isEqualTo(Decision.ALERT);
    assertThat(decision(Severity.HIGH, Lane.SHADOW)).isEqualTo(Decision.ALLOW);
    assertThat(decision(Severity.MEDIUM, Lane.BLOCK)).isEqualTo(Decision.ALERT);
    assertThat(decision(Severity.LOW, Lane.BLOCK)).isEqualTo(Decision.ALLOW);
    // Whatever the answer, the match is on record.
    assertThat(revisions).extracting(Finding::type).containsOnly("signature_match");
    assertThat(findings).hasSize(5);
  }

  private Decision decision(Severity severity, Lane lane) {
    ThreatSignature signature = upload().severity(severity).build();
    set.set(
        SignatureSet.of(
            List.of(new LoadedSignature(signature, Channel.GLOBAL, lane, null)), List.of()));
    return agent().calls(3, AUTH, SEND).decision();
  }

  @Test
  void aWindowFindsWhatALongSessionDrowns() {
    ThreatSignature whole = upload().id("whole").build();
    ThreatSignature last =
        upload().id("window").conditions(new FlowConditions(8, 5, List.of())).build();
    use(whole, last);
    Agent agent = agent();
    agent.calls(100, READ, WRITE);
    agent.calls(4, AUTH, SEND);
    assertThat(findings.keySet()).containsExactly(agent.session.id() + " window");
    assertThat(findings.values().iterator().next().jsd()).isCloseTo(jsd(4, 3), within(1e-12));
  }

  @Test
  void aSetThatComesLaterFindsItsWindowFilled() {
    use();
    Agent agent = agent();
    agent.calls(300, READ, WRITE);
    agent.calls(4, AUTH, SEND);
    use(upload().conditions(new FlowConditions(8, 5, List.of())).build());
    assertThat(agent.call(AUTH).decision()).isEqualTo(Decision.BLOCK);
  }

  @Test
  void shortWindowsStillNeedTheSessionsEvidence() {
    use(
        Flows.signature("w", Flows.shape(3, 6, 1))
            .severity(Severity.HIGH)
            .conditions(new FlowConditions(2, 5, List.of()))
            .build());
    Agent agent = agent();
    agent.call(AUTH, SEND);
    assertThat(findings).isEmpty();
    agent.calls(2, READ);
    assertThat(agent.call(AUTH, SEND).decision()).isEqualTo(Decision.BLOCK);
  }

  @Test
  void requiresFactsOfItsCells() {
    FlowConditions sensitive = require(Fact.SENSITIVE_TARGET);
    FlowConditions fresh = require(Fact.NEW_DESTINATION);
    FlowConditions both =
        new FlowConditions(0, 5, List.of(sensitive.require().get(0), fresh.require().get(0)));
    use(
        upload().id("sensitive").conditions(sensitive).build(),
        upload().id("fresh").conditions(fresh).build(),
        upload().id("both").conditions(both).build());
    Agent plain = agent();
    plain.calls(4, AUTH, SEND);
    assertThat(findings).isEmpty();

    Agent agent = agent();
    agent.calls(4, AUTH, SEND);
    // A sensitive target of another cell does not count.
    agent.call("a", "t", Map.of(), List.of(agent.action(SEND, "local", true)));
    agent.calls(4, AUTH, SEND);
    agent.calls(1, AUTH);
    agent.call("b", "t", Map.of(), List.of(agent.action(SEND, "evil.example", false)));
    assertThat(findings.keySet()).containsExactly(agent.session.id() + " fresh");
    // A sensitive start counts for the transition as well.
    agent.call("c", "t", Map.of(), List.of(agent.action(AUTH, "local", true)));
    agent.call("d", "t", Map.of(), List.of(agent.action(SEND, "evil.example", false)));
    assertThat(findings.keySet())
        .contains(agent.session.id() + " sensitive", agent.session.id() + " both");
  }

  private static FlowConditions require(Fact fact) {
    return new FlowConditions(0, 5, List.of(new FlowConditions.Requirement(AUTH, SEND, fact)));
  }

  @Test
  void aFactThatHasLeftTheWindowNoLongerCounts() {
    FlowConditions conditions =
        new FlowConditions(
            8, 5, List.of(new FlowConditions.Requirement(AUTH, SEND, Fact.NEW_DESTINATION)));
    use(upload().conditions(conditions).build());
    Agent agent = agent();
    agent.call("x", "t", Map.of(), List.of(agent.action(AUTH, "local", false)));
    agent.call("y", "t", Map.of(), List.of(agent.action(SEND, "evil.example", false)));
    agent.calls(10, READ, WRITE);
    agent.calls(8, AUTH, SEND);
    assertThat(findings).isEmpty();
  }

  @Test
  void suppressionsKeepItQuietInTheirScopeOnly() {
    Instant end = Instant.ofEpochMilli(START_MS).plusSeconds(3600);
    Agent agent = agent();
    for (Suppression fitting :
        List.of(
            new Suppression(null, "claude-code", null, null, null, end, "r"),
            new Suppression("QT-SIG-1", null, agent.session.id(), null, null, end, "r"),
            new Suppression(null, null, null, "deploy", null, end, "r"),
            new Suppression(null, null, null, null, "/w/app", end, "r"),
            new Suppression(null, null, null, null, "/w/more/z", end, "r"))) {
      assertThat(matched(fitting)).as("%s", fitting).isFalse();
    }
    for (Suppression other :
        List.of(
            new Suppression(null, "codex", null, null, null, end, "r"),
            new Suppression("QT-SIG-2", "claude-code", null, null, null, end, "r"),
            new Suppression(null, "claude-code", null, null, null, end.minusSeconds(3600), "r"),
            new Suppression(null, null, null, "deploy2", null, end, "r"),
            new Suppression(null, null, null, null, "/w/ap", end, "r"),
            new Suppression(null, null, null, null, "/w/app/x/y", end, "r"))) {
      assertThat(matched(other)).as("%s", other).isTrue();
    }
    // Five sessions, and in each one signature: however often it came near, one finding.
    assertThat(detector.suppressed()).isEqualTo(5);
    assertThat(detector.suppressedBy()).hasSize(5).allSatisfy((by, n) -> assertThat(n).isOne());
  }

  private boolean matched(Suppression suppression) {
    findings.clear();
    set.set(SignatureSet.of(List.of(Flows.loaded(upload().build())), List.of(suppression)));
    calls = 0;
    Agent agent = agent();
    agent.session.offer(Session.Field.WORKING_DIR, "/w", Session.Source.TRUTH);
    for (int i = 0; i < 8; i++) {
      agent.call(
          "c" + i,
          "deploy",
          Map.of("path", "/w/app/x", "edits", List.of(Map.of("file", "more/z"))),
          List.of(agent.action(i % 2 == 0 ? AUTH : SEND, "local", false)));
    }
    return !findings.isEmpty();
  }

  @Test
  void aPathThatClimbsOutIsNotSuppressed() {
    Instant end = Instant.ofEpochMilli(START_MS).plusSeconds(3600);
    set.set(
        SignatureSet.of(
            List.of(Flows.loaded(upload().build())),
            List.of(new Suppression(null, null, null, null, "/w", end, "r"))));
    Agent agent = agent();
    for (int i = 0; i < 8; i++) {
      agent.call(
          "c" + i,
          "t",
          Map.of("path", "/w/../home/u/.aws/credentials"),
          List.of(agent.action(i % 2 == 0 ? AUTH : SEND, "local", false)));
    }
    assertThat(findings).hasSize(1);
  }

  @Test
  void joinsDelegatedSubAgentsAndReportsOnTheRoot() {
    // Split over two agents: one reads the credentials, the other sends.
    use(
        Flows.signature("relay", Flows.shape(3, 3, 0.4, 3, 10, 0.1, 10, 6, 0.1, 6, 6, 0.4))
            .severity(Severity.CRITICAL)
            .build());
    Agent root = agent();
    root.calls(5, AUTH);
    root.call(DELEGATE);
    Agent child = new Agent("claude-code", root, root.timeMs + 20);
    Judgement last = child.calls(5, SEND);
    assertThat(findings.keySet()).containsExactly(root.session.id() + " relay");
    Finding joint = findings.get(root.session.id() + " relay");
    assertThat(joint.jsd()).isCloseTo(0, within(1e-9));
    assertThat(joint.reason()).contains("sub-agents");
    assertThat(last.decision()).isEqualTo(Decision.BLOCK);
  }

  @Test
  void joinsNobodyWithoutADelegationJustBefore() {
    use(Flows.signature("relay", Flows.shape(3, 3, 0.4, 10, 6, 0.1, 6, 6, 0.4)).build());
    Agent root = agent();
    root.calls(5, AUTH);
    new Agent("claude-code", root, root.timeMs + 20).calls(5, SEND);
    root.call(DELEGATE);
    new Agent("claude-code", root, root.timeMs - 5000).calls(5, SEND);
    new Agent("claude-code", root, root.timeMs + 121_000).calls(5, SEND);
    assertThat(findings).isEmpty();
  }

  @Test
  void saysNothingAfterTheEnd() {
    use(upload().build());
    Agent agent = agent();
    agent.watched.end();
    agent.calls(5, AUTH, SEND);
    assertThat(findings).isEmpty();
  }

  @Test
  void tellsTheOtherGatesThatOutputWasSeen() {
    use();
    Agent agent = agent();
    agent.call(READ);
    assertThat(agent.facts.holds(Fact.TOOL_OUTPUT_SEEN)).isFalse();
    FlowConditions seen =
        new FlowConditions(
            0, 1, List.of(new FlowConditions.Requirement(READ, READ, Fact.TOOL_OUTPUT_SEEN)));
    use(Flows.signature("seen", Flows.shape(0, 0, 1)).conditions(seen).build());
    agent.call(READ);
    agent.call(READ);
    assertThat(findings.keySet()).containsExactly(agent.session.id() + " seen");
  }

  @Test
  void anActionAllocatesNothingHoweverRareItsKind() {
    set.set(SignatureSet.of(BuiltInSignatures.all(), List.of()));
    Agent agent = agent();
    IntentEvent plain =
        IntentEvent.builder(1, agent.session.root(), "tool").toolUseId("toolu_plain").build();
    IntentEvent mail =
        IntentEvent.builder(1, agent.session.root(), "send_mail")
            .arguments(Arguments.of(Map.of("to", "a@example.org", "body", "x")))
            .build();
    List<Action> read = List.of(agent.action(READ, Action.LOCAL, false));
    List<Action> send = List.of(agent.action(SEND, Action.LOCAL, false));
    for (int i = 0; i < 2_000; i++) {
      agent.watched.evaluate(plain, read);
    }
    agent.watched.evaluate(mail, send);
    IntentEvent[] unanswered = new IntentEvent[20];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < unanswered.length; i++) {
      unanswered[i] =
          IntentEvent.builder(1, agent.session.root(), "tool").toolUseId("toolu_s" + i).build();
      assertThat(unanswered[i].toolUseId().hashCode()).isNotZero();
    }
    // Too few for the compiler to remove what is allocated: a rare kind of action never is
    // compiled.
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 20; i++) {
      agent.watched.evaluate(i % 2 == 0 ? mail : unanswered[i], send);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isZero();
  }
}
