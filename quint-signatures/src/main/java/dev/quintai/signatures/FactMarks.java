package dev.quintai.signatures;

import dev.quintai.core.SessionFacts.Fact;

/**
 * At which transition each fact last held, for each cell of a flow matrix: enough to say whether it
 * held of any transition of a window. Not thread-safe.
 */
final class FactMarks {
  private static final int FACTS = Fact.values().length;

  /** Ordinal of the last transition of the cell at which the fact held, from 1; 0 for never. */
  private final int[] last = new int[FACTS * FlowMatrix.CELLS];

  void mark(Fact fact, int cell, int transition) {
    last[fact.ordinal() * FlowMatrix.CELLS + cell] = transition;
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
