package dev.quintai.benchmarks;

/**
 * What was measured.
 *
 * @param value the median over the rounds
 * @param unit for example {@code ns/op} or {@code MB/s}
 * @param bytesPerOp bytes allocated for each operation, or NaN when unknown
 */
public record Measure(double value, String unit, double bytesPerOp) {

  /** A time for each operation. */
  public static Measure nanos(double value, double bytesPerOp) {
    return new Measure(value, "ns/op", bytesPerOp);
  }
}
