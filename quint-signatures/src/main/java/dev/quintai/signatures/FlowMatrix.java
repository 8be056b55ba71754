package dev.quintai.signatures;

import dev.quintai.core.Capability;
import java.util.Arrays;

/**
 * How often each capability followed each other in a sequence of actions: a 12 x 12 transition
 * matrix of counts, flat in one array. Cell {@code 12 * from + to} counts the transitions from one
 * capability to another.
 *
 * <p>Counting allocates nothing and costs a few nanoseconds. Counts saturate at {@link
 * Integer#MAX_VALUE}. Not thread-safe.
 */
public final class FlowMatrix {

  /** Number of cells: every capability by every capability. */
  public static final int CELLS = Capability.COUNT * Capability.COUNT;

  private static final int NO_ACTION = -1;

  private final int[] counts = new int[CELLS];

  // The cells that were ever counted, in the order of their first count, so that a sparse matrix is
  // walked in the time of what it holds; place[cell] is 1 + the cell's position there.
  private final byte[] used = new byte[CELLS];
  private final byte[] place = new byte[CELLS];
  private int usedCells;
  private int total;
  private int last = NO_ACTION;

  /** No action yet. */
  public FlowMatrix() {}

  /** Takes the sequence's next action: a transition from the one before it, if there was one. */
  public void action(Capability next) {
    int to = next.index();
    if (last != NO_ACTION) {
      addCell(last * Capability.COUNT + to);
    }
    last = to;
  }

  /** Counts a transition, without regard to the sequence. */
  public void add(Capability from, Capability to) {
    addCell(from.index() * Capability.COUNT + to.index());
  }

  void addCell(int cell) {
    if (total == Integer.MAX_VALUE) {
      return;
    }
    total++;
    if (counts[cell]++ == 0) {
      enlist(cell);
    }
  }

  /** Takes back one count of a cell that has one. */
  void removeCell(int cell) {
    total--;
    if (--counts[cell] == 0) {
      delist(cell);
    }
  }

  private void enlist(int cell) {
    used[usedCells] = (byte) cell;
    usedCells++;
    place[cell] = (byte) usedCells;
  }

  private void delist(int cell) {
    int position = (place[cell] & 0xff) - 1;
    usedCells--;
    byte moved = used[usedCells];
    used[position] = moved;
    place[moved & 0xff] = (byte) (position + 1);
    place[cell] = 0;
  }

  /** How many cells hold a count. */
  int usedCells() {
    return usedCells;
  }

  /** The {@code i}-th cell that holds a count, in no particular order. */
  int usedCell(int i) {
    return used[i] & 0xff;
  }

  int countAt(int cell) {
    return counts[cell];
  }

  /** Counts what another matrix holds as well. */
  public void addAll(FlowMatrix other) {
    for (int i = 0; i < other.usedCells; i++) {
      int cell = other.usedCell(i);
      int count = (int) Math.min(other.counts[cell], (long) Integer.MAX_VALUE - total);
      if (count > 0) {
        if (counts[cell] == 0) {
          enlist(cell);
        }
        counts[cell] += count;
        total += count;
      }
    }
  }

  /** How many transitions it holds. */
  public int total() {
    return total;
  }

  /** How many transitions of one kind it holds. */
  public int count(Capability from, Capability to) {
    return counts[from.index() * Capability.COUNT + to.index()];
  }

  /** The counts by source and target capability. A copy. */
  public int[][] counts() {
    int[][] rows = new int[Capability.COUNT][];
    for (int i = 0; i < Capability.COUNT; i++) {
      rows[i] = Arrays.copyOfRange(counts, i * Capability.COUNT, (i + 1) * Capability.COUNT);
    }
    return rows;
  }

  /**
   * The counts divided by their sum, by source and target; all zero without a transition. A copy.
   */
  public double[][] flow() {
    return rows(distribution());
  }

  /** The same, flat. */
  double[] distribution() {
    double[] cells = new double[CELLS];
    for (int i = 0; i < usedCells; i++) {
      int cell = usedCell(i);
      cells[cell] = (double) counts[cell] / total;
    }
    return cells;
  }

  static double[][] rows(double[] cells) {
    double[][] rows = new double[Capability.COUNT][];
    for (int i = 0; i < Capability.COUNT; i++) {
      rows[i] = Arrays.copyOfRange(cells, i * Capability.COUNT, (i + 1) * Capability.COUNT);
    }
    return rows;
  }

  static double[] flat(double[][] rows) {
    if (rows.length != Capability.COUNT) {
      throw new IllegalArgumentException("12 rows were expected, not " + rows.length);
    }
    double[] cells = new double[CELLS];
    for (int i = 0; i < Capability.COUNT; i++) {
      if (rows[i].length != Capability.COUNT) {
        throw new IllegalArgumentException("row " + i + " must have 12 cells");
      }
      System.arraycopy(rows[i], 0, cells, i * Capability.COUNT, Capability.COUNT);
    }
    return cells;
  }

  /**
   * The cells divided by their sum, or null when there is nothing to divide by or a cell is
   * negative or not finite. Scales by the largest cell first, so that neither sum nor quotient
   * overflows.
   */
  static double[] normalise(double[] cells) {
    double max = 0;
    for (double cell : cells) {
      if (!(cell >= 0) || Double.isInfinite(cell)) {
        return null;
      }
      max = Math.max(max, cell);
    }
    if (max == 0) {
      return null;
    }
    double sum = 0;
    for (double cell : cells) {
      sum += cell / max;
    }
    double[] normalised = new double[cells.length];
    for (int i = 0; i < cells.length; i++) {
      // Adding zero turns a negative zero into a positive one.
      normalised[i] = cells[i] / max / sum + 0.0;
    }
    return normalised;
  }
}
