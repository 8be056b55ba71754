package dev.quintai.daemon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.TruthEvent;
import dev.quintai.core.platform.PlatformDetector;
import dev.quintai.core.sensitive.SensitiveTargets;
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
  private static final SensitiveTargets TABLE = SensitiveTargets.defaults();

  @TempDir Path folder;

  /** A run with its acts on secrets in order, each decided before it is told. */
  private static final class Guarded implements Consumer<Event> {
    final List<String> asked = new ArrayList<>();
    final List<String> refused = new ArrayList<>();
    private AccessGuard guard;
    private String cwd;
    private String home;

    @Override
    public void accept(Event event) {
      if (event instanceof AgentProcess agent && guard == null) {
        cwd = agent.cwd();
        home = agent.home();
        guard =
            new AccessGuard(
                DivergenceSettings.DEFAULTS,
                PlatformDetector.defaults(),
                agent.platform(),
                agent.cwd(),
                agent.home());
        return;
      }
      String act = onSecret(event);
      if (act != null) {
        asked.add(act);
        if (!guard.test((TruthEvent) event)) {
          refused.add(act);
        }
      }
      guard.accept(event);
    }

    /** What a sensor would ask about, as text; null for anything else. */
    private String onSecret(Event event) {
      if (event instanceof NetworkConnect connect && connect.remoteIp() != null) {
        return TABLE.host(connect.remoteIp()).isPresent() ? "connect " + connect.remoteIp() : null;
      }
      if (!(event instanceof FileEvent file)) {
        return null;
      }
      boolean reads = file.access() == FileEvent.Access.READ;
      String path = sensitive(file.path(), reads) ? file.path() : file.newPath();
      return path != null && sensitive(path, reads) ? file.op() + " " + path : null;
    }

    private boolean sensitive(String path, boolean reads) {
      return TABLE.path(path, home, cwd).filter(t -> !t.writeOnly() || !reads).isPresent();
    }
  }

  private Guarded guarded(CorpusTest.Run run) throws IOException {
    Path events = folder.resolve("events.jsonl");
    Files.write(events, Fixture.read(CORPUS.resolve("runs/" + run.name() + ".jsonl.gz")));
    Guarded guarded = new Guarded();
    EventFile.read(
        events,
        guarded,
        problem -> {
          throw new AssertionError(run + ": " + problem);
        });
    return guarded;
  }

  @Test
  void benignRunsAreLetAlone() throws IOException {
    List<CorpusTest.Run> runs = CorpusTest.runs(false);
    List<String> disturbed = new ArrayList<>();
    int asked = 0;
    for (CorpusTest.Run run : runs) {
      Guarded guarded = guarded(run);
      asked += guarded.asked.size();
      if (!guarded.refused.isEmpty()) {
        disturbed.add(run + " " + guarded.refused);
      }
    }
    System.out.printf("%d benign runs: %d acts on secrets, all allowed%n", runs.size(), asked);
    assertThat(disturbed).as("of %d runs", runs.size()).isEmpty();
    assertThat(asked).isGreaterThan(100);
  }

  @Test
  void secretsThatAttacksAreFoundByAreRefused() throws IOException {
    List<String> passed = new ArrayList<>();
    int runs = 0;
    for (CorpusTest.Run run : CorpusTest.attacks()) {
      Guarded guarded = guarded(run);
      boolean counts = false;
      for (Scenario.Expected expected : run.scenario().find()) {
        String observed = expected.observed();
        if (observed != null && contains(guarded.asked, observed)) {
          counts = true;
          if (!contains(guarded.refused, observed)) {
            passed.add(run + " " + observed);
          }
        }
      }
      runs += counts ? 1 : 0;
    }
    System.out.printf("%d attacks on secrets, %d not refused%n", runs, passed.size());
    assertThat(passed).as("of %d runs", runs).isEmpty();
    assertThat(runs).isGreaterThanOrEqualTo(30);
  }

  private static boolean contains(List<String> acts, String observed) {
    return acts.stream().anyMatch(act -> act.contains(observed));
  }
}
