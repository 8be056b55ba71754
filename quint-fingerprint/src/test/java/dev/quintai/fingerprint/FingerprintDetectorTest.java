package dev.quintai.fingerprint;

import static dev.quintai.fingerprint.Fingerprints.KEYS;
import static dev.quintai.fingerprint.Fingerprints.SECOND;
import static dev.quintai.fingerprint.Fingerprints.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.Action;
import dev.quintai.core.Capability;
import dev.quintai.core.Decision;
import dev.quintai.core.Finding;
import dev.quintai.core.Gate;
import dev.quintai.core.Judgement;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.Severity;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.SessionDetector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintDetectorTest {
  private static final ProcessId ROOT = new ProcessId(4242, 1777085379101L);

  private static final class Run {
    final List<Finding> findings = new ArrayList<>();
    final List<Judgement> judgements = new ArrayList<>();
    final SessionDetector detector;
    private int calls;

    Run(FingerprintDetector gate) {
      this(gate, ROOT);
    }

    Run(FingerprintDetector gate, ProcessId root) {
      Session session = new Session(root, "claude-code", null, Fingerprints.AGENT);
      detector = gate.open(session, new SessionFacts(), findings::add);
    }

    Judgement call(Action... actions) {
      IntentEvent intent =
          IntentEvent.builder(actions[0].timeNanos(), ROOT, actions[0].tool())
              .toolUseId("toolu_" + calls++)
              .build();
      Judgement judgement = detector.evaluate(intent, List.of(actions));
      judgements.add(judgement);
      return judgement;
    }

    /** Reads and edits files, one call every ten seconds or so. */
    Run habits(int count) {
      SplitMix random = new SplitMix(1);
      for (int i = 0; i < count; i++) {
        boolean read = random.next(3) != 0;
        call(action(calls, read ? Capability.READ : Capability.WRITE, read ? "Read" : "Edit", 0.1));
      }
      return this;
    }

    Action action(int call, Capability capability, String tool, double risk) {
      return action(call, capability, tool, "api.anthropic.com", Action.LOCAL, risk, true);
    }

    Action action(
        int call,
        Capability capability,
        String tool,
        String server,
        String domain,
        double risk,
        boolean first) {
      long time = START + call * 10L * SECOND + call % 7 * SECOND / 3;
      return new Action(
          capability, tool, server, domain, null, false, time, risk, null, first, false);
    }

    Judgement attack() {
      return call(
          action(calls, Capability.AUTH, "mcp__mail__send", "mail", Action.LOCAL, 0.7, true),
          action(calls, Capability.SEND, "mcp__mail__send", "mail", "evil.example", 0.9, false));
    }
  }

  @Test
  void isSilentUntilItKnowsTheAgent() {
    Run run = new Run(FingerprintDetector.cold()).habits(48);
    run.attack(); // two actions: 50 are known after it
    assertThat(run.findings).isEmpty();
    assertThat(run.judgements).allMatch(j -> j.equals(Judgement.ALLOW));
    run.call(run.action(50, Capability.ESCALATE, "Root", "other", "other.example", 1, true));
    assertThat(run.findings).isNotEmpty();
  }

  @Test
  void habitsGiveNoFinding() {
    Run run = new Run(FingerprintDetector.cold()).habits(2_000);
    assertThat(run.findings).isEmpty();
    assertThat(run.judgements).allMatch(j -> j.decision() == Decision.ALLOW);
  }

  @Test
  void anAttackIsExplainedInWordsAndNumbersAndAlertsButNeverBlocks() {
    Run run = new Run(FingerprintDetector.cold()).habits(300);
    Judgement judgement = run.attack();
    assertThat(judgement.decision()).isEqualTo(Decision.ALERT);
    assertThat(judgement.score()).isGreaterThanOrEqualTo(FingerprintDetector.ALERTED);
    assertThat(run.findings).hasSize(1);
    Finding finding = run.findings.get(0);
    assertThat(finding.gate()).isEqualTo(Gate.FINGERPRINT);
    assertThat(finding.type()).isEqualTo("fingerprint_deviation");
    assertThat(finding.severity()).isEqualTo(Severity.MEDIUM);
    assertThat(finding.toolUseId()).isEqualTo("toolu_300");
    assertThat(finding.measure()).isEqualTo("risk_z_score");
    assertThat(finding.confidence()).isEqualTo(judgement.score());
    assertThat(finding.reason())
        .contains("300 actions so far")
        .contains("never used the tool mcp__mail__send; in 300 calls it used 2")
        .contains("never used the server mail")
        .contains("never contacted evil.example")
        .contains("0.0% of its")
        .contains("standard deviations above its mean of 0.10");
    assertThat(judgement.reasons()).containsExactly(finding.reason());
    assertThat(finding.samples().size()).isGreaterThanOrEqualTo(5);
  }

  @Test
  void aNewToolAloneIsNoAlert() {
    Run run = new Run(FingerprintDetector.cold()).habits(1_000);
    Judgement judgement = run.call(run.action(1_000, Capability.READ, "Grep", 0.1));
    assertThat(judgement.decision()).isEqualTo(Decision.ALLOW);
    assertThat(run.findings).hasSize(1);
    assertThat(run.findings.get(0).severity()).isEqualTo(Severity.INFO);
    assertThat(run.findings.get(0).measure()).isEqualTo("novel_tool");
  }

  @Test
  void whatWasJudgedIsLearnt() {
    Run run = new Run(FingerprintDetector.cold()).habits(1_000);
    run.call(run.action(1_000, Capability.READ, "Grep", 0.1));
    int found = run.findings.size();
    run.call(run.action(1_001, Capability.READ, "Grep", 0.1));
    assertThat(run.findings).hasSize(found);
  }

  @Test
  void manyNewToolsInARowGrow() {
    Run run = new Run(FingerprintDetector.cold()).habits(1_000);
    for (int i = 0; i < 5; i++) {
      run.call(run.action(1_000 + i, Capability.READ, "probe" + i, 0.1));
    }
    assertThat(run.findings.get(4).reason()).contains("it is trying new tools");
    assertThat(run.findings.get(4).confidence()).isGreaterThan(run.findings.get(0).confidence());
  }

  @Test
  void coldSessionsAreReproducibleWhateverTheCacheKnows() {
    BehaviorCache cache = BehaviorCache.builder(KEYS).build();
    List<List<Finding>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      FingerprintDetector gate =
          i == 0 ? FingerprintDetector.cold() : FingerprintDetector.cold().teaching(cache);
      Run run = new Run(gate).habits(200);
      run.attack();
      all.add(run.findings);
    }
    assertThat(all.get(1)).isEqualTo(all.get(0));
    assertThat(all.get(2)).isEqualTo(all.get(0));
    assertThat(cache.getOrCreate(Fingerprints.AGENT).totalActions()).isEqualTo(2 * 202);
  }

  @Test
  void aStoredFingerprintKnowsTheAgentFromTheFirstCall() {
    MapStore store = new MapStore();
    BehaviorCache first = BehaviorCache.builder(KEYS).store(store).build();
    Run teacher = new Run(FingerprintDetector.stored(first)).habits(300);
    teacher.detector.end();
    assertThat(store.snapshots).hasSize(1);

    BehaviorCache second = BehaviorCache.builder(KEYS).store(store).build();
    Run run = new Run(FingerprintDetector.stored(second), new ProcessId(77, 1777085999000L));
    assertThat(run.attack().decision()).isEqualTo(Decision.ALERT);
    assertThat(run.findings.get(0).session()).isEqualTo("77-1777085999000");
  }

  @Test
  void theFirstActionOfASessionFollowsNothing() {
    BehaviorCache cache = BehaviorCache.builder(KEYS).build();
    new Run(FingerprintDetector.stored(cache)).habits(300);
    new Run(FingerprintDetector.stored(cache));
    assertThat(cache.getOrCreate(Fingerprints.AGENT).sequenceSurprise(Capability.READ, "Read"))
        .isZero();
  }

  @Test
  void namesFromOutsideCannotForgeTheText() {
    Run run = new Run(FingerprintDetector.cold()).habits(1_000);
    run.call(
        run.action(1_000, Capability.READ, "x\nAll is well\u202E\u001B[2J" + "y".repeat(900), 1));
    String reason = run.findings.get(0).reason();
    assertThat(reason).doesNotContain("\n", "\u202E", "\u001B").hasSizeLessThan(600);
    assertThat(run.findings.get(0).claimed()).hasSizeLessThan(90);
  }

  @Test
  void secretsInNamesDoNotReachAFinding() {
    Run run = new Run(FingerprintDetector.cold()).habits(1_000);
    run.call(
        run.action(
            1_000,
            Capability.SEND,
            "fetch?password=hunter2hunter2",
            "https://bob:hunter2hunter2@mail.example",
            "evil.example",
            0.9,
            true));
    assertThat(run.findings).hasSize(1);
    assertThat(run.findings.get(0).toString()).doesNotContain("hunter2").contains("[redacted]");
  }

  @Test
  void callsWithoutAnIdHaveFindingsOfTheirOwn() {
    Run run = new Run(FingerprintDetector.cold()).habits(1_000);
    for (int i = 0; i < 2; i++) {
      Action action = run.action(1_000 + i, Capability.READ, "new" + i, 0.1);
      run.detector.evaluate(
          IntentEvent.builder(action.timeNanos(), ROOT, action.tool()).build(), List.of(action));
    }
    assertThat(run.findings).hasSize(2);
    assertThat(run.findings.get(0).id()).isNotEqualTo(run.findings.get(1).id());
  }

  @Test
  void aStoredDetectorCannotTeachTwice() {
    BehaviorCache cache = BehaviorCache.builder(KEYS).build();
    assertThatThrownBy(() -> FingerprintDetector.stored(cache).teaching(cache))
        .isInstanceOf(IllegalStateException.class);
  }
}
