package dev.quintai.daemon.signatures;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What stands out in a session: of each measure the greatest of all its calls, 0 to about 1. */
final class Measures {
  private static final int MAX_REASONS = 5;

  /** Such that a new party alone is rather wrong than not, and what is usual below a tenth. */
  private static final double CONSTANT = -2.5;

  /** How much of what is missing to 1 a signature's match adds. */
  private static final double SIGNATURE = 0.5;

  /**
   * A measure and what it weighs. The weights were found by logistic regression on recorded
   * sessions and rounded, see the score's report for how they do on suites that had no part in it.
   */
  enum Measure {
    /** A call acts on or sends to a party that neither the request nor the past names. */
    NEW_PARTY(3.0),
    /** The same for fetching from one: honest work fetches from where it was told to. */
    NEW_SOURCE(3.5),
    /** A longer text mentions such a party. */
    NEW_MENTION(0.25),
    /** Something is deleted that neither names. */
    NEW_DELETION(1.5),
    /** Any other short value that neither names. */
    NEW_VALUE(1.0),
    /** A tool that the suite hardly uses. */
    RARE_TOOL(0.5),
    /** A tool that hardly ever follows the one before, with something new. */
    RARE_STEP(2.3),
    /** A tool that is hardly ever used for such a request. */
    UNFIT_TOOL(1.4),
    /** The same with something new. */
    UNFIT_TOOL_NEW(1.4),
    /** A sensitive target. */
    SENSITIVE(0.5),
    /** Something new after a sensitive target. */
    SENSITIVE_THEN_NEW(1.5);

    private final double weight;

    Measure(double weight) {
      this.weight = weight;
    }
  }

  private final Map<Measure, Double> values = new EnumMap<>(Measure.class);
  private final Set<String> reasons = new LinkedHashSet<>();
  private double signature;
  private double flow;

  void raise(Measure measure, double value) {
    if (value > 0) {
      values.merge(measure, value, Math::max);
    }
  }

  double of(Measure measure) {
    return values.getOrDefault(measure, 0.0);
  }

  /** By measure, in the order of their declaration. */
  double[] vector() {
    double[] vector = new double[Measure.values().length];
    values.forEach((measure, value) -> vector[measure.ordinal()] = value);
    return vector;
  }

  /** A signature has matched; the weight of its severity, 0 to 1. */
  void matched(double weight, String reason) {
    signature = Math.max(signature, weight);
    because(reason);
  }

  /** The weight of the gravest match, 0 to 1. */
  double signature() {
    return signature;
  }

  /** The flow of the whole session is that near to some signature's shape, 0 to 1. */
  void near(double nearness) {
    flow = Math.max(flow, nearness);
  }

  double flow() {
    return flow;
  }

  /** How likely something is wrong, 0 to 1, by some of the measures. */
  double probability(Set<Measure> by) {
    double z = CONSTANT;
    for (Map.Entry<Measure, Double> entry : values.entrySet()) {
      if (by.contains(entry.getKey())) {
        z += entry.getKey().weight * entry.getValue();
      }
    }
    return withSignature(1 / (1 + Math.exp(-z)));
  }

  /** A probability raised by what the signatures say. */
  double withSignature(double p) {
    return p + (1 - p) * SIGNATURE * signature;
  }

  void because(String reason) {
    if (reasons.size() < MAX_REASONS) {
      reasons.add(reason);
    }
  }

  List<String> reasons() {
    return List.copyOf(reasons);
  }
}
