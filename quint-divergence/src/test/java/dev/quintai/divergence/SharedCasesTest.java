package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.Finding;
import dev.quintai.core.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Replays the shared cases where they are present, in order and in other orders of arrival. */
class SharedCasesTest {
  private static final Path CASES = Path.of("../../shared/acceptance/divergence");

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(CASES), "the shared cases are not here");
    List<Path> files;
    try (Stream<Path> all = Files.list(CASES)) {
      files = all.filter(p -> p.toString().endsWith(".jsonl")).sorted().toList();
    }
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path file) throws IOException {
    Map<String, Object> expect =
        JsonLines.object(
            Files.readString(Path.of(file.toString().replace(".jsonl", ".expect.json"))));
    List<Event> events = JsonLines.events(Files.readAllLines(file));
    List<Finding> found = Replay.of(events);
    List<?> wanted = (List<?>) expect.get("findings");
    List<Finding> rest = new ArrayList<>(found);
    for (Object each : wanted) {
      Map<?, ?> want = (Map<?, ?>) each;
      Finding match = rest.stream().filter(f -> fits(want, f)).findFirst().orElse(null);
      assertThat(match).as("%s: wanted %s, came %s", expect.get("why"), want, found).isNotNull();
      rest.remove(match);
    }
    if (Boolean.TRUE.equals(expect.get("exact"))) {
      rest.removeIf(f -> f.type().equals("telemetry_health"));
      assertThat(rest).as("unexpected: %s", expect.get("why")).isEmpty();
    }
    Random random = new Random(7);
    for (int i = 0; i < 3; i++) {
      record Arrival(double time, Event event) {}
      List<Event> shuffled =
          events.stream()
              .map(e -> new Arrival(e.timeNanos() + random.nextDouble() * 29e9, e))
              .sorted(Comparator.comparingDouble(Arrival::time))
              .map(Arrival::event)
              .toList();
      assertThat(Replay.of(shuffled)).isEqualTo(found);
    }
  }

  private static boolean fits(Map<?, ?> want, Finding f) {
    boolean same =
        f.type().equals(want.get("type"))
            && equal(want.get("session"), f.session())
            && equal(want.get("toolUseId"), f.toolUseId())
            && equal(want.get("action"), f.action())
            && (want.get("pid") == null || ((Long) want.get("pid")).intValue() == f.pid())
            && (want.get("minCount") == null || f.count() >= (Long) want.get("minCount"));
    if (!same) {
      return false;
    }
    Object severity = want.get("severity");
    List<?> severities =
        severity instanceof List<?> list ? list : List.of(String.valueOf(severity));
    if (severity != null && !severities.contains(f.severity().id())) {
      return false;
    }
    String observed = f.observed() + f.samples();
    return contains(want.get("observedContains"), observed)
        && contains(want.get("claimedContains"), String.valueOf(f.claimed()));
  }

  private static boolean equal(Object want, String have) {
    return want == null || want.equals(have);
  }

  private static boolean contains(Object want, String text) {
    List<?> all = want == null ? List.of() : want instanceof List<?> list ? list : List.of(want);
    return all.stream().allMatch(each -> text.contains(String.valueOf(each)));
  }
}
