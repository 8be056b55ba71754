package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.event.TruthEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxTraceProcessesTest {

  @TempDir Path temp;

  /**
   * Every process but the root is announced by its parent before it does anything, does nothing
   * after its end, and the numbers have no gap.
   */
  private static void assertWellOrdered(Traced traced) {
    Set<ProcessId> alive = new HashSet<>(Set.of(traced.root()));
    long sequence = 1;
    for (Event event : traced.events()) {
      assertThat(event.origin().seq()).isEqualTo(sequence++);
      assertThat(event).isNotInstanceOf(SensorLoss.class);
      ProcessId process = ((TruthEvent) event).process();
      assertThat(alive).as("%s", event).contains(process);
      if (event instanceof ProcessFork fork) {
        assertThat(alive.add(fork.child())).isTrue();
      } else if (event instanceof ProcessExit) {
        alive.remove(process);
      }
    }
    assertThat(alive).isEmpty();
  }

  @Test
  void aSearchOfThePathIsOneExec() throws Exception {
    Path directory = Files.createDirectory(temp.resolve("bin"));
    Path unusable = Files.writeString(directory.resolve("true"), "not executable");
    Traced traced =
        Traced.run(
            temp, "env", "PATH=/no/such/a:/no/such/b:" + directory + ":/usr/bin:/bin", "true");

    assertThat(unusable).isRegularFile();
    assertThat(traced.executed()).hasSize(2);
    assertThat(traced.executed().get(1)).containsExactly("true");
    assertWellOrdered(traced);
  }

  @Test
  void execsThatFailAreNotTold() throws Exception {
    Path text = Files.writeString(temp.resolve("text"), "no program");
    Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rwx------"));
    Path interpreter = Files.writeString(temp.resolve("script"), "#!/no/such/interpreter\n");
    Files.setPosixFilePermissions(interpreter, PosixFilePermissions.fromString("rwx------"));

    Traced traced = Acts.run(temp, "failing-execs", text, interpreter, "/etc/passwd");

    assertThat(traced.all(ProcessExec.class)).hasSize(1);
    assertWellOrdered(traced);
  }

  @Test
  void aProgramThatRunsItselfAgainIsToldEachTime() throws Exception {
    assertThat(Acts.run(temp, "again").executed()).hasSize(6);
  }

  @Test
  void aScriptIsToldAsItsInterpreterWithTheScript() throws Exception {
    Path script = Files.writeString(temp.resolve("script"), "#!/bin/sh -e\nexit 4\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));

    Traced traced = Traced.run(temp, script.toString(), "an argument", "");

    assertThat(traced.exitCode()).isEqualTo(4);
    ProcessExec exec = traced.all(ProcessExec.class).get(0);
    assertThat(exec.exe()).isEqualTo(Path.of("/bin/sh").toRealPath().toString());
    assertThat(exec.argv()).containsExactly("/bin/sh", "-e", script.toString(), "an argument", "");
  }

  @Test
  void everyWayToStartAProgramIsSeen() throws Exception {
    for (String act : List.of("vfork", "spawn")) {
      Traced traced = Acts.run(temp, act, "/bin/true");
      assertThat(traced.executed().get(1)).containsExactly("/bin/true", "by-" + act);
      ProcessFork fork = traced.all(ProcessFork.class).get(0);
      assertThat(fork.process()).isEqualTo(traced.root());
      assertThat(fork.child()).isEqualTo(traced.all(ProcessExec.class).get(1).process());
      assertWellOrdered(traced);
    }
    assertThat(Acts.run(temp, "fexecve", "/bin/true").executed().get(1))
        .containsExactly("by-descriptor");
    assertThat(Acts.run(temp, "exec-in-thread", "/bin/true").executed().get(1))
        .containsExactly("/bin/true", "from-thread");
  }

  @Test
  void pipelinesAreSeenAsTheirProcesses() throws Exception {
    Traced traced =
        Traced.run(temp, "sh", "-c", "cd /; printf abc | cat | cat >/dev/null; (exit 3); exit 2");

    assertThat(traced.exitCode()).isEqualTo(2);
    assertThat(traced.executed()).filteredOn(argv -> argv.equals(List.of("cat"))).hasSize(2);
    assertThat(traced.all(ProcessExec.class))
        .filteredOn(exec -> exec.argv().equals(List.of("cat")))
        .allSatisfy(
            exec -> {
              assertThat(exec.cwd()).isEqualTo("/");
              assertThat(exec.ppid()).isEqualTo(traced.root().pid());
            });
    assertThat(traced.all(ProcessExit.class)).extracting(ProcessExit::exitCode).contains(3, 2);
    assertWellOrdered(traced);
  }

  @Test
  void aDaemonIsItsParentsChild() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");
    Traced traced = Acts.run(temp, "daemon", file);

    List<ProcessFork> forks = traced.all(ProcessFork.class);
    assertThat(forks).hasSize(2);
    assertThat(forks.get(1).process()).isEqualTo(forks.get(0).child());
    assertThat(traced.files(temp.toRealPath()))
        .extracting(FileEvent::process)
        .contains(forks.get(1).child());
    assertWellOrdered(traced);
  }

  @Test
  void anOrphanOfAKilledParentIsItsParentsChild() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");
    Traced traced = Acts.run(temp, "orphan", file);

    List<ProcessFork> forks = traced.all(ProcessFork.class);
    assertThat(forks).hasSize(2);
    assertThat(forks.get(1).process()).isEqualTo(forks.get(0).child());
    assertThat(traced.all(ProcessExit.class)).extracting(ProcessExit::exitCode).contains(137);
    assertWellOrdered(traced);
  }

  @Test
  void twoThousandShortProcessesAreAllAttributed() throws Exception {
    Traced traced = Acts.run(temp, "forks", 2000);

    assertThat(traced.all(ProcessFork.class))
        .hasSize(2000)
        .allSatisfy(fork -> assertThat(fork.process()).isEqualTo(traced.root()));
    assertThat(traced.all(ProcessExit.class))
        .filteredOn(exit -> exit.exitCode() == 3)
        .hasSize(2000);
    assertWellOrdered(traced);
  }

  @Test
  void shortProgramsOfAShellLoopAreAllAttributed() throws Exception {
    Traced traced =
        Traced.run(
            temp, "sh", "-c", "i=0; while [ $i -lt 200 ]; do /bin/echo $i; i=$((i+1)); done >out");

    Map<ProcessId, List<String>> programs = new HashMap<>();
    traced.all(ProcessExec.class).forEach(exec -> programs.put(exec.process(), exec.argv()));
    assertThat(traced.all(ProcessFork.class)).hasSize(200);
    for (int i = 0; i < 200; i++) {
      assertThat(programs.values()).contains(List.of("/bin/echo", Integer.toString(i)));
    }
    assertWellOrdered(traced);
  }

  @Test
  void deathBySignalIsPassedOn() throws Exception {
    for (int signal : new int[] {6, 9, 11, 15}) {
      Traced traced = Acts.attempt(temp, "die-by-signal", signal);
      assertThat(traced.exitCode()).isEqualTo(128 + signal);
      assertThat(traced.all(ProcessExit.class))
          .extracting(ProcessExit::exitCode)
          .containsExactly(128 + signal);
    }
  }
}
