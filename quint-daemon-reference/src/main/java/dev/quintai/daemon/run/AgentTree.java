package dev.quintai.daemon.run;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.event.TruthEvent;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Of what a sensor tells about a whole machine, what one process and its descendants did: children
 * are known by their forks or, where a sensor has none, by the parent of their execs. Losses
 * concern everybody. Follows at most {@link #MAX} processes at once. Not thread-safe.
 */
final class AgentTree implements Consumer<Event> {

  static final int MAX = 1 << 16;

  private final Set<Integer> alive = new HashSet<>();
  private final Consumer<? super Event> to;
  private final int root;
  private volatile boolean rootEnded;

  AgentTree(ProcessId root, Consumer<? super Event> to) {
    this.to = to;
    this.root = root.pid();
    alive.add(root.pid());
  }

  /** Whether the sensor has told the end of the root. */
  boolean rootEnded() {
    return rootEnded;
  }

  @Override
  public void accept(Event event) {
    if (event instanceof SensorLoss) {
      to.accept(event);
    } else if (event instanceof TruthEvent truth && belongs(truth)) {
      to.accept(event);
    }
  }

  private boolean belongs(TruthEvent event) {
    int pid = event.process().pid();
    if (event instanceof ProcessExec exec && alive.contains(exec.ppid())) {
      add(pid);
    }
    if (!alive.contains(pid)) {
      return false;
    }
    if (event instanceof ProcessFork fork) {
      add(fork.child().pid());
    } else if (event instanceof ProcessExit) {
      alive.remove(pid);
      rootEnded |= pid == root;
    }
    return true;
  }

  private void add(int pid) {
    if (alive.size() < MAX) {
      alive.add(pid);
    }
  }
}
