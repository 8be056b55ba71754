package dev.quintai.signatures;

import dev.quintai.core.Capability;
import dev.quintai.core.SessionFacts.Fact;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/**
 * A sequence of actions as the signatures of a set look at it: whole, through each window length
 * that the set uses, and with the facts that held at its transitions. Memory is bounded by the
 * set's windows, not by the length of the session. Not thread-safe.
 */
final class SessionFlow {
  private static final int NO_ACTION = -1;
  private static final Fact[] FACTS = Fact.values();

  // A step of the past is one byte: 12 capabilities and 4 facts.
  private static final int CAPABILITY = 0x0f;
  private static final int FACT_SHIFT = 4;

  private final FlowMatrix whole = new FlowMatrix();
  private FactMarks marks;

  /**
   * The last actions, capability below and a bit for each fact above, so that a set that comes
   * later finds its windows filled, and the history what was done.
   */
  private byte[] recent = new byte[64];

  private int actions;
  private int last = NO_ACTION;

  private SignatureSet set;
  private FlowWindow[] windows = {};

  /** Looks through the windows of a set from now on. */
  void use(SignatureSet other) {
    List<SignatureSet.Group> groups = other.groups();
    FlowWindow[] fresh = new FlowWindow[groups.size()];
    for (int g = 0; g < fresh.length; g++) {
      int length = groups.get(g).window();
      fresh[g] = length == 0 ? null : filled(length);
    }
    windows = fresh;
    if (other.requiresFacts() && marks == null) {
      marks = new FactMarks();
    }
    set = other;
  }

  private FlowWindow filled(int length) {
    for (int g = 0; g < windows.length; g++) {
      if (windows[g] != null && set.groups().get(g).window() == length) {
        return windows[g];
      }
    }
    FlowWindow window = new FlowWindow(length);
    int held = Math.min(actions, Math.min(recent.length, FlowConditions.MAX_WINDOW));
    for (int i = actions - held; i < actions; i++) {
      window.action(Capability.at(recent[i % recent.length] & CAPABILITY));
    }
    return window;
  }

  /**
   * Takes the next action.
   *
   * @param facts what holds of the transition that it completes
   */
  void action(Capability capability, EnumSet<Fact> facts) {
    int to = capability.index();
    whole.action(capability);
    for (FlowWindow window : windows) {
      if (window != null) {
        window.action(capability);
      }
    }
    if (last != NO_ACTION && marks != null) {
      mark(last * Capability.COUNT + to, facts);
    }
    remember(to | bits(facts) << FACT_SHIFT);
    last = to;
  }

  private static int bits(EnumSet<Fact> facts) {
    int bits = 0;
    for (Fact fact : FACTS) {
      if (facts.contains(fact)) {
        bits |= 1 << fact.ordinal();
      }
    }
    return bits;
  }

  /** Takes an action as {@link #steps} tells it; {@code scratch} is overwritten. */
  void step(int step, EnumSet<Fact> scratch) {
    scratch.clear();
    for (Fact fact : FACTS) {
      if ((step >> FACT_SHIFT & 1 << fact.ordinal()) != 0) {
        scratch.add(fact);
      }
    }
    action(Capability.at(step & CAPABILITY), scratch);
  }

  /** Whether a byte is one that {@link #steps} can tell. */
  static boolean isStep(int step) {
    return step >= 0
        && (step & CAPABILITY) < Capability.COUNT
        && step >> FACT_SHIFT < 1 << FACTS.length;
  }

  /** The last actions, at most {@link FlowConditions#MAX_WINDOW}, in order. */
  byte[] steps() {
    byte[] steps = new byte[Math.min(actions, Math.min(recent.length, FlowConditions.MAX_WINDOW))];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = recent[(actions - steps.length + i) % recent.length];
    }
    return steps;
  }

  /** Takes a transition that stands beside the sequence: from a parent's delegation to a child. */
  void transition(int from, int to, EnumSet<Fact> facts) {
    int cell = from * Capability.COUNT + to;
    whole.addCell(cell);
    if (marks != null) {
      mark(cell, facts);
    }
  }

  private void mark(int cell, EnumSet<Fact> facts) {
    for (Fact fact : FACTS) {
      if (facts.contains(fact)) {
        marks.mark(fact, cell, whole.total());
      }
    }
  }

  private void remember(int step) {
    if (actions == recent.length && recent.length < FlowConditions.MAX_WINDOW) {
      recent = Arrays.copyOf(recent, recent.length * 2);
    }
    // Below the bound the ring has never wrapped; at the bound its length divides the wrap point.
    recent[actions % recent.length] = (byte) step;
    if (++actions == Integer.MAX_VALUE) {
      actions = recent.length + actions % recent.length;
    }
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
    return windows[g] == null ? whole : windows[g].matrix();
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
