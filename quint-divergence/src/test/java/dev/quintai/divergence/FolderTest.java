package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.FinalFindings;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.platform.PlatformDetector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where the agent works: relative names and what it reads by itself depend on it. */
class FolderTest {

  private static final String CLAUDE = "/home/ann/.local/share/claude/versions/2.1.4/claude";

  private static Event agent(double at, String sensor, String cwd) {
    ProcessId root = new ProcessId(Scenario.AGENT, Scenario.time(0) / 1_000_000L);
    return new AgentProcess(
        Scenario.time(at), root, Origin.of(sensor), 1, "claude-code", CLAUDE, cwd, "/home/ann");
  }

  private static Event exec(
      double at, int pid, int parent, String cwd, String exe, String... argv) {
    double start = pid == Scenario.AGENT ? 0 : pid / 100.0;
    ProcessId process = new ProcessId(pid, Scenario.time(start) / 1_000_000L);
    return new ProcessExec(
        Scenario.time(at),
        process,
        Origin.of("os"),
        parent,
        exe,
        List.of(argv),
        cwd,
        501,
        null,
        null);
  }

  private static Scenario relativeRead(Event... before) {
    Scenario s = new Scenario();
    s.events.clear();
    s.events.addAll(List.of(before));
    s.result(10.2, s.read(10, "src/a.ts"));
    s.reads(10.1, Scenario.AGENT, "/home/ann/shop/src/a.ts");
    return s;
  }

  @Test
  void theScannersWordServesUntilABetterOneComes() {
    assertThat(relativeRead(agent(1, "lsof", "/home/ann/shop")).brief()).isEmpty();
    Scenario s = relativeRead(agent(1, "lsof", "/srv/old"), agent(2, "os", "/home/ann/shop"));
    assertThat(s.brief()).isEmpty();
    Scenario late = relativeRead(agent(1, "os", "/home/ann/shop"), agent(2, "lsof", "/srv/other"));
    assertThat(late.brief()).isEmpty();
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(s.events, random);
      assertThat(s.brief()).isEmpty();
    }
  }

  /** {@code sh -c 'cd shop && claude'}: the agent works where it was started. */
  @Test
  void anAgentBelowALauncherWorksInItsOwnFolder() {
    Scenario s =
        relativeRead(
            agentAs("generic", "/bin/sh"),
            exec(1, Scenario.AGENT, 1, "/home/ann/shop", CLAUDE, "claude"));
    assertThat(s.brief()).isEmpty();
  }

  private static Event agentAs(String platform, String exe) {
    ProcessId root = new ProcessId(Scenario.AGENT, Scenario.time(0) / 1_000_000L);
    return new AgentProcess(
        Scenario.time(0.5), root, Origin.of("os"), 1, platform, exe, "/home/ann", "/home/ann");
  }

  /** Once it has declared something, an exec of its own moves nothing. */
  @Test
  void anAgentThatStartsItselfAgainElsewhereDeclaresNothingByIt() {
    Scenario s = relativeRead(agent(1, "os", "/home/ann/shop"));
    s.events.add(exec(12, Scenario.AGENT, 1, "/home/ann/other", CLAUDE, "claude"));
    s.reads(13, Scenario.AGENT, "/home/ann/other/b.ts");
    assertThat(s.brief()).containsExactly("truth_without_intent high file_read 100");
  }

  /**
   * What it tells its model and writes into its files comes when it comes: no finding rests on it.
   */
  @Test
  void theAgentsOwnWordMovesNoFinding() {
    List<List<String>> told = new ArrayList<>();
    for (Session.Source source : Session.Source.values()) {
      if (source != Session.Source.PROXY && source != Session.Source.AGENT_FILES) {
        continue;
      }
      Scenario s = relativeRead(agent(1, "os", "/srv/work"));
      FinalFindings found = new FinalFindings(100);
      try (QuintEngine engine =
          QuintEngine.builder()
              .platforms(PlatformDetector.defaults())
              .actions((intent, session) -> List.of())
              .detector(new DivergenceDetector())
              .sink(found)
              .build()) {
        engine.accept(s.events.get(0));
        Session session = engine.sessions().sessions().iterator().next();
        engine.describe(session.id(), Session.Field.WORKING_DIR, "/home/ann/shop", source);
        s.events.subList(1, s.events.size()).forEach(engine::accept);
      }
      told.add(found.sorted().stream().map(Scenario::brief).toList());
    }
    assertThat(told).hasSize(2).allMatch(brief -> brief.size() == 1);
    assertThat(told.get(0)).isEqualTo(told.get(1));
  }
}
