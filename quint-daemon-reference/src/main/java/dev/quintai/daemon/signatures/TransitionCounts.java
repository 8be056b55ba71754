package dev.quintai.daemon.signatures;

import java.util.HashMap;
import java.util.Map;

/** How often one tool came after another. Bounded: past the limit, new pairs are not counted. */
final class TransitionCounts {
  private final int limit;
  private final Map<String, Map<String, Integer>> counts = new HashMap<>();
  private final Map<String, Integer> totals = new HashMap<>();
  private int pairs;

  TransitionCounts(int limit) {
    this.limit = limit;
  }

  void count(String from, String to) {
    Map<String, Integer> row = counts.get(from);
    if ((row == null || !row.containsKey(to)) && pairs >= limit) {
      return;
    }
    if (row == null) {
      row = new HashMap<>();
      counts.put(from, row);
    }
    if (row.merge(to, 1, Integer::sum) == 1) {
      pairs++;
    }
    totals.merge(from, 1, Integer::sum);
  }

  /** The logarithm of one over the pair's smoothed share of what came after {@code from}. */
  double surprise(String from, String to) {
    Map<String, Integer> row = counts.get(from);
    int seen = row == null ? 0 : row.getOrDefault(to, 0);
    return Math.log((totals.getOrDefault(from, 0) + 20.0) / (seen + 0.5));
  }
}
