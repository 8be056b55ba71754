package dev.quintai.core;

import dev.quintai.core.event.ProcessId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The processes that matter: those of sessions, and those whose children might be.
 *
 * <p>Bounded: when full, the process that exited longest ago is forgotten, without one the event's
 * process is not entered; both are counted. Not thread-safe.
 */
final class ProcessTable {

  /** A process. */
  static final class Node {
    private ProcessId id;

    /** The start of its id: looked at with every event. */
    private long startMs;

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
      identify(id);
    }

    ProcessId id() {
      return id;
    }

    boolean startKnown() {
      return startMs != ProcessId.UNKNOWN_START;
    }

    /** Says who it is, for the first time or where only the pid was known. */
    void identify(ProcessId known) {
      id = known;
      startMs = known.startMs();
    }

    boolean exited() {
      return exitNanos != Long.MAX_VALUE;
    }

    /** Whether it had ended when that one was started: then it was another. */
    private boolean exitedBefore(ProcessId other) {
      return exited() && other.startMs() > exitNanos / 1_000_000;
    }

    boolean isRoot() {
      return session != null && session.root().equals(id);
    }
  }

  private final int capacity;

  /**
   * The newest process of each pid: open addressing, at most half full. The pid stands beside its
   * process, so that finding one looks at nothing else.
   */
  private int[] pids = new int[64];

  private Node[] newest = new Node[64];
  private int newestSize;

  /** Processes whose pid has been used again. */
  private final Map<ProcessId, Node> older = new HashMap<>();

  private final ArrayDeque<Node> exited = new ArrayDeque<>();
  private long evicted;

  ProcessTable(int capacity) {
    this.capacity = capacity;
  }

  private int slot(int pid) {
    int mask = pids.length - 1;
    int at = ((pid * 0x9e3779b9) >>> 7) & mask;
    while (newest[at] != null && pids[at] != pid) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** The process, if it is known: by identity, or by pid where no start time is given. */
  Node find(ProcessId id) {
    Node node = newest[slot(id.pid())];
    if (node == null) {
      return null;
    }
    if (!id.startKnown() || node.startMs == id.startMs()) {
      return node;
    }
    if (!node.startKnown() && !node.exitedBefore(id)) {
      node.identify(id);
      return node;
    }
    return older.get(id);
  }

  /** The newest process of that pid, or null. */
  Node findPid(int pid) {
    return newest[slot(pid)];
  }

  /** Enters a process that is not known yet. */
  Node add(ProcessId id) {
    if (size() >= capacity && !forgetOldest()) {
      evicted++;
      return new Node(id); // usable for the event at hand, and then gone
    }
    Node node = new Node(id);
    int at = slot(id.pid());
    Node before = newest[at];
    if (before != null && before.startKnown() && id.startKnown() && before.startMs > id.startMs()) {
      older.put(id, node); // a late event of a process whose pid has been used again
    } else {
      if (before != null && before.startKnown()) {
        older.put(before.id, before);
      }
      put(at, id.pid(), node);
    }
    return node;
  }

  private void put(int at, int pid, Node node) {
    boolean fresh = newest[at] == null;
    pids[at] = pid;
    newest[at] = node;
    if (fresh && ++newestSize * 2 > pids.length) {
      grow();
    }
  }

  private void grow() {
    int[] oldPids = pids;
    Node[] old = newest;
    pids = new int[old.length * 2];
    newest = new Node[old.length * 2];
    for (int i = 0; i < old.length; i++) {
      if (old[i] != null) {
        int at = slot(oldPids[i]);
        pids[at] = oldPids[i];
        newest[at] = old[i];
      }
    }
  }

  /** Closes the gap, so that what stands behind it is found. */
  private void free(int gap) {
    int mask = pids.length - 1;
    newest[gap] = null;
    newestSize--;
    for (int next = (gap + 1) & mask; newest[next] != null; next = (next + 1) & mask) {
      Node moved = newest[next];
      newest[next] = null;
      int at = slot(pids[next]);
      pids[at] = pids[next];
      newest[at] = moved;
    }
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
    int at = slot(node.id.pid());
    if (newest[at] == node) {
      free(at);
    } else {
      older.remove(node.id, node);
    }
    if (node.parent != null && node.parent.exited()) {
      node.parent = null;
    }
  }

  /** The pids of what lives in the session besides its root, ascending. */
  List<Integer> pidsOf(SessionTracker.Tracked session) {
    return Arrays.stream(newest)
        .filter(Objects::nonNull)
        .filter(node -> node.tracked == session && !node.exited() && !node.isRoot())
        .map(node -> node.id.pid())
        .sorted()
        .toList();
  }

  int size() {
    return newestSize + older.size();
  }

  long evicted() {
    return evicted;
  }
}
