package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The transition table against an exact one on recorded sessions of agents: a JSONL file named by
 * the system property {@code quint.traces}, one session a line with {@code suite}, {@code label}
 * and {@code calls} of {@code tool}. Skipped without it.
 */
class RecordedTransitionsTest {
  private static final Pattern SUITE = Pattern.compile("\"suite\": ?\"([^\"]+)\"");
  private static final Pattern TOOL = Pattern.compile("\"tool\": ?\"([^\"]+)\"");

  private record Pair(int from, int to) {}

  @Test
  void keepsNearlyAllThatWasSeenThreeTimes() throws IOException {
    String traces = System.getProperty("quint.traces");
    assumeTrue(traces != null, "no recorded sessions: set -Dquint.traces=FILE");
    Map<String, List<List<Integer>>> suites = read(Path.of(traces));
    StringBuilder table = new StringBuilder(1_024);
    table.append("# Transitions on recorded sessions\n\n");
    table.append(
        "Benign sessions of public agent benchmarks, all of a suite as one agent. Of the\n");
    table.append("transitions that had happened at least three times before, how many the table\n");
    table.append("still held when they happened again; and the mean share of the true count.\n\n");
    table.append("| suite | transitions | distinct | seen 3 times | still held | count |\n");
    table.append("|---|---|---|---|---|---|\n");
    suites.forEach((suite, sessions) -> table.append(row(suite, sessions)));
    if ("write".equals(System.getProperty("quint.accuracy"))) {
      Files.createDirectories(Path.of("accuracy"));
      Files.writeString(Path.of("accuracy", "recorded-transitions.md"), table.toString());
    }
    assertThat(table.toString().lines().count()).isGreaterThan(8);
  }

  private static String row(String suite, List<List<Integer>> sessions) {
    TransitionTable table = TransitionTable.create();
    Map<Pair, Integer> exact = new HashMap<>();
    int all = 0;
    int frequent = 0;
    int held = 0;
    double share = 0;
    for (List<Integer> session : sessions) {
      for (int i = 1; i < session.size(); i++) {
        int from = session.get(i - 1);
        int to = session.get(i);
        int before = exact.getOrDefault(new Pair(from, to), 0);
        long count = table.count(from, to);
        assertThat(count).isLessThanOrEqualTo(before);
        all++;
        if (before >= 3) {
          frequent++;
          held += count > 0 ? 1 : 0;
          share += (double) count / before;
        }
        table.add(from, to);
        exact.merge(new Pair(from, to), 1, Integer::sum);
      }
    }
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %d | %,d | %.1f%% | %.1f%% |%n",
        suite,
        all,
        exact.size(),
        frequent,
        100.0 * held / Math.max(1, frequent),
        100 * share / Math.max(1, frequent));
  }

  private static Map<String, List<List<Integer>>> read(Path file) throws IOException {
    Map<String, List<List<Integer>>> suites = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      Matcher suite = SUITE.matcher(line);
      int calls = line.lastIndexOf("\"calls\":");
      if (!line.contains("\"label\": \"benign\"") || !suite.find() || calls < 0) {
        continue;
      }
      List<Integer> tools = new ArrayList<>();
      Matcher tool = TOOL.matcher(line.substring(calls));
      while (tool.find()) {
        tools.add((int) Fingerprints.KEYS.hash(tool.group(1)));
      }
      suites.computeIfAbsent(suite.group(1), s -> new ArrayList<>()).add(tools);
    }
    return suites;
  }
}
