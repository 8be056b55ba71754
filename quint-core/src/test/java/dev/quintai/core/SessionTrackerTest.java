package dev.quintai.core;

import static dev.quintai.core.Events.agent;
import static dev.quintai.core.Events.exec;
import static dev.quintai.core.Events.exit;
import static dev.quintai.core.Events.fork;
import static dev.quintai.core.Events.intent;
import static dev.quintai.core.Events.nanos;
import static dev.quintai.core.Events.process;
import static dev.quintai.core.Events.read;
import static dev.quintai.core.Events.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessId;
import org.junit.jupiter.api.Test;

class SessionTrackerTest {

  private static final ProcessId ROOT = process(100, 0);
  private static final ProcessId SHELL = process(101, 500);
  private static final ProcessId TOOL = process(102, 600);

  private final SessionTracker tracker = new SessionTracker("m", Events::platform, 1_000);

  private Session startAgent() {
    return tracker.observe(agent(10, ROOT, 1, "claude-code"));
  }

  @Test
  void namesASessionByItsRootAndStart() {
    Session session = startAgent();
    assertThat(session.id()).isEqualTo("100-1700000000000");
    assertThat(session.depth()).isZero();
    assertThat(session.cloudId())
        .isEqualTo(
            AgentIds.uuid5(
                AgentIds.OID,
                "100_1700000000000".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(session.cloudId().version()).isEqualTo(5);
  }

  @Test
  void uuidsFollowTheStandardsOwnExample() {
    // RFC 9562, A.4: www.example.com in the DNS namespace
    assertThat(
            AgentIds.uuid5(
                java.util.UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
                "www.example.com".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .hasToString("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  }

  @Test
  void descendantsBelongToTheirAgent() {
    Session session = startAgent();
    assertThat(tracker.observe(fork(500, ROOT, SHELL))).isSameAs(session);
    assertThat(tracker.observe(exec(510, SHELL, 100, "/bin/sh"))).isSameAs(session);
    assertThat(tracker.observe(fork(600, SHELL, TOOL))).isSameAs(session);
    assertThat(tracker.observe(read(700, TOOL, "/w/a"))).isSameAs(session);
    assertThat(tracker.sessionByPid(102)).isSameAs(session);
  }

  @Test
  void aProcessKnownOnlyByItsExecIsFoundThroughItsParent() {
    Session session = startAgent();
    assertThat(tracker.observe(exec(510, SHELL, 100, "/bin/sh"))).isSameAs(session);
  }

  @Test
  void strangersBelongToNobodyAndAreCounted() {
    startAgent();
    assertThat(tracker.observe(read(10, process(7, 0), "/w/a"))).isNull();
    assertThat(tracker.unattributed()).isEqualTo(1);
  }

  @Test
  void anAgentBelowAnAgentHasASessionOfItsOwn() {
    Session parent = startAgent();
    tracker.observe(fork(500, ROOT, SHELL));
    tracker.observe(exec(510, SHELL, 100, "/bin/sh"));
    tracker.observe(fork(600, SHELL, TOOL));
    assertThat(tracker.observe(exec(610, TOOL, 101, "/opt/claude-code")))
        .as("the exec that starts it is the parent's act")
        .isSameAs(parent);
    Session child = tracker.sessionByPid(102);
    assertThat(child).isNotSameAs(parent);
    assertThat(child.parentSessionId()).isEqualTo(parent.id());
    assertThat(child.depth()).isEqualTo(1);
    assertThat(child.agentId())
        .isEqualTo(AgentIds.agentId("m", 501, "claude-code", "claude-code"))
        .isNotEqualTo(parent.agentId());
    assertThat(tracker.observe(read(700, TOOL, "/w/a"))).isSameAs(child);
  }

  @Test
  void theSameProgramStartedAgainDirectlyStaysInTheSession() {
    Session session = tracker.observe(agent(10, ROOT, 1, "gemini-cli"));
    tracker.observe(fork(500, ROOT, SHELL));
    tracker.observe(exec(510, SHELL, 100, "/opt/gemini-cli"));
    assertThat(tracker.sessionByPid(101)).isSameAs(session);
    tracker.observe(agent(520, SHELL, 100, "gemini-cli"));
    assertThat(tracker.sessionByPid(101)).isSameAs(session);
  }

  @Test
  void aDeclaredAgentHasASessionOfItsOwn() {
    Session parent = startAgent();
    Session child = tracker.observe(agent(500, SHELL, 100, "claude-code"));
    assertThat(child.parentSessionId()).isEqualTo(parent.id());
    Session grandchild = tracker.observe(agent(600, TOOL, 101, "claude-code"));
    assertThat(grandchild.depth()).isEqualTo(2);
  }

  @Test
  void anotherAgentStartedDirectlyIsASubAgent() {
    Session session = tracker.observe(agent(10, ROOT, 1, "gemini-cli"));
    tracker.observe(fork(500, ROOT, SHELL));
    tracker.observe(exec(510, SHELL, 100, "/opt/codex"));
    assertThat(tracker.sessionByPid(101).parentSessionId()).isEqualTo(session.id());
  }

  @Test
  void aLaunchersAgentIsRecognisedInTheLaunchersSession() {
    Session session = tracker.observe(agent(10, ROOT, 1, SessionTracker.GENERIC));
    tracker.observe(fork(500, ROOT, SHELL));
    tracker.observe(exec(510, SHELL, 100, "/opt/codex"));
    assertThat(tracker.sessionByPid(101)).isSameAs(session);
    assertThat(session.platform()).isEqualTo("codex");
    assertThat(session.agentProcess()).isEqualTo(SHELL);
  }

  @Test
  void anAgentThatHasSpokenIsNoLauncher() {
    Session session = tracker.observe(agent(10, ROOT, 1, SessionTracker.GENERIC));
    tracker.observe(intent(20, ROOT, "t1"));
    tracker.observe(fork(500, ROOT, SHELL));
    tracker.observe(exec(510, SHELL, 100, "/opt/codex"));
    assertThat(tracker.sessionByPid(101).parentSessionId()).isEqualTo(session.id());
  }

  @Test
  void aReusedPidIsAnotherProcess() {
    Session session = startAgent();
    tracker.observe(fork(500, ROOT, SHELL));
    tracker.observe(exit(900, SHELL));
    assertThat(tracker.observe(read(950, SHELL, "/w/late"))).isSameAs(session);
    ProcessId stranger = process(101, 60_000);
    assertThat(tracker.observe(exec(60_001, stranger, 1, "/usr/bin/curl"))).isNull();
    assertThat(tracker.observe(read(60_002, ProcessId.ofPid(101), "/w/x"))).isNull();
  }

  /** Many sensors tell no start times; pids may come round within the grace of an ended process. */
  @Test
  void aReusedPidWithoutStartTimesIsAnotherProcess() {
    startAgent();
    ProcessId bare = ProcessId.ofPid(101);
    tracker.observe(fork(500, ROOT, bare));
    tracker.observe(exit(900, bare));
    assertThat(tracker.observe(read(950, bare, "/w/late"))).isNotNull();
    assertThat(tracker.observe(exec(1_000, bare, 1, "/usr/bin/curl"))).isNull();
    assertThat(tracker.observe(read(1_010, bare, "/w/x"))).isNull();
    tracker.observe(exit(1_100, bare));
    tracker.observe(fork(1_200, ROOT, bare));
    assertThat(tracker.observe(read(1_210, bare, "/w/y"))).isNotNull();
    assertThat(tracker.observe(read(60_000, bare, "/w/z"))).isNotNull();
  }

  @Test
  void aStartAfterTheEndOfAProcessIsNotItsOwn() {
    startAgent();
    tracker.observe(fork(500, ROOT, ProcessId.ofPid(101)));
    tracker.observe(exit(900, ProcessId.ofPid(101)));
    assertThat(tracker.observe(exec(1_000, process(101, 999), 1, "/usr/bin/curl"))).isNull();
    assertThat(tracker.observe(read(1_010, process(101, 999), "/w/x"))).isNull();
  }

  @Test
  void eventsUpToTenSecondsAfterTheEndStillCount() {
    Session session = startAgent();
    tracker.observe(exit(1_000, ROOT));
    assertThat(tracker.observe(read(11_000, ROOT, "/w/a"))).isSameAs(session);
    assertThat(tracker.observe(read(11_001, ROOT, "/w/b"))).isNull();
  }

  @Test
  void descendantsHoldTheSessionOpenForAnHour() {
    startAgent();
    tracker.observe(fork(500, ROOT, SHELL));
    tracker.observe(exit(1_000, ROOT));
    assertThat(tracker.observe(read(3_600_000, SHELL, "/w/a"))).isNotNull();
    assertThat(tracker.advance(nanos(3_600_000))).isEmpty();
    assertThat(tracker.observe(read(3_612_000, SHELL, "/w/a"))).isNull();
    assertThat(tracker.advance(nanos(3_612_000))).hasSize(1);
    assertThat(tracker.sessions()).isEmpty();
  }

  @Test
  void aResultBelongsToItsCallsSession() {
    Session session = startAgent();
    tracker.observe(intent(20, ROOT, "t1"));
    assertThat(tracker.observe(result(30, "t1"))).isSameAs(session);
    assertThat(tracker.observe(result(30, "t2"))).isNull();
  }

  @Test
  void aLowerRankedSourceNeverOverwrites() {
    Session session = startAgent();
    assertThat(session.offer(Session.Field.WORKING_DIR, "/proxy", Session.Source.PROXY)).isTrue();
    assertThat(session.offer(Session.Field.WORKING_DIR, "/lsof", Session.Source.LSOF)).isFalse();
    assertThat(session.workingDir()).isEqualTo("/proxy");
    assertThat(session.sourceOf(Session.Field.WORKING_DIR)).isEqualTo(Session.Source.PROXY);
  }

  @Test
  void whatLsofSaysRanksBelowWhatTheSystemSays() {
    tracker.observe(agentIn(10, null, "scanner"));
    Session session = tracker.observe(agentIn(10, "/lsof", "lsof"));
    assertThat(session.workingDir()).isEqualTo("/lsof");
    assertThat(session.sourceOf(Session.Field.WORKING_DIR)).isEqualTo(Session.Source.LSOF);
    tracker.observe(exec(20, ROOT, 1, "/opt/claude-code"));
    assertThat(session.workingDir()).isEqualTo("/w");
    tracker.observe(agentIn(30, "/lsof", "lsof"));
    assertThat(session.workingDir()).isEqualTo("/w");
  }

  private static AgentProcess agentIn(long ms, String cwd, String sensor) {
    return new AgentProcess(
        Events.nanos(ms), ROOT, Origin.of(sensor), 1, "claude-code", null, cwd, null);
  }

  @Test
  void processesAreBoundedAndForgettingIsCounted() {
    SessionTracker small = new SessionTracker("m", Events::platform, 10);
    small.observe(agent(10, ROOT, 1, "codex"));
    for (int i = 0; i < 100; i++) {
      ProcessId child = process(1_000 + i, 20 + i);
      small.observe(fork(20 + i, ROOT, child));
      small.observe(exit(21 + i, child));
    }
    assertThat(small.evictedProcesses()).isEqualTo(91);
    assertThat(small.sessionByPid(100)).isNotNull();
  }

  @Test
  void theCategoryComesFromThePlatform() {
    SessionTracker known =
        new SessionTracker("m", dev.quintai.core.platform.PlatformDetector.defaults(), 100);
    Session session = known.observe(agent(10, ROOT, 1, "claude-code"));
    assertThat(session.get(Session.Field.CATEGORY)).isEqualTo("cli");
    assertThat(session.sourceOf(Session.Field.CATEGORY)).isEqualTo(Session.Source.COMPUTED);
    Session other = known.observe(agent(20, process(200, 5), 1, "cursor"));
    assertThat(other.get(Session.Field.CATEGORY)).isEqualTo("electron");
  }

  @Test
  void childrenAreTheProcessesThatLiveBelowTheRoot() {
    Session session = startAgent();
    tracker.observe(fork(500, ROOT, SHELL));
    tracker.observe(fork(600, SHELL, TOOL));
    assertThat(tracker.childPids(session.id())).containsExactly(101, 102);
    tracker.observe(exit(700, SHELL));
    assertThat(tracker.childPids(session.id())).containsExactly(102);
    assertThat(tracker.childPids("1-1")).isEmpty();
  }

  @Test
  void parallelSessionsOfOneUserAreApart() {
    Session one = startAgent();
    Session two = tracker.observe(agent(20, process(200, 5), 1, "claude-code"));
    assertThat(two.id()).isNotEqualTo(one.id());
    assertThat(two.agentId()).isEqualTo(one.agentId());
    tracker.observe(fork(500, ROOT, SHELL));
    assertThat(tracker.observe(read(510, SHELL, "/w/a"))).isSameAs(one);
    assertThat(tracker.observe(read(510, process(200, 5), "/w/a"))).isSameAs(two);
  }

  /** An agent that ran before us is found by a scanner: its children count from then on. */
  @Test
  void anAgentStartedBeforeUsIsTakenUp() {
    ProcessId old = process(300, -3_600_000);
    assertThat(tracker.observe(read(5, old, "/w/a"))).isNull();
    Session session = tracker.observe(agent(10, old, 1, "codex"));
    assertThat(session.id()).isEqualTo("300-" + (Events.T0 - 3_600_000));
    tracker.observe(fork(20, old, SHELL));
    assertThat(tracker.observe(exec(21, SHELL, 300, "/bin/sh"))).isSameAs(session);
  }
}
