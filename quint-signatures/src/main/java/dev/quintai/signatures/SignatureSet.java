package dev.quintai.signatures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The signatures in force at one time, ready to be matched. Immutable. */
public final class SignatureSet {

  /** How many different window lengths a set may use: each costs every session a matrix. */
  public static final int MAX_WINDOWS = 32;

  private final List<LoadedSignature> signatures;
  private final List<Suppression> suppressions;
  private final List<Group> groups;
  private final boolean requiresFacts;
  private final int leastEvidence;

  /** The signatures that look at the same window. */
  record Group(int window, SignatureIndex index) {}

  private SignatureSet(List<LoadedSignature> signatures, List<Suppression> suppressions) {
    this.signatures = List.copyOf(signatures);
    this.suppressions = List.copyOf(suppressions);
    Map<Integer, List<LoadedSignature>> byWindow = new TreeMap<>();
    boolean facts = false;
    int least = Integer.MAX_VALUE;
    for (LoadedSignature loaded : this.signatures) {
      if (loaded.held() == null) {
        FlowConditions conditions = loaded.signature().conditions();
        byWindow.computeIfAbsent(conditions.window(), w -> new ArrayList<>()).add(loaded);
        facts |= !conditions.require().isEmpty();
        least = Math.min(least, conditions.minTransitions());
      }
    }
    requiresFacts = facts;
    leastEvidence = least;
    List<Group> all = new ArrayList<>();
    byWindow.forEach((window, members) -> all.add(new Group(window, new SignatureIndex(members))));
    groups = List.copyOf(all);
  }

  /** A set of these signatures; of those that are held it only knows. */
  public static SignatureSet of(List<LoadedSignature> signatures, List<Suppression> suppressions) {
    return new SignatureSet(signatures, suppressions);
  }

  /** All signatures, those that are held and those that have expired among them. */
  public List<LoadedSignature> signatures() {
    return signatures;
  }

  /** What is kept quiet. */
  public List<Suppression> suppressions() {
    return suppressions;
  }

  List<Group> groups() {
    return groups;
  }

  /** Whether any signature requires facts, so that a session must remember them. */
  boolean requiresFacts() {
    return requiresFacts;
  }

  /** The fewest transitions from which on any signature may match. */
  int leastEvidence() {
    return leastEvidence;
  }
}
