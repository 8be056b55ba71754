package dev.quintai.daemon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.FinalFindings;
import dev.quintai.core.QuintEngine;
import dev.quintai.daemon.e2e.NpmAgent;
import dev.quintai.daemon.events.EventFile;
import dev.quintai.daemon.events.FindingWriter;
import dev.quintai.daemon.events.JsonTree;
import dev.quintai.daemon.run.Gates;
import dev.quintai.divergence.Housekeeping;
import dev.quintai.fingerprint.FingerprintDetector;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.SignatureDetector;
import dev.quintai.signatures.SignatureSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Quint says of recorded runs of real agents with real tools. The recordings are made by
 * {@code .ci/corpus}; the README beside them says how, and explains every alarm that is left.
 */
class CorpusTest {
  private static final Path CORPUS = Path.of("src/test/corpus");
  private static final SignatureSet SIGNATURES =
      SignatureSet.of(BuiltInSignatures.all(), List.of());

  @TempDir Path folder;

  /** A recorded run of a scenario. */
  record Run(Scenario scenario, NpmAgent agent) {
    String name() {
      return scenario.name() + "." + agent.id();
    }

    @Override
    public String toString() {
      return name();
    }
  }

  static List<Run> runs(boolean attacks) throws IOException {
    List<Run> runs = new ArrayList<>();
    for (Path file : Scenario.files(CORPUS.resolve("scenarios"))) {
      Scenario scenario = Scenario.read(file);
      if (scenario.attack() == attacks) {
        scenario.agents().forEach(agent -> runs.add(new Run(scenario, agent)));
      }
    }
    return runs;
  }

  static List<Run> attacks() throws IOException {
    return runs(true);
  }

  private List<Map<?, ?>> replay(Run run) throws IOException {
    Path events = folder.resolve("events.jsonl");
    Files.write(events, Fixture.read(CORPUS.resolve("runs/" + run.name() + ".jsonl.gz")));
    List<String> problems = new ArrayList<>();
    FinalFindings found = new FinalFindings(Gates.MAX_FINDINGS);
    try (QuintEngine engine =
        Gates.engine(new SignatureDetector(() -> SIGNATURES), FingerprintDetector.cold())
            .sink(found)
            .build()) {
      EventFile.read(events, engine::accept, problems::add);
    }
    assertThat(problems).as(run.name()).isEmpty();
    List<Map<?, ?>> findings = new ArrayList<>();
    for (var finding : found.sorted()) {
      findings.add((Map<?, ?>) JsonTree.read(FindingWriter.line(finding)));
    }
    return findings;
  }

  private static boolean severe(Map<?, ?> finding) {
    return List.of("high", "critical").contains(finding.get("severity"));
  }

  @Test
  void atMostOneBenignRunInSixtyAlarms() throws IOException {
    List<Run> runs = runs(false);
    assertThat(runs).hasSizeGreaterThanOrEqualTo(117);
    List<String> alarms = new ArrayList<>();
    List<String> unexplained = new ArrayList<>();
    for (Run run : runs) {
      List<String> said = new ArrayList<>();
      for (Map<?, ?> finding : replay(run)) {
        if (severe(finding)) {
          said.add(
              finding.get("severity") + " " + finding.get("type") + " " + finding.get("reason"));
        }
      }
      if (!said.isEmpty()) {
        alarms.add(run.name());
        if (!run.scenario().explained().containsKey(run.agent().id())) {
          unexplained.add(run + ":\n  " + String.join("\n  ", said));
        }
      }
    }
    assertThat(unexplained).as("%d of %d runs alarm", alarms.size(), runs.size()).isEmpty();
    assertThat(alarms).hasSizeLessThanOrEqualTo(runs.size() / 60);
  }

  @Test
  void thereAreAttacks() throws IOException {
    assertThat(attacks()).hasSizeGreaterThanOrEqualTo(57);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void everyAttackIsFoundWithItsType(Run run) throws IOException {
    List<Map<?, ?>> findings = replay(run);
    for (Scenario.Expected expected : run.scenario().find()) {
      assertThat(findings).as("%s in %s", expected, run).anyMatch(expected::is);
    }
  }

  @Test
  void theHousekeepingListKnowsTheAgentsThatWereRecorded() throws IOException {
    List<String> recorded = new ArrayList<>();
    for (String line : Files.readAllLines(CORPUS.resolve("runs/versions.txt"))) {
      if (line.startsWith("agent ")) {
        recorded.add(line.substring("agent ".length()));
      }
    }
    assertThat(recorded)
        .containsExactlyInAnyOrderElementsOf(
            Housekeeping.observed().stream()
                .map(known -> known.platform() + " " + known.version())
                .toList());
  }

  @Test
  void recordingsHoldNoPathsOfTheMachineTheyWereMadeOn() throws IOException {
    try (var files = Files.list(CORPUS.resolve("runs"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".gz")).toList()) {
        assertThat(Fixture.read(file))
            .as(file.toString())
            .noneMatch(line -> line.contains("/root/") || line.contains("/mnt/"));
      }
    }
  }

  @Test
  void everyRunIsRecordedAndEveryRecordingIsARun() throws IOException {
    TreeSet<String> expected = new TreeSet<>();
    for (Run run : Stream.concat(runs(false).stream(), runs(true).stream()).toList()) {
      expected.add(run.name() + ".jsonl.gz");
    }
    TreeSet<String> there = new TreeSet<>();
    long size = 0;
    try (var files = Files.list(CORPUS.resolve("runs"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".gz")).toList()) {
        there.add(file.getFileName().toString());
        size += Files.size(file);
      }
    }
    assertThat(there).isEqualTo(expected);
    assertThat(size).isLessThan(10_000_000);
  }
}
