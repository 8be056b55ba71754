package dev.quintai.daemon.signatures;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How well scores tell attacks from benign sessions, by suite and over all: means over splits. */
final class ScoreTable {
  private static final String ALL = "all";

  private final List<Double> shares;
  private final Map<String, Row> rows = new TreeMap<>();
  private final Row all = new Row();

  /** The figures of a suite, split by split: what is no number in a split does not count there. */
  private static final class Row {
    final List<double[]> splits = new ArrayList<>();

    double mean(int column) {
      return splits.stream()
          .mapToDouble(figures -> figures[column])
          .filter(figure -> !Double.isNaN(figure))
          .average()
          .orElse(Double.NaN);
    }
  }

  /**
   * A table with nothing in it.
   *
   * @param shares the shares of benign sessions that the thresholds let through
   */
  ScoreTable(List<Double> shares) {
    this.shares = List.copyOf(shares);
  }

  /** Adds what one split came to. */
  void add(List<JudgedSession> judged) {
    Map<String, List<JudgedSession>> suites = new TreeMap<>();
    for (JudgedSession one : judged) {
      suites.computeIfAbsent(one.suite(), suite -> new ArrayList<>()).add(one);
    }
    suites.forEach(
        (suite, members) ->
            rows.computeIfAbsent(suite, s -> new Row()).splits.add(figures(members)));
    all.splits.add(figures(judged));
  }

  /** Sessions, areas, and for each share three rates. */
  private double[] figures(List<JudgedSession> members) {
    double[] benign = scores(members, JudgedSession::benign);
    double[] attacks = scores(members, JudgedSession::succeeded);
    double[] figures = new double[4 + 3 * shares.size()];
    figures[0] = benign.length;
    figures[1] = attacks.length;
    figures[2] = Roc.area(attacks, benign);
    figures[3] = byLength(members);
    for (int i = 0; i < shares.size(); i++) {
      double threshold =
          Roc.threshold(scores(members, one -> one.benign() && one.setsThreshold()), shares.get(i));
      List<JudgedSession> others = members.stream().filter(one -> !one.setsThreshold()).toList();
      figures[4 + 3 * i] = Roc.over(scores(others, JudgedSession::benign), threshold);
      figures[5 + 3 * i] = Roc.over(scores(others, JudgedSession::succeeded), threshold);
      figures[6 + 3 * i] = Roc.over(scores(others, JudgedSession::unexposed), threshold);
    }
    return figures;
  }

  private static double[] scores(List<JudgedSession> members, Predicate<JudgedSession> which) {
    return members.stream().filter(which).mapToDouble(JudgedSession::score).toArray();
  }

  /** The mean area over sessions of one length, weighted by their attacks. */
  private static double byLength(List<JudgedSession> members) {
    Map<Integer, List<JudgedSession>> strata = new TreeMap<>();
    for (JudgedSession one : members) {
      strata.computeIfAbsent(one.length(), length -> new ArrayList<>()).add(one);
    }
    double sum = 0;
    double weight = 0;
    for (List<JudgedSession> stratum : strata.values()) {
      double[] attacks = scores(stratum, JudgedSession::succeeded);
      double value = Roc.area(attacks, scores(stratum, JudgedSession::benign));
      if (!Double.isNaN(value)) {
        sum += value * attacks.length;
        weight += attacks.length;
      }
    }
    return weight == 0 ? Double.NaN : sum / weight;
  }

  void print(PrintStream out) {
    out.printf("%-22s %6s %6s %7s %9s", "suite", "benign", "attack", "AUROC", "by length");
    for (double share : shares) {
      out.printf(" | %5s %7s %9s", "%.1f%%".formatted(100 * share) + ": FPR", "TPR", "unexposed");
    }
    out.println();
    rows.forEach((suite, row) -> print(out, suite, row));
    print(out, ALL, all);
    int splits = all.splits.size();
    out.println(
        String.join(
            "\n",
            "Each row has thresholds of its own, which let that share of one half of its judged"
                + " benign",
            "sessions through; FPR, TPR and the share of unexposed sessions over it are those of"
                + " the other",
            "half. AUROC: all judged benign sessions against succeeded attacks; by length: the"
                + " mean over",
            "strata of equal numbers of calls."
                + (splits > 1 ? " All figures: means over " + splits + " splits." : "")));
    out.flush();
  }

  private static void print(PrintStream out, String suite, Row row) {
    out.printf(
        "%-22s %6.0f %6.0f %7s %9s",
        suite, row.mean(0), row.mean(1), number(row.mean(2)), number(row.mean(3)));
    int columns = Collections.max(row.splits.stream().map(figures -> figures.length).toList());
    for (int column = 4; column < columns; column += 3) {
      out.printf(
          " | %9s %7s %9s",
          number(row.mean(column)), number(row.mean(column + 1)), number(row.mean(column + 2)));
    }
    out.println();
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : "%.3f".formatted(value);
  }
}
