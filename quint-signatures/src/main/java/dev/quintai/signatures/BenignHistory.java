package dev.quintai.signatures;

import dev.quintai.core.Capability;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * What this machine's agents have lately done without anybody minding: the last sessions, each as
 * its sequence of actions, cut at {@value #MAX_ACTIONS}. New signatures are tried against it before
 * they may match, since a shape that looks wrong elsewhere may be daily work here. Thread-safe.
 */
public final class BenignHistory implements AdmissionTrial {

  /** Actions kept of a session, its last ones. */
  public static final int MAX_ACTIONS = 4096;

  private final int capacity;
  private final double maxShare;
  private final int minSessions;
  private final Deque<byte[]> sessions = new ArrayDeque<>();

  /**
   * A history without sessions.
   *
   * @param capacity how many sessions it keeps; the eldest leave first
   * @param maxShare the largest share of them, 0 to 1, that a signature may match
   * @param minSessions fewer sessions say nothing against a signature
   */
  public BenignHistory(int capacity, double maxShare, int minSessions) {
    if (capacity < 1 || minSessions < 1 || !(maxShare >= 0 && maxShare <= 1)) {
      throw new IllegalArgumentException("capacity and minSessions from 1, maxShare 0 to 1");
    }
    this.capacity = capacity;
    this.maxShare = maxShare;
    this.minSessions = minSessions;
  }

  /** Adds a session that ended without a finding. */
  public synchronized void add(List<Capability> actions) {
    int first = Math.max(0, actions.size() - MAX_ACTIONS);
    byte[] kept = new byte[actions.size() - first];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = (byte) actions.get(first + i).index();
    }
    sessions.addLast(kept);
    if (sessions.size() > capacity) {
      sessions.removeFirst();
    }
  }

  /** How many sessions it holds. */
  public synchronized int size() {
    return sessions.size();
  }

  /**
   * Objects to a signature whose shape too many of the sessions would have matched. Facts that it
   * requires are taken to hold: the history does not have them, and holding one too many for a
   * while is the smaller harm.
   */
  @Override
  public synchronized String objection(ThreatSignature signature) {
    if (sessions.size() < minSessions) {
      return null;
    }
    int matched = 0;
    for (byte[] session : sessions) {
      if (matches(signature, session)) {
        matched++;
      }
    }
    double share = (double) matched / sessions.size();
    return share <= maxShare
        ? null
        : String.format(
            Locale.ROOT,
            "it would have matched %d of the last %d sessions without findings (%.1f%%, at most"
                + " %.1f%%)",
            matched,
            sessions.size(),
            100 * share,
            100 * maxShare);
  }

  private static boolean matches(ThreatSignature signature, byte[] session) {
    FlowConditions conditions = signature.conditions();
    FlowMatrix whole = new FlowMatrix();
    FlowWindow window = conditions.window() == 0 ? null : new FlowWindow(conditions.window());
    for (byte action : session) {
      Capability capability = Capability.at(action);
      whole.action(capability);
      if (window != null) {
        window.action(capability);
      }
      FlowMatrix looked = window == null ? whole : window.matrix();
      if (whole.total() >= conditions.minTransitions()
          && looked.total() > 0
          && FlowDivergence.bits(looked, signature.shape()) <= signature.maxJsd()) {
        return true;
      }
    }
    return false;
  }
}
