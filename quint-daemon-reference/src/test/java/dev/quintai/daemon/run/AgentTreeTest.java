package dev.quintai.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentTreeTest {

  private static final Origin SENSOR = Origin.of("s");

  private final List<Event> told = new ArrayList<>();
  private final AgentTree tree = new AgentTree(new ProcessId(10, 5), told::add);

  private static ProcessExec exec(int pid, int ppid) {
    return new ProcessExec(
        1, ProcessId.ofPid(pid), SENSOR, ppid, "/x", List.of(), null, -1, null, null);
  }

  private static FileEvent read(int pid) {
    return new FileEvent(
        1,
        ProcessId.ofPid(pid),
        SENSOR,
        FileEvent.Op.OPEN,
        "/f",
        null,
        FileEvent.Access.READ,
        null,
        1);
  }

  private static ProcessExit exit(int pid) {
    return new ProcessExit(1, ProcessId.ofPid(pid), SENSOR, 0);
  }

  @Test
  void descendantsByForkOrByTheParentOfAnExecAndLosses() {
    ProcessFork fork = new ProcessFork(1, ProcessId.ofPid(10), SENSOR, ProcessId.ofPid(11));
    SensorLoss loss = new SensorLoss(1, SENSOR, 2);
    List<Event> all =
        List.of(
            read(10),
            read(11),
            fork,
            read(11),
            exec(12, 11),
            read(12),
            exec(20, 1),
            read(20),
            loss,
            exit(11),
            read(11),
            read(12),
            exit(20),
            exit(10));
    all.forEach(tree);
    assertThat(told)
        .containsExactly(
            read(10), fork, read(11), exec(12, 11), read(12), loss, exit(11), read(12), exit(10));
    assertThat(tree.rootEnded()).isTrue();
  }
}
