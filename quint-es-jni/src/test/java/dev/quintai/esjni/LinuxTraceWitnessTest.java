package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same run is seen by strace, inside the watched tree, and by us: what strace saw succeed is
 * what we told, process by process, no more and no less.
 */
class LinuxTraceWitnessTest {

  private static final String PIPELINES =
      "ls / | sort | head -2; echo $(cat /etc/hostname | wc -c); (cd /; sh -c 'cat /etc/hostname; exit 3');"
          + " for i in 1 2 3 4 5; do env true & done; wait; find /etc -maxdepth 1 -name 'h*' -exec cat {} +;"
          + " no-such-program; /; sed -n 1p /etc/passwd > out; sed -i s/a/b/ out; mv out new; cp new copy;"
          + " ln -s new link; cat link missing; rm -f new copy absent; xargs -n 1 echo < /etc/hostname";

  @TempDir Path temp;

  @BeforeEach
  void needStrace() throws Exception {
    Strace.need();
  }

  private record Run(Traced traced, Strace log) {

    <T extends Event> List<String> told(Class<T> type, Function<T, String> text) {
      return traced.all(type).stream().map(text).sorted().toList();
    }
  }

  private Run run(String calls, String... command) throws Exception {
    Path log = temp.resolve("strace.log");
    Traced traced = Traced.run(temp, Strace.around(log, calls, command));
    return new Run(traced, Strace.read(log));
  }

  @Test
  void everyExecIsTheWitnesss() throws Exception {
    Run run = run("execve,execveat", "sh", "-c", PIPELINES);

    List<String> witnessed = run.log().execs();
    List<String> told =
        run.told(ProcessExec.class, exec -> exec.process().pid() + exec.argv().toString()).stream()
            .filter(text -> !text.contains("[strace, "))
            .toList();
    assertThat(witnessed).hasSizeGreaterThan(25);
    assertThat(told).containsExactlyElementsOf(witnessed);
  }

  @Test
  void everyOpenIsTheWitnesss() throws Exception {
    Run run = run("open,openat,openat2,creat", "sh", "-c", PIPELINES);

    List<String> witnessed = run.log().opens();
    int strace = run.traced().root().pid();
    List<String> told =
        run.traced().all(FileEvent.class).stream()
            .filter(event -> event.process().pid() != strace)
            .filter(event -> event.access() != null)
            .filter(event -> witnessedProcess(run, event))
            .map(event -> event.process().pid() + " " + event.path())
            .sorted()
            .toList();
    assertThat(witnessed).hasSizeGreaterThan(100);
    assertThat(told).containsExactlyElementsOf(witnessed);
  }

  /** Between its fork and its first exec a child is strace itself, which it does not show. */
  private static boolean witnessedProcess(Run run, FileEvent event) {
    return run.traced().all(ProcessExec.class).stream()
        .filter(exec -> exec.argv().get(0).equals("sh"))
        .findFirst()
        .map(exec -> event.origin().seq() > exec.origin().seq())
        .orElse(false);
  }

  @Test
  void everyConnectionIsTheWitnesss() throws Exception {
    Files.writeString(temp.resolve("file"), "");
    String acts = Acts.program().toString();
    Run run =
        run(
            "connect",
            "sh",
            "-c",
            "for port in 1 2 3 4 5; do %s connect4 $port; %s connect6 $port; done"
                .formatted(acts, acts));

    List<String> witnessed = run.log().connections();
    assertThat(witnessed).hasSizeGreaterThanOrEqualTo(5);
    assertThat(
            run.told(
                NetworkConnect.class,
                event -> event.process().pid() + " " + event.remoteIp() + " " + event.remotePort()))
        .isEqualTo(witnessed);
  }
}
