package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ProcScannerTest {

  @TempDir Path temp;
  private BootClock clock;
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/self/stat")), "no /proc here");
    clock = BootClock.open(temp);
  }

  /** A process that can be changed between two looks. */
  private void fake(int pid, int ppid, long ticks, String exe, String... argv) throws IOException {
    Path directory = Files.createDirectories(temp.resolve("proc").resolve(Integer.toString(pid)));
    String stat = pid + " (x) S " + ppid + " 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + ticks + " 0\n";
    Files.writeString(directory.resolve("stat"), stat);
    Files.writeString(directory.resolve("cmdline"), String.join("\0", argv) + "\0");
    Files.writeString(directory.resolve("status"), "Name:\tx\nUid:\t5\t6\t7\t8\n");
    Files.deleteIfExists(directory.resolve("exe"));
    Files.createSymbolicLink(directory.resolve("exe"), Path.of(exe));
    Files.deleteIfExists(directory.resolve("cwd"));
    Files.createSymbolicLink(directory.resolve("cwd"), Path.of("/w"));
  }

  private void gone(int pid) throws IOException {
    try (var files = Files.walk(temp.resolve("proc").resolve(Integer.toString(pid)))) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private ProcessId id(int pid, long ticks) {
    return new ProcessId(pid, clock.startMs(ticks, 100));
  }

  private ProcScanner scanner(ProcessId root) {
    ProcFs proc = new ProcFs(temp.resolve("proc"), clock);
    return new ProcScanner(proc, clock, root, Duration.ofMillis(1), Thread::new);
  }

  private List<Event> seen() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  private List<Event> look(ProcScanner scanner) {
    List<Event> seen = new ArrayList<>();
    scanner.scan(seen::add);
    return seen;
  }

  @Test
  void forksExecsAndExitsAreToldInOrder() throws Exception {
    fake(10, 1, 500, "/bin/agent", "agent");
    fake(99, 1, 400, "/bin/other", "other");
    ProcScanner scanner = scanner(id(10, 500));

    List<Event> first = look(scanner);
    assertThat(first).hasSize(1);
    ProcessExec root = (ProcessExec) first.get(0);
    assertThat(root.process()).isEqualTo(id(10, 500));
    assertThat(root.argv()).containsExactly("agent");
    assertThat(root.cwd()).isEqualTo("/w");
    assertThat(root.uid()).isEqualTo(6);
    assertThat(look(scanner)).isEmpty();

    fake(12, 11, 501, "/bin/sh", "sh", "-c", "x");
    fake(11, 10, 501, "/bin/agent", "agent");
    List<Event> second = look(scanner);
    assertThat(second).hasSize(3);
    assertThat(second.get(0)).isInstanceOf(ProcessFork.class);
    assertThat(((ProcessFork) second.get(0)).process()).isEqualTo(id(10, 500));
    assertThat(((ProcessFork) second.get(0)).child()).isEqualTo(id(11, 501));
    assertThat(((ProcessFork) second.get(1)).process()).isEqualTo(id(11, 501));
    assertThat(((ProcessExec) second.get(2)).argv()).containsExactly("sh", "-c", "x");

    fake(12, 1, 501, "/bin/cat", "cat"); // its parent ended, it runs another program
    gone(11);
    List<Event> third = look(scanner);
    assertThat(third).hasSize(2);
    assertThat(((ProcessExit) third.get(0)).process()).isEqualTo(id(11, 501));
    assertThat(((ProcessExit) third.get(0)).exitCode()).isEqualTo(-1);
    assertThat(((ProcessExec) third.get(1)).exe()).isEqualTo("/bin/cat");

    gone(10);
    gone(12);
    assertThat(look(scanner)).hasSize(2).allMatch(ProcessExit.class::isInstance);
    assertThat(scanner.scan(events::add)).isFalse();
    assertThat(events).isEmpty();
  }

  /** Else the child would be taken for one of what its parent ran before. */
  @Test
  void aProgramComesBeforeWhatItStarts() throws Exception {
    fake(10, 1, 500, "/bin/agent", "agent");
    ProcScanner scanner = scanner(id(10, 500));
    look(scanner);
    fake(11, 10, 600, "/bin/sh", "sh", "-c", "a & b");
    fake(12, 11, 601, "/bin/a", "a");
    assertThat(look(scanner))
        .extracting(Event::timeNanos)
        .containsExactly(at(600), at(600), at(601), at(601));

    fake(12, 11, 601, "/bin/c", "c"); // another program, that has started one
    fake(13, 12, 650, "/bin/d", "d");
    assertThat(look(scanner))
        .extracting(Event::timeNanos)
        .containsExactly(at(650), at(650), at(650));
  }

  private long at(long ticks) {
    return clock.startMs(ticks, 100) * 1_000_000L;
  }

  @Test
  void aPidThatIsUsedAgainIsAnotherProcess() throws Exception {
    fake(10, 1, 500, "/bin/agent", "agent");
    ProcScanner scanner = scanner(id(10, 500));
    look(scanner);
    fake(11, 10, 501, "/bin/cat", "cat");
    look(scanner);
    fake(11, 10, 900, "/bin/cat", "cat");

    List<Event> seen = look(scanner);
    assertThat(seen).hasSize(3);
    assertThat(((ProcessExit) seen.get(0)).process()).isEqualTo(id(11, 501));
    assertThat(((ProcessFork) seen.get(1)).child()).isEqualTo(id(11, 900));
    assertThat(seen).extracting(event -> event.origin().seq()).isSorted();
  }

  @Test
  void aRootThatEndedIsNotTakenForItsSuccessor() throws Exception {
    fake(10, 1, 900, "/bin/other", "other");
    assertThat(look(scanner(id(10, 500)))).isEmpty();
  }

  @Test
  void realProcessesAreSeenUntilTheyEnd() throws Exception {
    Process child =
        new ProcessBuilder("sh", "-c", "sleep 5 & read line; kill $!; wait; exit 0").start();
    ProcFs proc = new ProcFs(clock);
    try (ProcScanner scanner =
        new ProcScanner(clock, proc.id((int) child.pid()), Duration.ofMillis(5), Thread::new)) {
      scanner.start(events::add);
      while (seen().stream()
          .noneMatch(e -> e instanceof ProcessExec exec && exec.argv().get(0).equals("sleep"))) {
        Thread.sleep(5);
      }
      child.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
      child.getOutputStream().flush();
      while (seen().stream().filter(ProcessExit.class::isInstance).count() < 2) {
        Thread.sleep(5);
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(seen().stream().filter(ProcessFork.class::isInstance).count()).isEqualTo(1);
  }

  @Test
  void itSaysWhatItIs() {
    try (ProcScanner scanner = new ProcScanner(clock, new ProcessId(1, 1))) {
      assertThat(scanner.lossless()).isFalse();
      assertThat(scanner.availability().available()).isTrue();
      assertThat(scanner.sees()).hasSize(3);
    }
    assertThatThrownBy(
            () -> new ProcScanner(clock, new ProcessId(1, 1), Duration.ZERO, Thread::new))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
