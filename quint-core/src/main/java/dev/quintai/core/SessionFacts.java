package dev.quintai.core;

import dev.quintai.core.snapshot.SnapshotException;
import dev.quintai.core.snapshot.SnapshotReader;
import dev.quintai.core.snapshot.SnapshotWriter;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the gates tell each other about a session. Any gate may publish; every gate reads the facts
 * as they stood before the tool call at hand, so the order of the gates does not matter: the engine
 * makes what was published visible between calls.
 *
 * <p>Confined to the session's thread.
 */
public final class SessionFacts {

  /** A fact; the names are those that a signature's conditions use. */
  public enum Fact {
    /** The call at hand has a sensitive target. */
    SENSITIVE_TARGET,
    /** The call at hand reaches a destination that the session has not reached before. */
    NEW_DESTINATION,
    /** The operating system saw an effect in this session that no call had declared. */
    UNDECLARED_EFFECT,
    /** The model has read a tool's output in this session, so it may have been told what to do. */
    TOOL_OUTPUT_SEEN
  }

  private final Set<Fact> visible = EnumSet.noneOf(Fact.class);
  private final Set<Fact> published = EnumSet.noneOf(Fact.class);

  /** No fact holds yet. */
  public SessionFacts() {}

  /** Says that the fact holds from the next tool call on. */
  public void publish(Fact fact) {
    published.add(fact);
  }

  /** Whether the fact held before the tool call at hand. */
  public boolean holds(Fact fact) {
    return visible.contains(fact);
  }

  /** Makes visible what was published since the last call. */
  void turn() {
    visible.addAll(published);
  }

  /** Writes the facts into a snapshot. */
  public void save(SnapshotWriter out) {
    for (Fact fact : Fact.values()) {
      out.flag(visible.contains(fact)).flag(published.contains(fact));
    }
  }

  /** Reads facts from a snapshot. */
  public static SessionFacts restore(SnapshotReader in) throws SnapshotException {
    SessionFacts facts = new SessionFacts();
    for (Fact fact : Fact.values()) {
      if (in.flag()) {
        facts.visible.add(fact);
      }
      if (in.flag()) {
        facts.published.add(fact);
      }
    }
    return facts;
  }
}
