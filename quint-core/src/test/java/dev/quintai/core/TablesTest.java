package dev.quintai.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.ProcessId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The tables of the hot path do what the collections that they stand for do. */
class TablesTest {

  /** Waits under a name. */
  private static final class Sleeper extends WakeQueue.Entry {
    final String name;

    Sleeper(String name) {
      this.name = name;
    }

    @Override
    String tie() {
      return name;
    }
  }

  @Property(tries = 200)
  void whoWaitsIsWokenInOrder(@ForAll long seed) {
    Random random = new Random(seed);
    WakeQueue<Sleeper> queue = new WakeQueue<>();
    List<Sleeper> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(new Sleeper("s" + i));
    }
    Map<String, Long> model = new HashMap<>();
    for (int step = 0; step < 400; step++) {
      Sleeper some = all.get(random.nextInt(all.size()));
      switch (random.nextInt(4)) {
        case 0 -> {
          queue.remove(some);
          model.remove(some.name);
        }
        case 1 -> {
          long now = random.nextInt(50);
          Sleeper woken = queue.poll(now);
          TreeMap<String, String> due = new TreeMap<>();
          model.forEach((name, at) -> due.put(String.format("%04d %s", at, name), name));
          boolean any = !due.isEmpty() && model.get(due.firstEntry().getValue()) <= now;
          assertThat(woken == null ? null : woken.name)
              .isEqualTo(any ? due.firstEntry().getValue() : null);
          if (woken != null) {
            model.remove(woken.name);
          }
        }
        default -> {
          long at = random.nextInt(10) == 0 ? Long.MAX_VALUE : random.nextInt(60);
          queue.set(some, at);
          if (at == Long.MAX_VALUE) {
            model.remove(some.name);
          } else {
            model.put(some.name, at);
          }
        }
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
  }

  @Property(tries = 100)
  void callsAreForgottenEldestFirst(@ForAll long seed) {
    Random random = new Random(seed);
    RecentCalls calls = new RecentCalls(100);
    Map<Long, SessionTracker.Tracked> model =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, SessionTracker.Tracked> eldest) {
            return size() > 100;
          }
        };
    SessionTracker.Tracked[] sessions = {tracked(1), tracked(2), tracked(3)};
    for (int i = 0; i < 2_000; i++) {
      // Few values and equal low bits, so that slots are fought over.
      long hash = (1L + random.nextInt(300)) << (random.nextBoolean() ? 32 : 4);
      if (random.nextBoolean()) {
        SessionTracker.Tracked session = sessions[random.nextInt(3)];
        calls.put(hash, session);
        model.put(hash, session);
      }
      assertThat(calls.get(hash)).isSameAs(model.get(hash));
    }
  }

  private static SessionTracker.Tracked tracked(int pid) {
    return new SessionTracker.Tracked(
        new Session(new ProcessId(pid, 1), "pi", null, new UUID(0, pid)));
  }

  @Property(tries = 100)
  void processesAreFoundByPidAndStart(@ForAll long seed) {
    Random random = new Random(seed);
    ProcessTable table = new ProcessTable(10_000);
    Map<ProcessId, ProcessTable.Node> model = new HashMap<>();
    Map<Integer, ProcessTable.Node> newest = new HashMap<>();
    long exits = 0;
    for (int i = 0; i < 1_500; i++) {
      ProcessId id = new ProcessId(1 + random.nextInt(200) * 64, 1 + random.nextInt(3));
      ProcessTable.Node known = model.get(id);
      assertThat(table.find(id)).isSameAs(known);
      assertThat(table.findPid(id.pid())).isSameAs(newest.get(id.pid()));
      if (known == null) {
        ProcessTable.Node node = table.add(id);
        model.put(id, node);
        newest.merge(
            id.pid(), node, (a, b) -> a.id().startMs() > b.id().startMs() ? a : b);
      } else if (random.nextInt(3) == 0 && !known.exited()) {
        table.exit(known, exits++);
        if (random.nextBoolean()) {
          table.forgetExitedBefore(exits);
          model.values().removeIf(ProcessTable.Node::exited);
          newest.values().removeIf(ProcessTable.Node::exited);
        }
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
  }
}
