package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.core.event.AgentProcess;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentScannerTest {

  @TempDir Path temp;
  private BootClock clock;
  private Path program;

  @BeforeEach
  void prepare() throws Exception {
    clock = BootClock.open(temp);
    program = temp.resolve("test-agent");
    Path sleep = Path.of("/bin/sleep");
    assumeTrue(Files.isExecutable(sleep), "there is no sleep");
    Files.copy(sleep.toRealPath(), program);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  /** Ours, not those of other agents on this machine. */
  private String platform(ProcessExec exec) {
    return exec.exe().startsWith(temp.toString()) ? "test-agent" : null;
  }

  @Test
  void agentsThatRanBeforeAreFoundOnceWithTheirRealStart() throws Exception {
    Process agent = new ProcessBuilder(program.toString(), "60").start();
    try (AgentScanner scanner = new AgentScanner(clock, this::platform)) {
      ProcessId id = new ProcFs(clock).id((int) agent.pid());
      List<Event> events = new ArrayList<>();
      scanner.scan(events::add);
      scanner.scan(events::add);
      assertThat(events).singleElement().isInstanceOf(AgentProcess.class);
      AgentProcess found = (AgentProcess) events.get(0);
      assertThat(found.process()).isEqualTo(id);
      assertThat(found.ppid()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(found.exe()).isEqualTo(program.toRealPath().toString());
      assertThat(found.platform()).isEqualTo("test-agent");
      agent.destroyForcibly().waitFor();
      scanner.scan(events::add);
      assertThat(events.get(1)).isInstanceOf(ProcessExit.class);
      assertThat(((ProcessExit) events.get(1)).process()).isEqualTo(id);
      assertThat(events.get(1).origin().seq()).isEqualTo(1);
    } finally {
      agent.destroyForcibly();
    }
  }

  @Test
  void aProgramThatStartsItselfAgainIsOneAgent() throws Exception {
    Path shell = temp.resolve("agent-shell");
    Files.copy(Path.of("/bin/sh").toRealPath(), shell);
    assertThat(shell.toFile().setExecutable(true)).isTrue();
    Process agent = new ProcessBuilder(shell.toString(), "-c", program + " 60; true").start();
    try (AgentScanner scanner = new AgentScanner(clock, this::platform)) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (agent.descendants().findAny().isEmpty() && System.nanoTime() < end) {
        Thread.sleep(10);
      }
      List<Event> events = new ArrayList<>();
      scanner.scan(events::add);
      assertThat(events).singleElement().isInstanceOf(AgentProcess.class);
      assertThat(((AgentProcess) events.get(0)).process().pid()).isEqualTo((int) agent.pid());
    } finally {
      agent.descendants().forEach(ProcessHandle::destroyForcibly);
      agent.destroyForcibly();
    }
  }

  /** Another's process, or macOS: the folder comes from lsof, once, and as its word. */
  @Test
  void aFolderThatCannotBeReadComesFromLsof() throws Exception {
    Path fake = temp.resolve("lsof");
    Path asked = temp.resolve("asked");
    Files.writeString(fake, "#!/bin/sh\necho \"$@\" >> " + asked + "\nprintf 'p1\\nn/srv/w\\n'\n");
    assertThat(fake.toFile().setExecutable(true)).isTrue();
    Process agent = new ProcessBuilder(program.toString(), "60").start();
    ProcFs none = new ProcFs(temp.resolve("no-proc"), clock);
    try (AgentScanner scanner =
        new AgentScanner(
            clock, none, new Lsof(fake, Lsof.TIMEOUT), this::platform, Duration.ofSeconds(1))) {
      List<Event> events = new ArrayList<>();
      scanner.scan(events::add);
      scanner.scan(events::add);
      assertThat(events).hasSize(2).allMatch(event -> event instanceof AgentProcess);
      AgentProcess found = (AgentProcess) events.get(0);
      AgentProcess folder = (AgentProcess) events.get(1);
      assertThat(found.cwd()).isNull();
      assertThat(found.origin().source()).isEqualTo("scanner");
      assertThat(folder.process()).isEqualTo(found.process());
      assertThat(folder.cwd()).isEqualTo("/srv/w");
      assertThat(folder.origin().source()).isEqualTo("lsof");
      assertThat(Files.readAllLines(asked)).containsExactly("-a -p " + agent.pid() + " -d cwd -Fn");
    } finally {
      agent.destroyForcibly();
    }
  }

  @Test
  void itLooksAgainAndAgain() throws Exception {
    LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    Process agent = null;
    try (AgentScanner scanner = new AgentScanner(clock, this::platform, Duration.ofMillis(20))) {
      scanner.start(events::add);
      agent = new ProcessBuilder(program.toString(), "60").start();
      assertThat(events.poll(20, TimeUnit.SECONDS)).isInstanceOf(AgentProcess.class);
    } finally {
      if (agent != null) {
        agent.destroyForcibly();
      }
    }
  }
}
