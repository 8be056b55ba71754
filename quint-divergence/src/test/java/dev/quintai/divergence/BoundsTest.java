package dev.quintai.divergence;

import static dev.quintai.divergence.Scenario.AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.AgentIds;
import dev.quintai.core.Finding;
import dev.quintai.core.Session;
import dev.quintai.core.SessionFacts;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.snapshot.SnapshotException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** However much a session does, its state stays inside its bound, and says what it gave up. */
class BoundsTest {
  private static final int BOUND = 64 * 1024;

  private final Map<String, Finding> last = new HashMap<>();
  private final SessionMatcher matcher =
      new DivergenceDetector(DivergenceSettings.DEFAULTS.withMaxBytes(BOUND))
          .open(session(), new SessionFacts(), f -> last.put(f.id(), f));

  private static Session session() {
    ProcessId root = new ProcessId(AGENT, Scenario.time(0) / 1_000_000L);
    return new Session(root, "claude-code", null, AgentIds.agentId("m", 1, "claude-code", null));
  }

  private void feed(List<Event> events) {
    int n = 0;
    for (Event event : events) {
      matcher.on(event);
      if (n++ % 64 == 0) {
        assertThat(matcher.stateBytes()).as("event %s", n).isLessThanOrEqualTo(BOUND);
      }
    }
  }

  @Test
  void unexplainedTruths() throws SnapshotException {
    Scenario s = new Scenario();
    String deep = "/srv/" + "a-long-name/".repeat(40);
    for (int i = 1; i < 3000; i++) {
      int pid = 100 + i;
      s.fork(pid, AGENT).again(pid / 100.0 + 0.001, pid, AGENT, "/opt/x/tool", "tool", deep + i);
      s.reads(pid / 100.0 + 0.002, pid, "/home/ann/.ssh/id_rsa");
    }
    feed(s.events);
    int before = last.size();
    byte[] bytes = matcher.snapshot();
    assertThat(bytes.length).isLessThan(8 * BOUND);
    new DivergenceDetector(DivergenceSettings.DEFAULTS.withMaxBytes(BOUND)).restore(bytes, f -> {});
    matcher.end();
    assertThat(last.size()).isGreaterThanOrEqualTo(before);
    assertThat(matcher.evicted()).isPositive();
    assertThat(last.values()).as("none is lost").hasSize(2 * 2999);
    assertThat(last.values()).anyMatch(f -> f.reason().contains("(evicted)"));
  }

  @Test
  void callsWithoutResults() {
    Scenario s = new Scenario();
    for (int i = 0; i < 3000; i++) {
      s.bash(1 + i / 50.0, "gcc -c -O2 " + "-I/usr/include/lib ".repeat(10) + "file" + i + ".c");
    }
    feed(s.events);
    matcher.end();
    assertThat(matcher.evicted()).isPositive();
    long unseen = last.values().stream().filter(f -> f.toolUseId() != null).count();
    assertThat(unseen).as("each call is told").isEqualTo(3000);
  }

  /** Codex wraps each command in some forty kilobytes, twice; they are nothing to keep. */
  @Test
  void longWrappersFillNoSession() {
    Scenario s = new Scenario();
    String wrapper = "export LONG='" + "x".repeat(40_000) + "'; ";
    for (int i = 0; i < 20; i++) {
      s.bash(10, "wc -l " + i + ".txt");
    }
    for (int i = 0; i < 20; i++) {
      String line = "wc -l " + i + ".txt";
      s.exec(1001 + i, AGENT, "/usr/bin/bash", "bash", "-c", wrapper + line);
      s.again(11 + i / 100.0, 1001 + i, AGENT, "/usr/bin/bash", "bash", "-c", line);
    }
    SessionMatcher usual =
        new DivergenceDetector().open(session(), new SessionFacts(), f -> last.put(f.id(), f));
    s.events.forEach(usual::on);
    usual.end();
    assertThat(last).isEmpty();
    assertThat(usual.evicted()).isZero();
  }

  @Test
  void aCallLargerThanTheBound() {
    Scenario s = new Scenario();
    s.bash(1, "cat <<E\n" + "x".repeat(4 * BOUND) + "\nE");
    s.exec(200, AGENT, "/bin/bash", "bash", "-c", "true");
    s.read(3, "/srv/x");
    s.reads(3.1, AGENT, "/srv/x");
    feed(s.events);
    assertThat(matcher.stateBytes()).isLessThanOrEqualTo(BOUND);
  }

  @Test
  void nothingGrowsWithTheLengthOfASession() {
    Scenario s = new Scenario();
    List<Long> sizes = new ArrayList<>();
    for (int i = 1; i <= 2000; i++) {
      int pid = 500 * i;
      double t = pid / 100.0;
      String call = s.bash(t - 0.1, "make target" + i);
      s.exec(pid, AGENT, "/usr/bin/make", "make", "target" + i);
      s.reads(t + 0.1, pid, "/home/ann/shop/file" + i);
      s.exit(t + 0.5, pid);
      s.result(t + 0.6, call);
    }
    int n = 0;
    for (Event event : s.events) {
      matcher.on(event);
      if (++n % 2000 == 0) {
        sizes.add(matcher.stateBytes());
      }
    }
    assertThat(matcher.evicted()).isZero();
    assertThat(last).isEmpty();
    assertThat(Collections.max(sizes)).isLessThan(32 * 1024L);
    assertThat(sizes.get(sizes.size() - 1)).isLessThan(sizes.get(1) * 5 / 4);
  }
}
