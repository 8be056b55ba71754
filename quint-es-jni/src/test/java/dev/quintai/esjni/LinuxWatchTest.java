package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.LocalConnect;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.spi.TruthSource.Availability;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Needs root, and what the tier needs; skipped with the cause elsewhere. */
class LinuxWatchTest {

  private static final String PIPELINES =
      "ls / | sort | head -2; (cat link missing); for i in 1 2 3; do env true & done; wait;"
          + " echo a > n; mv n m; ln -s m l; cat l m; cp m copy; sed -i s/a/b/ copy; rm l m copy;"
          + " mkdir d; cat /etc/hostname > d/x; rm -r d; cat ./../*/missing; sh -c 'exec cat /etc/hostname'; exit 3";

  @TempDir Path temp;

  private Path runtime(LinuxTier tier) throws Exception {
    Path directory = Traced.runtimeDirectory(temp);
    Availability availability = tier.availability(directory);
    assumeTrue(availability.available(), availability.cause());
    return directory;
  }

  private LinuxWatch.Builder builder(LinuxTier tier) throws Exception {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("LC_ALL", "C");
    return LinuxWatch.builder(tier)
        .environment(environment)
        .runtimeDirectory(runtime(tier))
        .clock(BootClock.open(temp))
        .directory(temp);
  }

  private Traced run(LinuxTier tier, String... command) throws Exception {
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    try (LinuxWatch watch = builder(tier).command(List.of(command)).build()) {
      watch.start(events::add);
      int code = watch.waitFor();
      return new Traced(code, watch.root(), List.copyOf(events));
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"BPF", "CONNECTOR"})
  void aCommandIsSeenFromItsStartToItsEnd(LinuxTier tier) throws Exception {
    Files.writeString(temp.resolve("file"), "x");
    Traced traced = run(tier, "sh", "-c", "cat file; sleep 0.2; exit 7");

    assertThat(traced.exitCode()).isEqualTo(7);
    ProcessExec exec = traced.all(ProcessExec.class).get(0);
    assertThat(exec.process()).isEqualTo(traced.root());
    assertThat(exec.argv()).containsExactly("sh", "-c", "cat file; sleep 0.2; exit 7");
    assertThat(exec.exe()).isEqualTo(Path.of("/bin/sh").toRealPath().toString());
    assertThat(exec.cwd()).isEqualTo(temp.toRealPath().toString());
    assertThat(exec.origin().source()).isEqualTo(tier.option());
    assertThat(traced.files(temp.resolve("file"))).hasSize(1);
    List<Event> events = traced.events();
    ProcessExit last = (ProcessExit) events.get(events.size() - 1);
    assertThat(last.process()).isEqualTo(traced.root());
    assertThat(last.exitCode()).isEqualTo(7);
  }

  @Test
  void whatEbpfSeesIsWhatTheSupervisorSees() throws Exception {
    runtime(LinuxTier.BPF);
    List<List<String>> seen = new ArrayList<>();
    for (LinuxTier tier : List.of(LinuxTier.SECCOMP, LinuxTier.BPF)) {
      Traced traced =
          tier == LinuxTier.BPF
              ? run(tier, "sh", "-c", PIPELINES)
              : Traced.run(temp, "sh", "-c", PIPELINES);
      assertThat(traced.exitCode()).isEqualTo(3);
      seen.add(traced.events().stream().map(LinuxWatchTest::act).sorted().toList());
    }
    assertThat(seen.get(1)).hasSizeGreaterThan(100).containsExactlyElementsOf(seen.get(0));
  }

  /** What happened, without who and when. */
  private static String act(Event event) {
    String text;
    if (event instanceof ProcessExec exec) {
      text = "exec " + exec.exe() + " " + exec.argv() + " " + exec.cwd();
    } else if (event instanceof ProcessExit exit) {
      text = "exit " + exit.exitCode();
    } else if (event instanceof FileEvent file) {
      text =
          String.join(
              " ",
              file.op().name(),
              String.valueOf(file.access()),
              file.path(),
              String.valueOf(file.requestedPath()),
              String.valueOf(file.newPath()));
    } else {
      text = event.getClass().getSimpleName();
    }
    return text.replaceAll("/proc/\\d+", "/proc/PID").replaceAll("/sed\\w+", "/sedTEMP");
  }

  /** Kernels before 6.2 do not take the program that reads their structures directly. */
  @Test
  void theProgramForOlderKernelsSeesToo() throws Exception {
    runtime(LinuxTier.BPF);
    ProcessBuilder build = new ProcessBuilder("sh", "src/main/c/build.sh", temp.toString());
    build.environment().put("CFLAGS", "-DQUINT_WITHOUT_DIRECT");
    assertThat(build.inheritIO().start().waitFor()).isZero();
    try (DirectoryStream<Path> built = Files.newDirectoryStream(temp, "linux-*")) {
      String program = built.iterator().next().resolve("quint-watch").toString();
      Process test = new ProcessBuilder(program, "--tier", "bpf", "--self-test").start();
      assertThat(new String(test.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("ok\n");
    }
  }

  @Test
  void connectionsAndDatagramsAreSeen() throws Exception {
    runtime(LinuxTier.BPF);
    String acts = Acts.program().toString();
    Traced traced =
        run(
            LinuxTier.BPF,
            "sh",
            "-c",
            "%1$s connect4 1; %1$s connect6 2; %1$s sendto 9; %1$s sendmsg 9; %1$s sendmmsg 9 10; %1$s udp-port-0"
                .formatted(acts));

    assertThat(
            traced.all(NetworkConnect.class).stream().map(c -> c.remoteIp() + " " + c.remotePort()))
        .containsExactly(
            "127.0.0.1 1", "::1 2", "127.0.0.1 9", "127.0.0.1 9", "127.0.0.1 9", "127.0.0.1 10");
  }

  @Test
  void unixSocketsAreSeen() throws Exception {
    runtime(LinuxTier.BPF);
    Path folder = Files.createDirectory(temp.toRealPath().resolve("d"));
    Files.createSymbolicLink(temp.resolve("link"), folder.resolve("s"));
    String acts = Acts.program().toString();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(folder.resolve("s")));
      Traced traced =
          run(
              LinuxTier.BPF,
              "sh",
              "-c",
              "%1$s connect-unix %2$s/s; %1$s connect-unix link; cd d; %1$s connect-unix s;"
                      .formatted(acts, folder)
                  + " %1$s connect-unix absent; %1$s connect-abstract qw; %1$s unix-datagrams %2$s/g"
                      .formatted(acts, folder));
      String socket = folder.resolve("s").toString();
      assertThat(traced.all(LocalConnect.class))
          .extracting(LocalConnect::path)
          .containsExactly(socket, socket, socket, "@qw@z", folder.resolve("g").toString());
      assertThat(traced.all(NetworkConnect.class)).isEmpty();
    }
  }

  @Test
  void callsOf32BitProgramsAreSeen() throws Exception {
    runtime(LinuxTier.BPF);
    Path file = Files.writeString(temp.resolve("file"), "x");
    String acts = Acts.program().toString();
    Traced traced = run(LinuxTier.BPF, acts, "i386-open", file.toString());
    assumeTrue(traced.exitCode() != Acts.CANNOT, "this kernel has no 32-bit calls");

    assertThat(traced.files(file)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"BPF", "CONNECTOR"})
  void aProcessThatRunsAlreadyIsFollowedWithItsChildren(LinuxTier tier) throws Exception {
    Files.writeString(temp.resolve("file"), "x");
    Process running =
        new ProcessBuilder("sh", "-c", "sh -c 'read line; cat file; sleep 0.1; true'; true")
            .directory(temp.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    await(() -> running.toHandle().children().findAny().isPresent());
    try (LinuxWatch watch = builder(tier).follow(List.of((int) running.pid())).build()) {
      watch.start(events::add);
      await(() -> List.copyOf(events).stream().filter(ProcessExec.class::isInstance).count() == 2);
      running.getOutputStream().write('\n');
      running.getOutputStream().close();
      assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
      await(
          () ->
              List.copyOf(events).stream()
                  .anyMatch(
                      event ->
                          event instanceof ProcessExit exit
                              && exit.process().pid() == running.pid()));
    }
    Traced traced = new Traced(0, null, List.copyOf(events));
    assertThat(traced.all(ProcessFork.class)).hasSizeGreaterThanOrEqualTo(2);
    assertThat(traced.files(temp.resolve("file"))).hasSize(1);
    assertThat(traced.events())
        .allMatch(event -> !(event instanceof ProcessFork fork) || fork.child().startMs() > 0);
  }

  @Test
  void everybodysProcessesAreToldAndOneOfThemCanBeFollowed() throws Exception {
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    Files.writeString(temp.resolve("file"), "x");
    try (LinuxWatch watch = builder(LinuxTier.BPF).everybody(true).build()) {
      watch.start(events::add);
      Process agent =
          new ProcessBuilder("sh", "-c", "read line; cat file")
              .directory(temp.toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      await(
          () ->
              List.copyOf(events).stream()
                  .anyMatch(
                      e ->
                          e instanceof ProcessExec x
                              && x.process().pid() == agent.pid()
                              && x.argv().get(0).equals("sh")));
      int before = events.size();
      watch.follow((int) agent.pid());
      await(
          () ->
              List.copyOf(events).stream()
                      .filter(e -> e instanceof ProcessExec x && x.process().pid() == agent.pid())
                      .count()
                  >= 2);
      agent.getOutputStream().write('\n');
      agent.getOutputStream().close();
      agent.waitFor();
      await(() -> !new Traced(0, null, List.copyOf(events)).files(temp.resolve("file")).isEmpty());
      assertThat(before).isPositive();
    }
  }

  @Test
  void theEndOfTheWatcherDoesNotTouchTheCommand() throws Exception {
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    Path done = temp.resolve("done");
    try (LinuxWatch watch =
        builder(LinuxTier.BPF).command(List.of("sh", "-c", "sleep 1; echo > done")).build()) {
      watch.start(events::add);
      int watcher = ProcStatOf.parent(watch.root().pid());
      new ProcessBuilder("kill", "-9", Integer.toString(watcher)).start().waitFor();
      watch.waitFor();
      await(() -> Files.exists(done));
    }
    assertThat(events).hasAtLeastOneElementOfType(SensorLoss.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"BPF", "CONNECTOR"})
  void theCommandGoesOnWhenWeStopReading(LinuxTier tier) throws Exception {
    Path done = temp.resolve("done");
    LinuxWatch watch =
        builder(tier).command(List.of("sh", "-c", "sleep 0.5; cat done; echo > done")).build();
    watch.start(event -> {});
    watch.close();
    await(() -> Files.exists(done));
    int root = watch.root().pid();
    await(() -> !Files.exists(Path.of("/proc/" + root)));
  }

  @ParameterizedTest
  @EnumSource(names = {"BPF", "CONNECTOR"})
  void nothingOfOursIsInherited(LinuxTier tier) throws Exception {
    run(tier, "sh", "-c", "ls /proc/self/fd > descriptors");

    // ls itself holds the directory that it lists.
    assertThat(Files.readAllLines(temp.resolve("descriptors"))).containsExactly("0", "1", "2", "3");
  }

  /** The parent of a process, from {@code /proc}. */
  private static final class ProcStatOf {
    static int parent(int pid) throws IOException {
      return ProcStat.parse(Files.readString(Path.of("/proc/" + pid + "/stat"))).ppid();
    }
  }

  @Test
  void aMissingProgramIsAnErrorOfStart() throws Exception {
    try (LinuxWatch watch =
        builder(LinuxTier.BPF).command(List.of("no-such-program-here")).build()) {
      assertThatThrownBy(() -> watch.start(event -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no such program");
      assertThat(watch.waitFor()).isEqualTo(127);
    }
  }

  @Test
  void aReaderThatIsBehindLosesWhatItIsToldThatItLost() throws Exception {
    Files.writeString(temp.resolve("file"), "x");
    List<Event> events = Collections.synchronizedList(new ArrayList<>());
    int opens = 60_000;
    try (LinuxWatch watch =
        builder(LinuxTier.BPF)
            .queueKib(256)
            .command(List.of(Acts.program().toString(), "many", "file", Integer.toString(opens)))
            .build()) {
      watch.start(
          event -> {
            events.add(event);
            if (events.size() == 10) {
              try {
                Thread.sleep(1500);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
          });
      watch.waitFor();
    }
    Traced traced = new Traced(0, null, List.copyOf(events));
    long lost = traced.all(SensorLoss.class).stream().mapToLong(SensorLoss::lost).sum();
    long told = traced.files(temp.resolve("file")).size();
    assertThat(lost).isPositive();
    assertThat(told + lost).isGreaterThanOrEqualTo(opens).isLessThan(opens + 20);
  }

  @Test
  void onlyTheTiersThatCanAreAsked() {
    assertThatThrownBy(() -> LinuxWatch.builder(LinuxTier.SECCOMP))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LinuxWatch.builder(LinuxTier.BPF).follow(List.of(0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LinuxWatch.builder(LinuxTier.BPF).build())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
