package dev.quintai.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Prints each comparison as it comes, one line of JSON, and all of them as a table at the end. */
public final class Results {
  private final PrintStream lines;
  private final PrintStream table;
  private final Predicate<String> wanted;
  private final List<Comparison> all = new ArrayList<>();

  /**
   * Results that go to these streams.
   *
   * @param lines JSON lines
   * @param table progress and the table
   * @param wanted the names of the cases to report; others are left out
   */
  public Results(PrintStream lines, PrintStream table, Predicate<String> wanted) {
    this.lines = lines;
    this.table = table;
    this.wanted = wanted;
  }

  /** Reports a comparison. */
  public void add(Comparison comparison) {
    if (!wanted.test(comparison.name())) {
      return;
    }
    all.add(comparison);
    lines.println(comparison.toJson());
    lines.flush();
  }

  /** Says what is being done. */
  public void progress(String what) {
    table.println("# " + what);
    table.flush();
  }

  /** Whether nothing was reported. */
  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Prints the table. */
  void printTable() {
    table.printf(
        Locale.ROOT,
        "%n%-30s %-24s %14s %14s %7s %7s  %s%n",
        "case",
        "rival",
        "ours",
        "theirs",
        "ratio",
        "limit",
        "holds");
    for (Comparison c : all) {
      table.printf(
          Locale.ROOT,
          "%-30s %-24s %14s %14s %7s %7s  %s%n",
          c.name(),
          c.rival(),
          text(c.ours()),
          text(c.theirs()),
          text(c.ratio()),
          text(c.limit()),
          c.holds() == null ? "not run: " + c.note() : c.holds() ? "yes" : "NO");
    }
  }

  /** Whether any claim does not hold. */
  boolean anyBroken() {
    return all.stream().anyMatch(c -> Boolean.FALSE.equals(c.holds()));
  }

  private static String text(Measure m) {
    return m == null ? "-" : String.format(Locale.ROOT, "%.1f %s", m.value(), m.unit());
  }

  private static String text(double x) {
    return Double.isNaN(x) ? "-" : String.format(Locale.ROOT, "%.2f", x);
  }
}
