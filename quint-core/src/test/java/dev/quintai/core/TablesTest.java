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

  /** Pids are used again once their processes have exited; those are found for a while. */
  @Property(tries = 100)
  void processesAreFoundByPidAndStart(@ForAll long seed) {
    Random random = new Random(seed);
    ProcessTable table = new ProcessTable(10_000);
    Map<ProcessId, ProcessTable.Node> model = new HashMap<>();
    Map<Integer, ProcessTable.Node> newest = new HashMap<>();
    for (int time = 1; time < 1_500; time++) {
      int pid = 1 + random.nextInt(200) * 64;
      ProcessTable.Node last = newest.get(pid);
      if (last == null || last.exited()) {
        ProcessId id = new ProcessId(pid, time);
        ProcessTable.Node node = table.add(id);
        model.put(id, node);
        newest.put(pid, node);
      } else if (random.nextBoolean()) {
        table.exit(last, time);
      }
      if (random.nextInt(8) == 0) {
        long until = time - 20L;
        table.forgetExitedBefore(until);
        model.values().removeIf(node -> node.exitNanos < until);
        newest.values().removeIf(node -> node.exitNanos < until);
      }
      model.forEach((id, node) -> assertThat(table.find(id)).isSameAs(node));
      newest.forEach((same, node) -> assertThat(table.findPid(same)).isSameAs(node));
      assertThat(table.findPid(2)).isNull();
      assertThat(table.size()).isEqualTo(model.size());
    }
  }
}
