package dev.quintai.core.capability;

import dev.quintai.core.Capability;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the steps of one call, up to a bound, and applies the rule of credentials: reading,
 * searching or writing one is {@code auth}; receiving one is {@code receive}, {@code auth}; sending
 * one is {@code auth}, {@code send}.
 */
final class Steps {

  /** What a call may add to a session's flow at most; longer lines are cut there. */
  static final int MAX = 256;

  private final List<Step> steps = new ArrayList<>(4);

  void add(Step step) {
    if (steps.size() < MAX) {
      steps.add(step);
    }
  }

  void add(Capability capability) {
    add(Step.of(capability));
  }

  /** Adds what is done to a target. */
  void add(Capability capability, Target target) {
    if (!target.secret()) {
      add(Step.of(capability, target.host(), target.sensitiveTo(capability)));
      return;
    }
    switch (capability) {
      case READ, SEARCH, WRITE, AUTH -> add(Step.of(Capability.AUTH, target.host(), true));
      case RECEIVE -> {
        add(Step.of(Capability.RECEIVE, target.host(), true));
        add(Step.of(Capability.AUTH, target.host(), true));
      }
      case SEND -> {
        add(Step.of(Capability.AUTH, null, true));
        add(Step.of(Capability.SEND, target.host(), true));
      }
      default -> add(Step.of(capability, target.host(), true));
    }
  }

  boolean isEmpty() {
    return steps.isEmpty();
  }

  List<Step> list() {
    return List.copyOf(steps);
  }
}
