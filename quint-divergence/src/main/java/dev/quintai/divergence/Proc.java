package dev.quintai.divergence;

import dev.quintai.core.event.ProcessId;

/**
 * A process of the session and why it runs. A fork copies the reason; an exec may change it.
 *
 * <p>Of the four reasons at most one holds: it is the agent itself, it stems from a command that
 * was declared, it stems from housekeeping, or it stems from an exec that nothing explains.
 */
final class Proc {
  final ProcessId id;
  private Proc parent;

  String exe;
  String script;
  String cwd;
  int uid = -1;

  /** The agent itself: the root, its forks, and direct re-spawns of the same program. */
  boolean own;

  /** The intent whose command it stems from, or null. */
  OpenIntent lineage;

  /** The simple command of that intent's line which it runs, or -1. */
  int use = -1;

  /** Whether it is the shell that runs the line, or a fork of it. */
  boolean lineShell;

  /** Whether it is a shell of a call whose words the sensor could not see, or a fork of one. */
  boolean unseen;

  /** The rule by which it is housekeeping, or null. */
  String housekeeping;

  /** The unexplained exec that it stems from, or null. */
  Stray fold;

  /** The intent whose line is part of what its shell runs, or null. */
  OpenIntent contains;

  /** Paths that it created lately, for files that are renamed into their place. */
  String[] created;

  int createdAt;
  boolean exited;

  /** When it ended; until then, when it was entered or acted last. */
  long seen;

  /** Whether the table has let it go. */
  boolean forgotten;

  /** When it was forked, as the sensor tells it; MIN_VALUE when nobody told. */
  long forked = Long.MIN_VALUE;

  /** Whether it has run a program of its own. */
  boolean execd;

  /** Its latest children. */
  Proc[] children;

  int childAt;

  Proc(ProcessId id, Proc parent) {
    this.id = id;
    this.parent = parent;
    if (parent != null) {
      inherit();
      if (parent.children == null) {
        parent.children = new Proc[4];
      }
      parent.children[parent.childAt++ & 3] = this;
    }
  }

  /** A process as a snapshot tells it; its other fields are set afterwards. */
  static Proc restored(ProcessId id, Proc parent) {
    Proc proc = new Proc(id, null);
    proc.parent = parent;
    return proc;
  }

  /** Lets go of a process that is known no longer. */
  void detach() {
    forgotten = true;
    children = null;
    Proc[] siblings = parent == null ? null : parent.children;
    for (int i = 0; siblings != null && i < siblings.length; i++) {
      if (siblings[i] == this) {
        siblings[i] = null;
      }
    }
  }

  /** Whether it is the process that the session is named after. */
  boolean root() {
    return parent == null;
  }

  /** Its nearest ancestor that is still known, or null for the root. */
  Proc parent() {
    Proc at = parent;
    while (at != null && at.forgotten && at.parent != null) {
      at = at.parent;
    }
    parent = at;
    return at;
  }

  /** Takes over from the parent why it runs. */
  private void inherit() {
    exe = parent.exe;
    script = parent.script;
    cwd = parent.cwd;
    uid = parent.uid;
    own = parent.own;
    lineage = parent.lineage;
    use = parent.use;
    lineShell = parent.lineShell;
    unseen = parent.unseen;
    housekeeping = parent.housekeeping;
    fold = parent.fold;
    contains = parent.contains;
  }

  /** Takes over why another runs, and not what it runs. */
  void stemsFrom(Proc other) {
    lineage = other.lineage;
    use = -1;
    lineShell = false;
    unseen = false;
    housekeeping = other.housekeeping;
    fold = other.fold;
    contains = other.contains;
  }

  /**
   * Gives its latest forks its new state: sensors know the time of a fork to a clock tick only, so
   * a child that was made after an exec may be told of before it.
   */
  void passOn(long since) {
    if (children == null) {
      return;
    }
    for (Proc child : children) {
      if (child != null && !child.execd && child.forked >= since) {
        child.inherit();
        child.passOn(since);
      }
    }
  }

  /** Forgets what is long, and not why it runs. */
  void shrink() {
    created = null;
    if (lineage != null && lineage.settled) {
      lineage.effects = lineage.effects.withoutLine();
    }
    if (contains != null && contains.settled) {
      contains = null;
    }
  }

  /** Whether nothing says yet why it runs. */
  boolean unknown() {
    return !own && lineage == null && housekeeping == null && fold == null;
  }

  /** The program as a person names it: the script where an interpreter runs one. */
  String image() {
    return script != null ? script : exe;
  }

  void remember(String path) {
    if (created == null) {
      created = new String[8];
    }
    created[createdAt++ & 7] = path;
  }

  boolean hasCreated(String path) {
    if (created == null) {
      return false;
    }
    for (String each : created) {
      if (path.equals(each)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is the process with the pid or descends from it. */
  boolean below(int pid) {
    int steps = 0;
    for (Proc at = this; at != null && steps < 64; at = at.parent(), steps++) {
      if (at.id.pid() == pid) {
        return true;
      }
    }
    return false;
  }
}
