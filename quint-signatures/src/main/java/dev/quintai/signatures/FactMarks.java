package dev.quintai.signatures;

import dev.quintai.core.SessionFacts.Fact;

/**
 * At which transition each fact last held, for each cell of a flow matrix: enough to say whether it
 * held of any transition of a window. Several facts are a set of bits, see {@link #bit}. Not
 * thread-safe.
 */
final class FactMarks {
  private static final int FACTS = Fact.values().length;

  /** All facts. */
  static final int ALL = (1 << FACTS) - 1;

  /** Ordinal of the last transition of the cell at which the fact held, from 1; 0 for never. */
  private final int[] last = new int[FACTS * FlowMatrix.CELLS];

  /** A fact as a set. */
  static int bit(Fact fact) {
    return 1 << fact.ordinal();
  }

  void mark(int facts, int cell, int transition) {
    for (int rest = facts; rest != 0; rest &= rest - 1) {
      last[Integer.numberOfTrailingZeros(rest) * FlowMatrix.CELLS + cell] = transition;
    }
  }

  /** Whether the fact held of a transition of the cell later than {@code after}. */
  boolean held(Fact fact, int cell, int after) {
    return last[fact.ordinal() * FlowMatrix.CELLS + cell] > after;
  }

  /** Takes over another's marks, as if they had been made now. */
  void addAll(FactMarks other, int transition) {
    for (int i = 0; i < last.length; i++) {
      if (other.last[i] > 0) {
        last[i] = transition;
      }
    }
  }
}
