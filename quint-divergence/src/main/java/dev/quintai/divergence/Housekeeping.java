package dev.quintai.divergence;

import java.util.List;

/**
 * What is known of the things that agents do by themselves. The list is part of this module, never
 * learnt at run time; an agent that is newer than the version it was made with may do more.
 */
public final class Housekeeping {

  /**
   * An agent whose own doings were observed, idle and at work.
   *
   * @param platform the agent's id, {@code codex}
   * @param version the version that was observed, as the agent gives it: {@code 0.171.0}
   * @param command what starts it
   */
  public record Observed(String platform, String version, String command) {}

  private Housekeeping() {}

  /** The agents that were observed, in the order of the list. */
  public static List<Observed> observed() {
    return HousekeepingTable.defaults().observed();
  }
}
