package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.sensitive.SensitiveTarget;
import dev.quintai.core.sensitive.SensitiveTargets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Either side of a trace ends at a bad moment; the watched command must not notice. */
@Timeout(60)
class LinuxTraceDeathTest {

  /** Opens files all the time until told to stop, and fails when a single open does. */
  private static final String BUSY =
      "echo started > started; while [ ! -e stop ]; do : < file || exit 9; done; /bin/true || exit 8;"
          + " echo whole > result; exit 5";

  @TempDir Path temp;
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void makeFile() throws Exception {
    Files.writeString(temp.resolve("file"), "");
  }

  private void await(String name) throws Exception {
    while (!Files.exists(temp.resolve(name))) {
      Thread.sleep(5);
    }
  }

  private LinuxTrace start(String script) throws Exception {
    LinuxTrace trace = Traced.builder(temp).command(List.of("sh", "-c", script)).build();
    trace.start(events::add);
    return trace;
  }

  private ProcFs proc() throws Exception {
    return new ProcFs(BootClock.open(temp));
  }

  /** The root's parent. */
  private int supervisor() {
    List<Event> seen;
    synchronized (events) {
      seen = List.copyOf(events);
    }
    return seen.stream()
        .filter(ProcessExec.class::isInstance)
        .map(ProcessExec.class::cast)
        .findFirst()
        .orElseThrow()
        .ppid();
  }

  /** The process that this JVM started: the supervisor's parent. */
  private int waiter() throws Exception {
    return proc().stat(supervisor()).ppid();
  }

  private static void kill(long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor()).isZero();
  }

  private void awaitGone(int pid) throws Exception {
    ProcFs proc = proc();
    ProcStat stat = proc.stat(pid);
    while (stat != null && stat.state() != 'Z') {
      Thread.sleep(10);
      stat = proc.stat(pid);
    }
  }

  @Test
  void theCommandOutlivesTheReader() throws Exception {
    LinuxTrace trace = start(BUSY);
    await("started");
    int waiter = waiter();
    int supervisor = supervisor();
    trace.close();
    Thread.sleep(100);
    Files.createFile(temp.resolve("stop"));

    assertThat(trace.waitFor()).isEqualTo(5);
    assertThat(temp.resolve("result")).hasContent("whole");
    awaitGone(supervisor);
    awaitGone(waiter);
  }

  @Test
  void theCommandOutlivesTheJvm() throws Exception {
    Traced.runtimeDirectory(temp);
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(
                    System.getProperty("path.separator"),
                    location(LinuxTrace.class),
                    location(Event.class),
                    location(TracerMain.class)),
                TracerMain.class.getName(),
                temp.toString(),
                BUSY)
            .directory(temp.toFile())
            .redirectErrorStream(true)
            .redirectOutput(temp.resolve("output").toFile())
            .start();
    await("started");
    kill(jvm.pid());
    jvm.waitFor();
    Thread.sleep(100);
    Files.createFile(temp.resolve("stop"));
    await("result");
  }

  private static String location(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  @Test
  void theCommandOutlivesTheSupervisor() throws Exception {
    try (LinuxTrace trace = start(BUSY)) {
      await("started");
      kill(supervisor());
      Thread.sleep(100);
      Files.createFile(temp.resolve("stop"));

      assertThat(trace.waitFor()).isEqualTo(5);
    }
    assertThat(temp.resolve("result")).hasContent("whole");
    assertThat(events.get(events.size() - 1))
        .as("what was not seen is reported as a loss")
        .isInstanceOf(SensorLoss.class);
  }

  /** A call that waits for an answer when whoever would give it dies is let go. */
  @Test
  void aWaitingCallOutlivesTheSupervisor() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (LinuxTrace trace = asking(asked, answer)) {
      trace.start(events::add);
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      kill(supervisor());
      answer.countDown();
      assertThat(trace.waitFor()).isZero();
    }
    assertThat(temp.resolve("result")).hasContent("secret");
  }

  @Test
  void aWaitingCallOutlivesTheReader() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    LinuxTrace trace = asking(asked, answer);
    trace.start(events::add);
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    trace.close();
    await("result");
    answer.countDown();
    assertThat(trace.waitFor()).isZero();
    assertThat(temp.resolve("result")).hasContent("secret");
  }

  private LinuxTrace asking(CountDownLatch asked, CountDownLatch answer) throws Exception {
    Files.writeString(temp.resolve("token"), "secret");
    SensitiveTargets table =
        SensitiveTargets.emptyBuilder()
            .path(SensitiveTarget.Kind.CREDENTIAL, "token", "token", Set.of(), "test")
            .build();
    return Traced.builder(temp)
        .command(List.of("sh", "-c", "cat token > part && mv part result"))
        .ask(
            table,
            act -> {
              asked.countDown();
              try {
                return answer.await(20, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                return false;
              }
            })
        .build();
  }

  @Test
  void theCommandAndTheEventsOutliveTheWaitingProcess() throws Exception {
    try (LinuxTrace trace = start(BUSY)) {
      await("started");
      int waiter = waiter();
      int supervisor = supervisor();
      kill(waiter);
      Thread.sleep(100);
      Files.createFile(temp.resolve("stop"));

      assertThat(trace.waitFor()).isEqualTo(5);
      awaitGone(supervisor);
    }
    assertThat(events).noneMatch(SensorLoss.class::isInstance);
    assertThat(events)
        .filteredOn(FileEvent.class::isInstance)
        .extracting(event -> ((FileEvent) event).path())
        .contains(temp.toRealPath().resolve("result").toString());
  }

  @Test
  void theCommandOutlivesTheWaitingProcessAndThenTheSupervisor() throws Exception {
    LinuxTrace trace = start(BUSY);
    await("started");
    int waiter = waiter();
    int supervisor = supervisor();
    kill(waiter);
    List<Integer> standIns = standIns(supervisor, trace);
    while (standIns.isEmpty()) {
      Thread.sleep(5);
      standIns = standIns(supervisor, trace);
    }
    Thread.sleep(100);
    kill(supervisor);
    Thread.sleep(100);
    Files.createFile(temp.resolve("stop"));
    await("result");
    trace.close();
    awaitGone(standIns.get(0));
  }

  private List<Integer> standIns(int supervisor, LinuxTrace trace) throws Exception {
    List<Integer> children = new ArrayList<>(proc().children(supervisor));
    children.remove((Integer) trace.root().pid());
    return children;
  }

  @Test
  void aSupervisorThatIsStoppedGoesOnAtOnce() throws Exception {
    try (LinuxTrace trace = start(BUSY)) {
      await("started");
      new ProcessBuilder("kill", "-STOP", Integer.toString(supervisor())).start().waitFor();
      Files.createFile(temp.resolve("stop"));

      assertThat(trace.waitFor()).isEqualTo(5);
    }
    assertThat(events).noneMatch(SensorLoss.class::isInstance);
  }

  @Test
  void aSupervisorThatHangsIsReplaced() throws Exception {
    Traced traced = Acts.run(temp, "stuck", "file");

    assertThat(traced.events().get(traced.events().size() - 1)).isInstanceOf(SensorLoss.class);
  }

  @Test
  void theTreeIsEndedWithTheReaderWhenThatIsAskedFor() throws Exception {
    LinuxTrace trace =
        Traced.builder(temp)
            .killOnLoss(true)
            .command(
                List.of(
                    "sh", "-c", "echo started > started; trap '' TERM; while :; do : < file; done"))
            .build();
    trace.start(events::add);
    await("started");
    int root = trace.root().pid();
    trace.close();

    assertThat(trace.waitFor()).isEqualTo(137);
    awaitGone(root);
  }

  @Test
  void aReaderThatStallsLosesEventsAndIsToldHowMany() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    int opens = 60_000;
    try (LinuxTrace trace =
        Traced.builder(temp)
            .queueKib(256)
            .command(List.of(Acts.program().toString(), "many", "file", Integer.toString(opens)))
            .build()) {
      trace.start(
          event -> {
            events.add(event);
            if (events.size() == 100) {
              try {
                released.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
          });
      // The command is not held up: it ends while nobody reads.
      ProcFs proc = proc();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
      while (proc.stat(trace.root().pid()) != null
          && proc.stat(trace.root().pid()).state() != 'Z'
          && System.nanoTime() < deadline) {
        Thread.sleep(10);
      }
      released.countDown();
      assertThat(trace.waitFor()).isZero();
    }
    long lost =
        events.stream()
            .filter(SensorLoss.class::isInstance)
            .mapToLong(event -> ((SensorLoss) event).lost())
            .sum();
    long seen =
        events.stream()
            .filter(FileEvent.class::isInstance)
            .filter(event -> ((FileEvent) event).path().endsWith("/file"))
            .count();
    assertThat(lost).isPositive();
    assertThat(seen + lost).isEqualTo(opens);
  }

  @Test
  void whatTheCommandLeavesBehindGoesOnUnhindered() throws Exception {
    String daemon = "(sleep 0.5; : < file; /bin/true && echo whole > result) >/dev/null 2>&1 &";
    Traced traced = Traced.run(temp, "sh", "-c", daemon + " exit 3");

    assertThat(traced.exitCode()).isEqualTo(3);
    assertThat(temp.resolve("result")).doesNotExist();
    await("result");
  }

  @Test
  void aTraceInsideATraceIsRefusedAndTheCommandNotStarted() throws Exception {
    Traced.runtimeDirectory(temp);
    Traced traced =
        Traced.run(
            temp,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            String.join(
                System.getProperty("path.separator"),
                location(LinuxTrace.class),
                location(Event.class),
                location(TracerMain.class)),
            TracerMain.class.getName(),
            temp.toString(),
            "echo > result");

    assertThat(traced.exitCode()).as("refused as nested").isEqualTo(TracerMain.NESTED);
    assertThat(temp.resolve("result")).doesNotExist();
  }
}
