package dev.quintai.benchmarks;

import java.util.List;

/**
 * How long to measure, and what.
 *
 * @param rounds how often each benchmark is run, all of them in turn
 * @param warmups iterations before measuring, in each round
 * @param iterations measured iterations, in each round
 * @param iterationMillis how long an iteration takes
 * @param cases how the names of the wanted cases begin; empty for all
 */
public record Effort(
    int rounds, int warmups, int iterations, int iterationMillis, List<String> cases) {

  /** Five rounds of five seconds a benchmark: for claims. */
  public static final Effort FULL = new Effort(5, 2, 3, 1_000, List.of());

  /** One short round: to see that everything runs. Its figures mean nothing. */
  public static final Effort QUICK = new Effort(1, 2, 2, 500, List.of());

  /** Keeps a copy of the cases. */
  public Effort {
    cases = List.copyOf(cases);
  }

  /** The same for some cases only. */
  public Effort only(List<String> wanted) {
    return new Effort(rounds, warmups, iterations, iterationMillis, wanted);
  }

  /**
   * The same in shorter rounds, for small kernels that need no long warm-up: the shorter a round,
   * the more alike are the conditions of the two that are compared in it.
   */
  public Effort finer() {
    return new Effort(rounds, warmups + 2, iterations, iterationMillis / 5, cases);
  }

  /** Whether this is only to see that everything runs. */
  public boolean quick() {
    return rounds == QUICK.rounds;
  }

  /** Whether a case is wanted. */
  public boolean wants(String name) {
    return cases.isEmpty() || cases.stream().anyMatch(name::startsWith);
  }
}
