package dev.quintai.signatures;

import dev.quintai.core.Capability;
import java.util.Arrays;
import java.util.List;

/**
 * A sequence of actions as the signatures of a set look at it: whole, through each window length
 * that the set uses, and with the facts that held at its transitions. Memory is bounded by the
 * set's windows, not by the length of the session. Not thread-safe.
 *
 * <p>A group of signatures that matched nothing is looked at again only when a cell of one of its
 * shapes was counted. Nothing else can bring a match: a transition that is foreign to a shape lets
 * no share of the shape's cells rise (they fall with a growing total and with what leaves a
 * window), and the divergence {@code 1 - 1/2 sum(L(p+q) - L(p) - L(q))} falls in no p, since the
 * derivative of its terms is {@code log2(1 + q/p)}. Until then its window is not even kept up to
 * date: it catches up when it is needed.
 */
final class SessionFlow {
  private static final int NONE = -1;

  // A step of the past is one byte: 12 capabilities and 4 facts.
  private static final int CAPABILITY = 0x0f;
  private static final int FACT_SHIFT = 4;

  private final FlowMatrix whole = new FlowMatrix();
  private FactMarks marks;

  /**
   * The last actions, capability below and a bit for each fact above, so that a set that comes
   * later finds its windows filled, and the history what was done. Its length is a power of two.
   */
  private byte[] recent = new byte[64];

  private long actions;
  private int last = NONE;

  private SignatureSet set;
  private FlowWindow[] windows = {};
  private SignatureIndex[] indexes = {};

  /** By group: it matched nothing when it was last looked at, and nothing has changed that. */
  private boolean[] settled = {};

  /** Looks through the windows of a set from now on. */
  void use(SignatureSet other) {
    List<SignatureSet.Group> groups = other.groups();
    FlowWindow[] fresh = new FlowWindow[groups.size()];
    indexes = new SignatureIndex[fresh.length];
    settled = new boolean[fresh.length];
    for (int g = 0; g < fresh.length; g++) {
      int length = groups.get(g).window();
      fresh[g] = length == 0 ? null : window(length);
      indexes[g] = groups.get(g).index();
    }
    windows = fresh;
    if (other.requiresFacts() && marks == null) {
      marks = new FactMarks();
    }
    set = other;
  }

  private FlowWindow window(int length) {
    for (int g = 0; g < windows.length; g++) {
      if (windows[g] != null && set.groups().get(g).window() == length) {
        return windows[g];
      }
    }
    return new FlowWindow(length);
  }

  /**
   * Takes the next action.
   *
   * @param facts what holds of the transition that it completes, as {@link FactMarks#bit}s
   */
  void action(Capability capability, int facts) {
    int to = capability.index();
    if (last != NONE) {
      transition(last * Capability.COUNT + to, facts);
    }
    remember(to | facts << FACT_SHIFT);
    last = to;
  }

  private void transition(int cell, int facts) {
    whole.addCell(cell);
    for (int g = 0; g < windows.length; g++) {
      settled[g] &= !indexes[g].has(cell);
    }
    if (marks != null) {
      marks.mark(facts, cell, whole.total());
    }
  }

  /** Tells every signature of the set whose shape is near enough now. */
  void match(SignatureIndex.Scratch scratch, SignatureMatcher.Found found) {
    for (int g = 0; g < indexes.length; g++) {
      if (!settled[g]) {
        settled[g] = !indexes[g].match(matrix(g), scratch, found);
      }
    }
  }

  /** Takes an action as {@link #steps} tells it. */
  void step(int step) {
    action(Capability.at(step & CAPABILITY), step >> FACT_SHIFT);
  }

  /** Whether a byte is one that {@link #steps} can tell. */
  static boolean isStep(int step) {
    return step >= 0
        && (step & CAPABILITY) < Capability.COUNT
        && step >> FACT_SHIFT <= FactMarks.ALL;
  }

  /** The last actions, at most {@link FlowConditions#MAX_WINDOW}, in order. */
  byte[] steps() {
    byte[] steps = new byte[(int) Math.min(actions, recent.length)];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = at(actions - steps.length + i);
    }
    return steps;
  }

  /** Takes a transition that stands beside the sequence: from a parent's delegation to a child. */
  void transition(int from, int to, int facts) {
    int cell = from * Capability.COUNT + to;
    whole.addCell(cell);
    if (marks != null) {
      marks.mark(facts, cell, whole.total());
    }
  }

  private byte at(long action) {
    return recent[(int) action & recent.length - 1];
  }

  private void remember(int step) {
    if (actions == recent.length && recent.length < FlowConditions.MAX_WINDOW) {
      // It has not wrapped yet.
      recent = Arrays.copyOf(recent, recent.length * 2);
    }
    recent[(int) actions & recent.length - 1] = (byte) step;
    actions++;
  }

  /** Takes over what another flow has counted so far. */
  void addAll(SessionFlow other) {
    whole.addAll(other.whole);
    if (marks != null && other.marks != null) {
      marks.addAll(other.marks, whole.total());
    }
  }

  FlowMatrix whole() {
    return whole;
  }

  /** The index of the last action's capability, or -1 before the first. */
  int last() {
    return last;
  }

  /** The matrix that the signatures of the set's {@code g}-th group look at. */
  FlowMatrix matrix(int g) {
    FlowWindow window = windows[g];
    if (window == null) {
      return whole;
    }
    // What it skips would have left it by now; so will the transition to the first that it takes.
    long from = Math.max(window.seen, actions - window.length());
    for (long i = from; i < actions; i++) {
      window.action(Capability.at(at(i) & CAPABILITY));
    }
    window.seen = actions;
    return window.matrix();
  }

  /** Whether all that a signature requires held of a transition that it looks at. */
  boolean meets(FlowConditions conditions) {
    List<FlowConditions.Requirement> required = conditions.require();
    if (required.isEmpty()) {
      return true;
    }
    if (marks == null) {
      return false;
    }
    int window = conditions.window();
    int after = window == 0 ? 0 : Math.max(0, whole.total() - (window - 1));
    for (int i = 0; i < required.size(); i++) {
      FlowConditions.Requirement requirement = required.get(i);
      if (!marks.held(requirement.fact(), requirement.cell(), after)) {
        return false;
      }
    }
    return true;
  }
}
