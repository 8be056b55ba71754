package dev.quintai.benchmarks;

/**
 * How long to measure.
 *
 * @param rounds how often each benchmark is run, all of them in turn
 * @param warmups iterations before measuring, in each round
 * @param iterations measured iterations, in each round
 * @param iterationMillis how long an iteration takes
 */
public record Effort(int rounds, int warmups, int iterations, int iterationMillis) {

  /** Five rounds of five seconds a benchmark: for claims. */
  public static final Effort FULL = new Effort(5, 2, 3, 1_000);

  /** One short round: to see that everything runs. Its figures mean nothing. */
  public static final Effort QUICK = new Effort(1, 2, 2, 500);
}
