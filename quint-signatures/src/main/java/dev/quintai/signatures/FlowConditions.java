package dev.quintai.signatures;

import dev.quintai.core.Capability;
import dev.quintai.core.SessionFacts.Fact;
import java.util.List;
import java.util.Objects;

/**
 * What must hold besides the shape.
 *
 * @param window how many of the last actions are matched, 2 to {@value #MAX_WINDOW}; 0 for the
 *     whole session
 * @param minTransitions how many transitions a session must have had before the first match
 * @param require each must hold of at least one matched transition of its cell
 */
public record FlowConditions(int window, int minTransitions, List<Requirement> require) {

  /** The most actions a window may hold. */
  public static final int MAX_WINDOW = 1024;

  /** The least evidence unless a signature says otherwise. */
  public static final int DEFAULT_MIN_TRANSITIONS = 5;

  /** The whole session, the least evidence, nothing required. */
  public static final FlowConditions NONE =
      new FlowConditions(0, DEFAULT_MIN_TRANSITIONS, List.of());

  /**
   * A fact that must have held at a transition.
   *
   * @param from where the transition starts
   * @param to where it ends
   * @param fact what must have held of the transition's end, or of its start for facts about a
   *     target
   */
  public record Requirement(Capability from, Capability to, Fact fact) {
    public Requirement {
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
      Objects.requireNonNull(fact, "fact");
    }

    int cell() {
      return from.index() * Capability.COUNT + to.index();
    }
  }

  public FlowConditions {
    if (window != 0 && (window < 2 || window > MAX_WINDOW)) {
      throw new IllegalArgumentException("window must be 2 to " + MAX_WINDOW + ": " + window);
    }
    if (minTransitions < 1) {
      throw new IllegalArgumentException("minTransitions must be at least 1: " + minTransitions);
    }
    require = List.copyOf(require);
  }
}
