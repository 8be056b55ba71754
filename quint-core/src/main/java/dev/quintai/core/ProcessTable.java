package dev.quintai.core;

import dev.quintai.core.event.ProcessId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The processes that matter: those of sessions, and those whose children might be.
 *
 * <p>Bounded: when full, the process that exited longest ago is forgotten, without one the event's
 * process is not entered; both are counted. Not thread-safe.
 */
final class ProcessTable {

  /** A process. */
  static final class Node {
    ProcessId id;
    Node parent;

    /** The session it belongs to, or null. */
    Session session;

    /** What the tracker keeps of that session, or null. */
    SessionTracker.Tracked tracked;

    /** Whether it is the agent itself: the root, or the same program started again by it. */
    boolean agentItself;

    /** Whether an exec of it was seen. */
    boolean ranBefore;

    String exe;
    List<String> argv = List.of();
    String cwd;
    int uid = -1;
    long exitNanos = Long.MAX_VALUE;

    Node(ProcessId id) {
      this.id = id;
    }

    boolean exited() {
      return exitNanos != Long.MAX_VALUE;
    }

    boolean isRoot() {
      return session != null && session.root().equals(id);
    }
  }

  private final int capacity;
  private final Map<Integer, Node> newest = new HashMap<>();
  private final Map<ProcessId, Node> older = new HashMap<>();
  private final ArrayDeque<Node> exited = new ArrayDeque<>();
  private long evicted;

  ProcessTable(int capacity) {
    this.capacity = capacity;
  }

  /** The process, if it is known: by identity, or by pid where no start time is given. */
  Node find(ProcessId id) {
    Node node = newest.get(id.pid());
    if (node == null) {
      return null;
    }
    if (!id.startKnown() || node.id.equals(id)) {
      return node;
    }
    if (!node.id.startKnown()) {
      node.id = id;
      return node;
    }
    return older.get(id);
  }

  /** The newest process of that pid, or null. */
  Node findPid(int pid) {
    return newest.get(pid);
  }

  /** Enters a process that is not known yet. */
  Node add(ProcessId id) {
    if (newest.size() + older.size() >= capacity && !forgetOldest()) {
      evicted++;
      return new Node(id); // usable for the event at hand, and then gone
    }
    Node node = new Node(id);
    Node before = newest.get(id.pid());
    if (before != null
        && before.id.startKnown()
        && id.startKnown()
        && before.id.startMs() > id.startMs()) {
      older.put(id, node); // a late event of a process whose pid has been used again
    } else {
      if (before != null && before.id.startKnown()) {
        older.put(before.id, before);
      }
      newest.put(id.pid(), node);
    }
    return node;
  }

  void exit(Node node, long timeNanos) {
    if (!node.exited()) {
      node.exitNanos = timeNanos;
      exited.add(node);
    }
  }

  /** Forgets processes that exited before the time. */
  void forgetExitedBefore(long timeNanos) {
    while (!exited.isEmpty() && exited.peek().exitNanos < timeNanos) {
      remove(exited.poll());
    }
  }

  private boolean forgetOldest() {
    Node node = exited.poll();
    if (node == null) {
      return false;
    }
    evicted++;
    remove(node);
    return true;
  }

  private void remove(Node node) {
    if (newest.get(node.id.pid()) == node) {
      newest.remove(node.id.pid());
    } else {
      older.remove(node.id, node);
    }
    if (node.parent != null && node.parent.exited()) {
      node.parent = null;
    }
  }

  /** The pids of what lives in the session besides its root, ascending. */
  List<Integer> pidsOf(SessionTracker.Tracked session) {
    return newest.values().stream()
        .filter(node -> node.tracked == session && !node.exited() && !node.isRoot())
        .map(node -> node.id.pid())
        .sorted()
        .toList();
  }

  int size() {
    return newest.size() + older.size();
  }

  long evicted() {
    return evicted;
  }
}
