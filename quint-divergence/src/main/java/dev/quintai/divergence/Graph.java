package dev.quintai.divergence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Everything that a session's state reaches, each thing once, in an order that the state alone
 * determines: a process after its parent, calls, acts and strays as they are met.
 */
final class Graph {
  final List<Proc> procs = new ArrayList<>();
  final List<OpenIntent> intents = new ArrayList<>();
  final List<Act> acts = new ArrayList<>();
  final List<Stray> strays = new ArrayList<>();

  private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();
  private final Deque<Object> todo = new ArrayDeque<>();

  /** The number of a thing among its kind, or -1 for null. */
  int number(Object thing) {
    return thing == null ? -1 : numbers.get(thing);
  }

  Graph add(Proc proc) {
    if (proc == null || numbers.containsKey(proc)) {
      return this;
    }
    Deque<Proc> line = new ArrayDeque<>();
    for (Proc at = proc; at != null && !numbers.containsKey(at); at = at.parent()) {
      line.push(at);
    }
    for (Proc each : line) {
      enter(each, procs);
    }
    return this;
  }

  Graph add(OpenIntent intent) {
    return enter(intent, intents);
  }

  Graph add(Act act) {
    return enter(act, acts);
  }

  Graph add(Stray stray) {
    return enter(stray, strays);
  }

  private <T> Graph enter(T thing, List<T> kind) {
    if (thing != null && numbers.putIfAbsent(thing, kind.size()) == null) {
      kind.add(thing);
      todo.add(thing);
    }
    return this;
  }

  /** Follows what was added to all that it reaches. */
  void follow() {
    for (Object next = todo.poll(); next != null; next = todo.poll()) {
      if (next instanceof Proc proc) {
        add(proc.lineage).add(proc.contains).add(proc.fold);
        if (proc.children != null) {
          for (Proc child : proc.children) {
            add(child);
          }
        }
      } else if (next instanceof OpenIntent intent) {
        add(intent.tentative).add(intent.precededBy).add(intent.mismatch);
        intent.matches.forEach(this::add);
        for (Scale scale : intent.scales) {
          add(scale.proc);
        }
      } else if (next instanceof Act act) {
        add(act.proc());
      } else if (next instanceof Stray stray) {
        add(stray.proc).add(stray.cause).add(stray.precedes).add(stray.mismatch);
        add(stray.explainedBy);
        stray.acts.forEach(this::add);
      }
    }
  }
}
