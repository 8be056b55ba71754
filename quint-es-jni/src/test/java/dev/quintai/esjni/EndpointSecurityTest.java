package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.contract.TruthSourceContract;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import dev.quintai.core.event.TruthEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bridge in C, the ring and the translation, against a stub of the framework. */
class EndpointSecurityTest {

  private static final long TIME = 1_700_000_001L * 1_000_000_000L + 250;
  private static final ProcessId ACTOR = new ProcessId(100, 1_700_000_000_000L);
  private static final String AGENT = "exec pid=100 pv=1 tpv=2 texe=/bin/agent";

  @TempDir Path temp;

  private final List<Event> events = new ArrayList<>();
  private EndpointSecurity source;

  @BeforeEach
  void prepare() throws IOException {
    EsStub.assumeBuilt();
    EsLibrary.load(temp);
    EsStub.prepare(0, 0);
  }

  @AfterEach
  void theClientBehaved() throws IOException {
    if (source != null) {
      source.close();
    }
    if (EsLibrary.missing().isEmpty()) {
      assertThat(EsStub.seen())
          .containsEntry("clients", 0)
          .containsEntry("retained", 0)
          .containsEntry("thread", 0)
          .containsEntry("wrong", 0)
          .containsEntry("duplicate", 0)
          .containsEntry("late", 0)
          .containsEntry("cached", 0);
    }
  }

  private EndpointSecurity.Builder builder() {
    return EndpointSecurity.builder().runtimeDirectory(temp);
  }

  private void start(EndpointSecurity.Builder builder) throws IOException {
    source = builder.build();
    source.start(this::add);
  }

  private synchronized void add(Event event) {
    events.add(event);
    notifyAll();
  }

  private synchronized List<Event> await(int count) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (events.size() < count && System.nanoTime() < end) {
      wait(100);
    }
    assertThat(events).hasSizeGreaterThanOrEqualTo(count);
    return List.copyOf(events);
  }

  /** All events until an exit of process 9, which is not among them. */
  private List<Event> settled() throws InterruptedException {
    EsStub.replay("exit pid=9 time=1900000000");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    synchronized (this) {
      while (!over() && System.nanoTime() < end) {
        wait(100);
      }
      assertThat(over()).as("the last event arrived").isTrue();
      List<Event> before = List.copyOf(events.subList(0, events.size() - 1));
      events.clear();
      return before;
    }
  }

  private boolean over() {
    return !events.isEmpty()
        && events.get(events.size() - 1) instanceof ProcessExit exit
        && exit.process().pid() == 9;
  }

  private static Origin es(long number) {
    return new Origin("es", number);
  }

  private static FileEvent file(long number, FileEvent.Op op, String path) {
    return new FileEvent(TIME, ACTOR, es(number), op, path, null, null, null, 1);
  }

  @Test
  void allNineEvents() throws Exception {
    start(builder());
    EsStub.replay(
        "fork tpid=101 tpv=5 tstart=1700000000999999",
        "exec tpv=2 texe=/bin/zsh args=zsh|-c|a%20b|| cwd=/w sid=com.x tid=T ppid=7 euid=0 exe=/bin/sh",
        "open path=/r fflag=1",
        "open path=/rw fflag=3",
        "open path=/w fflag=2",
        "open path=/watched fflag=32768",
        "open path=/dir dir=1",
        "create path=/new",
        "create into=/d name=n",
        "create into=/ name=n",
        "write path=/plain ino=1",
        "close path=/plain modified=1",
        "close path=/plain modified=0",
        "close path=/mapped modified=1",
        "close path=/rw modified=1",
        "rename path=/a new=/b",
        "rename path=/a into=/d name=c",
        "unlink path=/u",
        "other path=/u",
        "exit stat=9",
        "exit stat=512");
    ProcessId child = new ProcessId(101, 1_700_000_000_999L);
    ProcessId same = ACTOR;
    assertThat(settled())
        .containsExactly(
            new ProcessFork(TIME, ACTOR, es(0), child),
            new ProcessExec(
                TIME,
                same,
                es(1),
                7,
                "/bin/zsh",
                List.of("zsh", "-c", "a b", ""),
                "/w",
                0,
                "T",
                "com.x"),
            open(2, "/r", FileEvent.Access.READ),
            open(3, "/rw", FileEvent.Access.READWRITE),
            open(4, "/w", FileEvent.Access.WRITE),
            file(5, FileEvent.Op.CREATE, "/new"),
            file(6, FileEvent.Op.CREATE, "/d/n"),
            file(7, FileEvent.Op.CREATE, "/n"),
            file(8, FileEvent.Op.WRITE, "/plain"),
            file(9, FileEvent.Op.CLOSE, "/plain"),
            file(10, FileEvent.Op.WRITE, "/mapped"),
            file(11, FileEvent.Op.CLOSE, "/rw"),
            rename(12, "/b"),
            rename(13, "/d/c"),
            file(14, FileEvent.Op.UNLINK, "/u"),
            new ProcessExit(TIME, ACTOR, es(15), 137),
            new ProcessExit(TIME, ACTOR, es(16), 2));
    assertThat(EsStub.seen()).containsEntry("unanswered", 0).containsEntry("kept", 1);
  }

  private static FileEvent open(long number, String path, FileEvent.Access access) {
    return new FileEvent(TIME, ACTOR, es(number), FileEvent.Op.OPEN, path, null, access, null, 1);
  }

  private static FileEvent rename(long number, String to) {
    return new FileEvent(TIME, ACTOR, es(number), FileEvent.Op.RENAME, "/a", null, null, to, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 4711})
  void aFieldIsReadOnlyWhereTheMessageHasIt(int version) throws Exception {
    start(builder());
    EsStub.replay("exec args=x cwd=/w v=" + version);
    ProcessExec exec = (ProcessExec) settled().get(0);
    assertThat(exec.process().startKnown()).isEqualTo(version >= 3);
    assertThat(exec.cwd()).isEqualTo(version >= 3 ? "/w" : null);
    assertThat(exec.argv()).containsExactly("x");
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2,5", "3,5", "4,12", "11,12"})
  void whatTheKernelDroppedIsCounted(int version, int lost) throws Exception {
    start(builder());
    String v = " v=" + version;
    EsStub.replay(
        "exit skip=9" + v, // before the first nothing is known
        "unlink" + v,
        "exit skip=5" + v,
        "unlink" + v,
        "unlink" + v);
    EsStub.replay("unlink skip=7 v=" + Math.max(version, 4)); // versions below 4 began no count
    long told =
        settled().stream()
            .filter(SensorLoss.class::isInstance)
            .mapToLong(e -> ((SensorLoss) e).lost())
            .sum();
    assertThat(told).isEqualTo(lost);
    assertThat(source.statistics().dropped()).isEqualTo(lost);
  }

  @Test
  void aLossStandsWhereItHappened() throws Exception {
    start(builder());
    EsStub.replay("exit", "exit skip=3", "exit", "exit skip=2");
    assertThat(settled())
        .extracting(e -> e instanceof SensorLoss loss ? loss.lost() : 0L)
        .containsExactly(0L, 3L, 0L, 0L, 2L, 0L);
    assertThat(events).isEmpty();
  }

  @Test
  void numbersThatGoBackAreNoLoss() throws Exception {
    start(builder());
    EsStub.replay("exit skip=1000", "exit");
    EsStub.replay("exit skip=-900", "exit");
    assertThat(settled()).hasSize(4).noneMatch(SensorLoss.class::isInstance);
  }

  @Test
  void whatTheRingHasNoRoomForIsCountedExactly() throws Exception {
    CountDownLatch full = new CountDownLatch(1);
    source = builder().ringBytes(256 * 1024).build();
    source.start(
        event -> {
          try {
            full.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          add(event);
        });
    int files = 5000;
    EsStub.replay(files, "unlink path=/a/rather/long/path/so/that/the/ring/is/full/soon");
    EsStub.replay(500, "exit"); // these find the last quarter of the ring
    full.countDown();
    // The end of the last poll gives the producer its room back.
    long overflow = source.statistics().overflow();
    assertThat(overflow).isPositive().isLessThan(files);
    List<Event> all = await((int) (files + 500 - overflow + 1));
    long exits = all.stream().filter(ProcessExit.class::isInstance).count();
    assertThat(exits).isEqualTo(500);
    assertThat(all.stream().filter(SensorLoss.class::isInstance))
        .extracting(e -> ((SensorLoss) e).lost())
        .containsExactly(overflow);
    assertThat(all.stream().filter(FileEvent.class::isInstance).count())
        .isEqualTo(files - overflow);
  }

  @Test
  void aLossWithNothingAfterItIsToldToo() throws Exception {
    CountDownLatch full = new CountDownLatch(1);
    source = builder().ringBytes(256 * 1024).build();
    source.start(
        event -> {
          try {
            full.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          add(event);
        });
    EsStub.replay(5000, "unlink path=/a/rather/long/path/so/that/the/ring/is/full/soon");
    long overflow = source.statistics().overflow();
    full.countDown();
    List<Event> all = await((int) (5000 - overflow + 1));
    assertThat(all.get(all.size() - 1)).isInstanceOf(SensorLoss.class);
    assertThat(((SensorLoss) all.get(all.size() - 1)).lost()).isEqualTo(overflow);
  }

  @ParameterizedTest
  @CsvSource({
    "1,0,malformed",
    "2,0,internal error",
    "3,0,com.apple.developer.endpoint-security.client",
    "4,0,Full Disk Access",
    "5,0,root",
    "6,0,too many",
    "77,0,unknown error 77",
    "0,1,keep our own events",
    "0,8,keep our own events",
    "0,2,subscribe",
  })
  void everyErrorSaysWhatToDo(int newClientResult, int failures, String says) throws Exception {
    EsStub.prepare(newClientResult, failures);
    assertThat(EndpointSecurity.availability(temp).cause()).contains(says);
    source = builder().build();
    assertThat(source.availability().available()).isFalse();
    assertThatThrownBy(() -> source.start(this::add))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(says);
    EsStub.prepare(0, 0);
    start(builder()); // nothing was left behind
    assertThat(source.availability().available()).isTrue();
  }

  @Test
  void thereIsOneClient() throws Exception {
    start(builder());
    EndpointSecurity second = builder().build();
    assertThat(second.availability().available()).isTrue();
    assertThatThrownBy(() -> second.start(this::add)).hasMessageContaining("already");
    assertThatThrownBy(() -> source.start(this::add)).hasMessageContaining("before");
    source.close();
    assertThatThrownBy(() -> source.declare("/x")).hasMessageContaining("not at work");
  }

  @Test
  void whatWasRefusedByAnyoneDidNotHappen() throws Exception {
    start(builder());
    EsStub.replay(
        "unlink result=deny",
        "open result=flags:0",
        "open path=/read result=flags:1",
        "exec result=deny");
    assertThat(settled()).containsExactly(open(0, "/read", FileEvent.Access.READ));
  }

  @Test
  void adHocSignaturesNameNobody() throws Exception {
    start(builder());
    EsStub.replay("exec sid=com.apple.lies tid=APPLE adhoc=1");
    ProcessExec exec = (ProcessExec) settled().get(0);
    assertThat(exec.signingId()).isNull();
    assertThat(exec.teamId()).isNull();
  }

  @Test
  void longAndOddTexts() throws Exception {
    start(builder());
    String argument = "x".repeat(40_000);
    String deep = "/d".repeat(3000);
    EsStub.replay(
        "exec texe=/odd%FFname args=" + argument + "|second|" + argument + "|last",
        "unlink path=" + deep,
        "unlink path=/cut trunc=1");
    List<Event> all = settled();
    ProcessExec exec = (ProcessExec) all.get(0);
    assertThat(exec.exe()).isEqualTo("/odd\uFFFDname");
    assertThat(exec.argv()).containsExactly(argument, "second");
    assertThat(((FileEvent) all.get(1)).path()).isEqualTo(deep.substring(0, 4096));
    assertThat(((FileEvent) all.get(2)).path()).isEqualTo("/cut");
  }

  @Test
  void writesOfOneSecondAreToldOnce() throws Exception {
    start(builder());
    EsStub.replay(50, "write path=/f ino=5 time=1700000001");
    EsStub.replay("write path=/g ino=6 time=1700000001", "write path=/f ino=5 time=1700000002");
    EsStub.replay("write path=/f ino=5 pv=2 time=1700000002");
    assertThat(settled()).hasSize(4);
    assertThat(source.statistics().merged()).isEqualTo(49);
  }

  private static boolean agent(ProcessExec exec) {
    return exec.exe().equals("/bin/agent");
  }

  @Test
  void onlyWhatIsOfInterestAndWhatComesOfIt() throws Exception {
    start(builder().interest(EndpointSecurityTest::agent));
    EsStub.replay(
        "exec pid=50 pv=1 tpv=2 texe=/bin/other",
        "unlink pid=50 pv=2 path=/other exe=/bin/other",
        AGENT,
        "unlink pid=100 pv=2 path=/mine exe=/bin/agent",
        "fork pid=100 pv=2 tpid=101 tpv=3",
        "exec pid=101 pv=3 tpid=101 tpv=4 texe=/bin/sh",
        "unlink pid=101 pv=4 path=/childs exe=/bin/sh");
    settledUnwatched();
    assertThat(paths()).containsExactly("/mine", "/childs");
    events.clear();
    // By now the bridge knows: what others do is not told any more, and the kernel keeps it.
    EsStub.replay(3, "unlink pid=50 pv=2 path=/other exe=/bin/other");
    assertThat(EsStub.seen()).containsEntry("mutes", 1);
    EsStub.replay("unlink pid=101 pv=4 path=/again exe=/bin/sh");
    // An ignored process that executes an agent is one.
    EsStub.replay("exec pid=50 pv=2 tpid=50 tpv=9 texe=/bin/agent", "unlink pid=50 pv=9 path=/now");
    settledUnwatched();
    assertThat(paths()).containsExactly("/again", "/now");
  }

  @Test
  void whatRanBeforeIsAskedForOnce() throws Exception {
    List<ProcessExec> asked = new ArrayList<>();
    start(
        builder()
            .interest(
                exec -> {
                  asked.add(exec);
                  return exec.exe().equals("/bin/agent");
                }));
    EsStub.replay(2, "unlink pid=60 pv=7 path=/old exe=/bin/agent ppid=3");
    EsStub.replay(2, "unlink pid=61 pv=8 path=/no exe=/bin/other");
    EsStub.replay("fork pid=60 pv=7 tpid=62 tpv=9", "unlink pid=62 pv=9 path=/grand exe=/x");
    settledUnwatched();
    assertThat(paths()).containsExactly("/old", "/old", "/grand");
    assertThat(asked.get(0).argv()).isEmpty();
    assertThat(asked.get(0).ppid()).isEqualTo(3);
    assertThat(asked.stream().filter(e -> e.process().pid() == 60)).hasSize(1);
  }

  @Test
  void aRunningProcessCanBeWatched() throws Exception {
    start(builder().interest(EndpointSecurityTest::agent));
    EsStub.replay("unlink pid=70 pv=2 path=/before exe=/bin/sh");
    settledUnwatched();
    events.clear();
    EsStub.replay("unlink pid=70 pv=2 path=/before exe=/bin/sh");
    source.watch(ProcessId.ofPid(70), 2);
    EsStub.replay("unlink pid=70 pv=2 path=/after exe=/bin/sh");
    settledUnwatched();
    assertThat(paths()).containsExactly("/after");
    assertThat(EsStub.seen()).containsEntry("mutes", 0);
  }

  /** Waits for the exit of an agent, since exits of others are not told. */
  private void settledUnwatched() throws InterruptedException {
    EsStub.replay(
        "exec pid=9 pv=1 tpid=9 tpv=2 texe=/bin/agent", "exit pid=9 pv=2 time=1900000000");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    synchronized (this) {
      while (!over() && System.nanoTime() < end) {
        wait(100);
      }
      assertThat(over()).isTrue();
    }
  }

  private synchronized List<String> paths() {
    return events.stream()
        .filter(FileEvent.class::isInstance)
        .map(e -> ((FileEvent) e).path())
        .toList();
  }

  private void startRefusing(boolean lateRefuses) throws Exception {
    start(
        builder()
            .interest(EndpointSecurityTest::agent)
            .lateRefuses(lateRefuses)
            .refuse(List.of("*/.ssh/*", "/etc/secret", "exec:/usr/bin/sudo")));
    EsStub.replay(AGENT);
    settledUnwatched();
    synchronized (this) {
      events.clear();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth_open path=/etc/secret fflag=1",
        "auth_create into=/h/.ssh name=key",
        "auth_rename path=/h/.ssh/id into=/ name=x",
        "auth_rename path=/x into=/h/.ssh name=id",
        "auth_rename path=/x new=/etc/secret",
        "auth_unlink path=/etc/secret",
        "auth_truncate path=/etc/secret",
        "auth_link path=/etc/secret into=/tmp name=x",
        "auth_clone path=/etc/secret into=/tmp name=x",
        "auth_copyfile path=/etc/secret into=/tmp name=x",
        "auth_copyfile path=/tmp/x into=/h/.ssh name=authorized_keys",
        "auth_exec tpv=3 texe=/usr/bin/sudo",
      })
  void sensitiveTargetsAreRefusedToAgentsUnlessDeclared(String act) throws Exception {
    startRefusing(false);
    EsStub.replay(act + " pid=100 pv=2");
    assertThat(EsStub.seen()).containsEntry("denied", 1).containsEntry("unanswered", 0);
    EsStub.replay(act + " pid=40 pv=2"); // not of an agent
    assertThat(EsStub.seen()).containsEntry("denied", 1);
    for (String pattern : List.of("*/.ssh/*", "/etc/secret", "exec:/usr/bin/sudo")) {
      source.declare(pattern);
    }
    EsStub.replay(act + " pid=100 pv=2");
    assertThat(EsStub.seen()).containsEntry("denied", 1);
    source.forgetDeclared();
    EsStub.replay(act + " pid=100 pv=2");
    assertThat(EsStub.seen()).containsEntry("denied", 2).containsEntry("unanswered", 0);
    List<Event> refused = await(2);
    assertThat(refused).hasSize(2).allMatch(e -> e.origin().source().equals("es/refused"));
    if (refused.get(0) instanceof FileEvent file) {
      assertThat(file.path() + " " + file.newPath()).containsAnyOf("/etc/secret", "/.ssh/");
    }
    assertThat(source.statistics().refused()).isEqualTo(2);
  }

  @Test
  void otherTargetsAreAllowedAndToldOnlyWhenTheyHappened() throws Exception {
    startRefusing(false);
    EsStub.replay(
        "auth_open path=/tmp/x pid=100 pv=2",
        "open path=/tmp/x pid=100 pv=2",
        "auth_unlink path=/tmp/x pid=100 pv=2",
        "auth_exec texe=/bin/ls pid=100 pv=2",
        "auth_create into=/tmp name=y pid=100 pv=2",
        "auth_rename path=/tmp/y into=/tmp name=z pid=100 pv=2");
    assertThat(EsStub.seen())
        .containsEntry("allowed", 5)
        .containsEntry("denied", 0)
        .containsEntry("unanswered", 0);
    settledUnwatched();
    assertThat(paths()).containsExactly("/tmp/x");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnswerThatIsDueNowIsTheDefault(boolean lateRefuses) throws Exception {
    startRefusing(lateRefuses);
    EsStub.replay("auth_open path=/etc/secret pid=100 pv=2 deadline=15");
    EsStub.replay("auth_open path=/tmp/harmless pid=100 pv=2 deadline=15");
    assertThat(EsStub.seen())
        .containsEntry("denied", lateRefuses ? 2 : 0)
        .containsEntry("allowed", lateRefuses ? 0 : 2)
        .containsEntry("unanswered", 0);
    assertThat(source.statistics().late()).isEqualTo(2);
  }

  @Test
  void aRefusalThatWasNotTakenIsNotTold() throws Exception {
    startRefusing(false);
    EsStub.prepare(0, EsStub.FAIL_RESPOND);
    EsStub.replay("auth_open path=/etc/secret pid=100 pv=2");
    EsStub.prepare(0, 0);
    assertThat(source.statistics().unanswered()).isEqualTo(1);
    settledUnwatched();
    assertThat(paths()).isEmpty();
    source.close();
    source = null;
    EsStub.prepare(0, 0); // the count of clients was reset in between
  }

  @Test
  void nothingIsRefusedToEverybody() {
    assertThatThrownBy(() -> builder().refuse(List.of("/x")).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().refuse(List.of("")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().ringBytes(300_000))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aConsumerThatThrowsStopsNothing() throws Exception {
    source = builder().build();
    source.start(
        event -> {
          if (event instanceof TruthEvent truth && truth.process().pid() == 1) {
            throw new IllegalStateException("no");
          }
          add(event);
        });
    EsStub.replay("exit pid=1", "exit pid=2");
    assertThat(settled()).hasSize(1);
    assertThat(source.refusedByConsumer()).isEqualTo(1);
  }

  @Test
  void itIsATruthSource() {
    TruthSourceContract.verifyAtWork(
        () -> builder().build(), () -> EsStub.replay("exit", "unlink"), Duration.ofSeconds(10));
  }
}
