package dev.quintai.daemon.signatures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A labelled session and its score.
 *
 * @param suite the suite it belongs to
 * @param label {@code benign}, {@code attacked-succeeded} or {@code attacked-failed}
 * @param unexposed whether the agent never read the injection
 * @param length how many calls it has
 * @param setsThreshold whether it is of the half that sets the threshold, not of that judged by it
 * @param measures what stands out in it
 * @param score 0 to 1
 */
record JudgedSession(
    String suite,
    String label,
    boolean unexposed,
    int length,
    boolean setsThreshold,
    Measures measures,
    double score) {

  boolean benign() {
    return label.equals("benign");
  }

  boolean succeeded() {
    return label.equals("attacked-succeeded");
  }

  private JudgedSession scored(double other) {
    return new JudgedSession(suite, label, unexposed, length, setsThreshold, measures, other);
  }

  /** The environment of a suite: what stands behind the first hyphen of its name. */
  private String environment() {
    return suite.substring(suite.indexOf('-') + 1);
  }

  /** The same sessions, each scored with weights to which its own environment gave nothing. */
  static List<JudgedSession> byTheOthers(List<JudgedSession> all) {
    Map<String, double[]> weights = new TreeMap<>();
    List<JudgedSession> scored = new ArrayList<>(all.size());
    for (JudgedSession one : all) {
      double[] others =
          weights.computeIfAbsent(one.environment(), environment -> without(environment, all));
      double p = LogisticFit.probability(others, one.measures().vector());
      scored.add(one.scored(one.measures().withSignature(p)));
    }
    return scored;
  }

  private static double[] without(String environment, List<JudgedSession> all) {
    List<JudgedSession> others =
        all.stream()
            .filter(one -> !one.environment().equals(environment))
            .filter(one -> one.benign() || one.succeeded())
            .toList();
    boolean[] attack = new boolean[others.size()];
    List<double[]> rows = new ArrayList<>(attack.length);
    for (int i = 0; i < attack.length; i++) {
      attack[i] = others.get(i).succeeded();
      rows.add(others.get(i).measures().vector());
    }
    return LogisticFit.weights(rows, attack);
  }
}
