package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trees in namespaces of their own, as containers and sandboxes make them. */
@Timeout(120)
class LinuxTraceNamespacesTest {

  private static final List<String> CONTAINER = List.of("unshare", "-Urpf", "--mount-proc");

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void makeFolder() throws Exception {
    folder = Files.createDirectory(temp.toRealPath().resolve("work"));
    Files.writeString(folder.resolve("plain"), "plain");
  }

  private Traced run(List<String> sandbox, String script) throws Exception {
    List<String> probe = new ArrayList<>(sandbox);
    probe.add("true");
    Process works;
    try {
      works =
          new ProcessBuilder(probe)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (java.io.IOException e) {
      assumeTrue(false, sandbox.get(0) + " is not installed");
      throw e;
    }
    assumeTrue(works.waitFor() == 0, "namespaces are not allowed here: " + sandbox);
    List<String> command = new ArrayList<>(sandbox);
    command.addAll(List.of("sh", "-c", "cd work && " + script));
    Traced traced = Traced.run(temp, command.toArray(String[]::new));
    assertThat(traced.exitCode()).isZero();
    assertThat(traced.all(SensorLoss.class)).isEmpty();
    assertThat(strangers(traced)).as("events of processes that nobody has made").isEmpty();
    return traced;
  }

  /** Processes that did something and are neither the root nor told by a fork before. */
  private static Set<ProcessId> strangers(Traced traced) {
    Set<ProcessId> known = new HashSet<>(Set.of(traced.root()));
    Set<ProcessId> strangers = new HashSet<>();
    for (var event : traced.events()) {
      if (event instanceof ProcessFork fork) {
        known.add(fork.child());
      }
      if (event instanceof dev.quintai.core.event.TruthEvent truth
          && !known.contains(truth.process())) {
        strangers.add(truth.process());
      }
    }
    return strangers;
  }

  private static Map<Integer, Integer> parents(Traced traced) {
    Map<Integer, Integer> parents = new HashMap<>();
    traced
        .all(ProcessFork.class)
        .forEach(fork -> parents.put(fork.child().pid(), fork.process().pid()));
    return parents;
  }

  @Test
  void pidsAreOursAndNotTheNamespaces() throws Exception {
    Traced traced = run(CONTAINER, "echo $$ > inner; cat plain; (cat plain; exit 3); exit 0");
    assertThat(folder.resolve("inner")).hasContent("1");
    Map<Integer, Integer> parents = parents(traced);
    List<ProcessExec> cats =
        traced.all(ProcessExec.class).stream()
            .filter(exec -> exec.argv().equals(List.of("cat", "plain")))
            .toList();
    assertThat(cats).hasSize(2);
    for (ProcessExec cat : cats) {
      int at = cat.process().pid();
      assertThat(at).isGreaterThan(10);
      assertThat(cat.cwd()).isEqualTo(folder.toString());
      for (int steps = 0; at != traced.root().pid() && steps < 10; steps++) {
        at = parents.get(at);
      }
      assertThat(at).as("its ancestry leads to the root").isEqualTo(traced.root().pid());
    }
    assertThat(traced.all(ProcessExit.class)).extracting(ProcessExit::exitCode).contains(3);
    assertThat(traced.files(folder.resolve("plain")))
        .hasSize(2)
        .extracting(FileEvent::process)
        .containsExactlyElementsOf(cats.stream().map(ProcessExec::process).toList());
  }

  @Test
  void pathsAreThoseOfTheOutside() throws Exception {
    Files.createDirectories(folder.resolve("root/inside"));
    Files.writeString(folder.resolve("root/inside/file"), "inside");
    Traced traced =
        run(
            CONTAINER,
            "cat ../work/plain /proc/self/status > /dev/null;"
                + " exec 3< root/inside/file; mount -t tmpfs none root && echo x > root/made &&"
                + " mv root/made root/moved && rm root/moved");
    assertThat(traced.files(folder.resolve("plain"))).hasSize(1);
    assertThat(traced.files(folder.resolve("root")))
        .extracting(FileEvent::op, FileEvent::path, FileEvent::newPath)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                FileEvent.Op.OPEN, folder.resolve("root/inside/file").toString(), null),
            org.assertj.core.groups.Tuple.tuple(
                FileEvent.Op.CREATE, folder.resolve("root/made").toString(), null),
            org.assertj.core.groups.Tuple.tuple(
                FileEvent.Op.RENAME,
                folder.resolve("root/made").toString(),
                folder.resolve("root/moved").toString()),
            org.assertj.core.groups.Tuple.tuple(
                FileEvent.Op.UNLINK, folder.resolve("root/moved").toString(), null));
  }

  @Test
  void aManyProcessContainerIsAttributedWhole() throws Exception {
    Traced traced =
        run(CONTAINER, "i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i+1)); done; exit 0");
    assertThat(traced.executed().stream().filter(List.of("/bin/true")::equals)).hasSize(300);
  }

  @Test
  void aContainerWithinAContainerIsAttributedToo() throws Exception {
    Traced traced = run(CONTAINER, "unshare -Urpf --mount-proc sh -c 'cat plain' && exit 0");
    assertThat(traced.files(folder.resolve("plain"))).hasSize(1);
  }

  @Test
  void aBubblewrapSandboxIsAttributed() throws Exception {
    Traced traced =
        run(
            List.of(
                "bwrap",
                "--unshare-all",
                "--ro-bind",
                "/",
                "/",
                "--proc",
                "/proc",
                "--dev",
                "/dev",
                "--bind",
                temp.toRealPath().toString(),
                temp.toRealPath().toString()),
            "cat plain > copy && exit 0");
    assertThat(traced.files(folder.resolve("plain"))).hasSize(1);
    assertThat(traced.files(folder.resolve("copy"))).hasSize(1);
  }

  /** The same root directory does not mean the same mounts. */
  @Test
  void aMountThatOnlyTheProcessSeesIsSeen() throws Exception {
    Path here = Files.createDirectory(folder.resolve("here"));
    Path there = Files.createDirectory(folder.resolve("there"));
    Files.writeString(here.resolve("mounted"), "");
    Traced traced =
        run(
            List.of("unshare", "-Urm"),
            "mount --bind " + here + " " + there + " && cat " + there + "/mounted");
    assertThat(traced.files(folder))
        .extracting(FileEvent::path)
        .containsExactly(there.resolve("mounted").toString());
  }
}
