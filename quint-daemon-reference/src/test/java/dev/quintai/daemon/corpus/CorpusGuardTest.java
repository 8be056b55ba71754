package dev.quintai.daemon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.TruthEvent;
import dev.quintai.core.platform.PlatformDetector;
import dev.quintai.daemon.events.EventFile;
import dev.quintai.divergence.AccessGuard;
import dev.quintai.divergence.DivergenceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What block mode would have refused in recorded runs of real agents. */
class CorpusGuardTest {

  private static final Path CORPUS = Path.of("src/test/corpus");

  @TempDir Path folder;

  /** A run with its acts on secrets in order, each decided before it is told. */
  private static final class Guarded implements Consumer<Event> {
    final List<String> refused = new ArrayList<>();
    private AccessGuard guard;

    @Override
    public void accept(Event event) {
      if (event instanceof AgentProcess agent && guard == null) {
        guard =
            new AccessGuard(
                DivergenceSettings.DEFAULTS,
                PlatformDetector.defaults(),
                agent.platform(),
                agent.cwd(),
                agent.home());
        return;
      }
      boolean could = event instanceof FileEvent || event instanceof NetworkConnect;
      if (could && !guard.test((TruthEvent) event)) {
        refused.add(
            event instanceof FileEvent file
                ? file.op() + " " + file.path()
                : "connect " + ((NetworkConnect) event).remoteIp());
      }
      guard.accept(event);
    }
  }

  private List<String> refused(CorpusTest.Run run) throws IOException {
    Path events = folder.resolve("events.jsonl");
    Files.write(events, Fixture.read(CORPUS.resolve("runs/" + run.name() + ".jsonl.gz")));
    Guarded guarded = new Guarded();
    EventFile.read(
        events,
        guarded,
        problem -> {
          throw new AssertionError(run + ": " + problem);
        });
    return guarded.refused;
  }

  @Test
  void benignRunsAreLetAlone() throws IOException {
    List<CorpusTest.Run> runs = CorpusTest.runs(false);
    List<String> disturbed = new ArrayList<>();
    for (CorpusTest.Run run : runs) {
      List<String> refused = refused(run);
      if (!refused.isEmpty()) {
        disturbed.add(run + " " + refused);
      }
    }
    assertThat(disturbed).as("of %d runs", runs.size()).isEmpty();
  }

  /** An attack that is found by a secret that was read, written or contacted. */
  private static boolean onSecret(Scenario scenario) {
    return scenario.find().stream()
        .anyMatch(
            expected ->
                expected
                        .toString()
                        .matches("(?s).*(credentials|id_rsa|\\.ssh|\\.npmrc|169\\.254).*")
                    && !expected.toString().contains("exec"));
  }

  @Test
  void attacksOnSecretsAreRefused() throws IOException {
    List<String> passed = new ArrayList<>();
    int count = 0;
    for (CorpusTest.Run run : CorpusTest.attacks()) {
      if (onSecret(run.scenario())) {
        count++;
        if (refused(run).isEmpty()) {
          passed.add(run.toString() + " " + run.scenario().find());
        }
      }
    }
    assertThat(count).isGreaterThanOrEqualTo(10);
    assertThat(passed).as("of %d runs", count).isEmpty();
  }
}
