package dev.quintai.divergence;

import static dev.quintai.divergence.Scenario.AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.Finding;
import dev.quintai.core.event.IntentEvent.Vantage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One call seen from several places is one call; a place that says something else is told. */
class VantageTest {
  private final Scenario s = new Scenario();

  @Test
  void fourSightsAreOneCall() {
    String call = s.bash(10, "make all");
    s.sight(10.1, call, Vantage.HOOK, "Bash", Map.of("command", "make all", "timeout", 5L));
    s.sight(10.2, call, Vantage.TRANSCRIPT, "bash", Map.of("command", " make all\n"));
    s.sight(10.3, call, Vantage.MCP, "run", Map.of("x", "y"));
    s.exec(1100, AGENT, "/usr/bin/make", "make", "all");
    s.result(12, call);
    assertThat(s.brief()).isEmpty();
  }

  @Test
  void theEarliestSightIsTheCallsTime() {
    s.sight(10, "x", Vantage.HOOK, "Read", Map.of("file_path", "/srv/a"));
    s.sight(45, "x", Vantage.PROXY, "Read", Map.of("file_path", "/srv/a"));
    s.reads(46, AGENT, "/srv/a");
    s.result(47, "x");
    assertThat(s.brief()).containsExactly("timing_mismatch low file_read 100 x");
  }

  @Test
  void aSightThatSaysMoreIsBelieved() {
    s.sight(10, "x", Vantage.MCP, "files__get", Map.of("id", "a"));
    s.sight(10.1, "x", Vantage.HOOK, "Read", Map.of("file_path", "/srv/a"));
    s.reads(10.5, AGENT, "/srv/a");
    s.result(11, "x");
    assertThat(s.brief()).isEmpty();
  }

  @Test
  void aSightThatContradictsIsTold() {
    String call = s.bash(10, "cat notes.txt");
    s.sight(10.1, call, Vantage.HOOK, "Bash", Map.of("command", "cat /etc/shadow"));
    s.sight(10.2, call, Vantage.TRANSCRIPT, "Bash", Map.of("command", "cat /etc/passwd"));
    s.exec(1100, AGENT, "/usr/bin/cat", "cat", "notes.txt");
    s.result(12, call);
    List<Finding> findings = s.findings();
    assertThat(findings).hasSize(1);
    Finding finding = findings.get(0);
    assertThat(Scenario.brief(finding)).isEqualTo("target_mismatch high " + call);
    assertThat(finding.claimed()).isEqualTo("Bash: cat notes.txt");
    assertThat(finding.observed()).isEqualTo("Bash: cat /etc/shadow");
    assertThat(finding.reason()).contains("seen by hook");
  }

  @Test
  void anotherFileContradictsAndAnotherSpellingDoesNot() {
    String one = s.read(10, "/home/ann/shop/a.ts");
    s.sight(10.1, one, Vantage.HOOK, "Read", Map.of("path", "./a.ts"));
    s.reads(10.5, AGENT, "/home/ann/shop/a.ts");
    s.result(11, one);
    String two = s.read(20, "/home/ann/shop/b.ts");
    s.sight(20.1, two, Vantage.HOOK, "Read", Map.of("path", "/srv/b.ts"));
    s.reads(20.5, AGENT, "/home/ann/shop/b.ts");
    s.result(21, two);
    assertThat(s.brief()).containsExactly("target_mismatch high " + two);
  }

  /** What a source of intents lost may have declared what is unexplained: half as sure. */
  @Test
  void aLossOfASourceOfIntentsHalvesTheConfidence() {
    s.sight(10, "x", Vantage.PROXY, "Read", Map.of("file_path", "/srv/a"));
    s.reads(10.5, AGENT, "/srv/a");
    s.result(11, "x");
    s.loses(16, "proxy");
    s.reads(15, AGENT, "/srv/b");
    s.reads(60, AGENT, "/srv/c");
    List<Finding> findings = s.findings();
    assertThat(findings).hasSize(2);
    assertThat(findings.get(0).confidence()).isEqualTo(findings.get(1).confidence() * 0.5);
    assertThat(findings.get(0).reason()).contains("lost events");
    assertThat(findings.get(1).reason()).doesNotContain("lost events");
  }
}
