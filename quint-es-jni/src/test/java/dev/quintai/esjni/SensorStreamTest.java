package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.contract.TruthSourceContract;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.NetworkConnect;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessExit;
import dev.quintai.core.event.ProcessFork;
import dev.quintai.core.event.ProcessId;
import dev.quintai.core.event.SensorLoss;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SensorStreamTest {

  private static final long SECOND = 1_700_000_000L * 1_000_000_000L;
  private static final String TIME = "\"2023-11-14T22:13:20.000000007Z\"";
  private final List<String> problems = new ArrayList<>();

  private List<Event> read(SensorFormat format, String... lines) throws IOException {
    return read(format, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  private List<Event> read(SensorFormat format, byte[] bytes) throws IOException {
    List<Event> events = new ArrayList<>();
    try (SensorStream stream =
        new SensorStream(format, new ByteArrayInputStream(bytes), "in", problems::add)) {
      assertThat(stream.read(events::add)).isEqualTo(problems.size());
    }
    return events;
  }

  private static final String START = ",\"start_time\":\"2023-11-14T22:13:19.500999Z\"";

  private static String process(int pid, String more) {
    return "{\"audit_token\":{\"asid\":1,\"auid\":501,\"egid\":20,\"euid\":501,\"pid\":"
        + pid
        + ",\"pidversion\":9,\"rgid\":20,\"ruid\":501},\"ppid\":1,\"executable\":{\"path\":\"/bin/zsh\"}"
        + START
        + more
        + "}";
  }

  private static String es(long number, String event) {
    return es(number, 0, process(42, ""), event);
  }

  private static String es(long number, int auth, String process, String event) {
    return "{\"schema_version\":1,\"version\":9,\"time\":"
        + TIME
        + ",\"event_type\":9,\"action_type\":1,\"action\":{\"result\":{\"result_type\":0,\"result\":{\"auth\":"
        + auth
        + "}}},\"seq_num\":"
        + number
        + ",\"global_seq_num\":"
        + number
        + ",\"process\":"
        + process
        + ",\"event\":"
        + event
        + "}";
  }

  @Test
  void esloggerTellsAllNineEvents() throws IOException {
    String file = "{\"path\":\"/w/a\",\"path_truncated\":false}";
    List<Event> events =
        read(
            SensorFormat.ESLOGGER,
            es(0, "{\"fork\":{\"child\":" + process(43, "") + "}}"),
            es(
                1,
                "{\"exec\":{\"target\":"
                    + process(43, ",\"signing_id\":\"com.x\",\"team_id\":\"T\"")
                    + ",\"args\":[\"sh\",\"-c\",\"a b\"],\"cwd\":{\"path\":\"/w\"}}}"),
            es(2, "{\"open\":{\"fflag\":1,\"file\":" + file + "}}"),
            es(3, "{\"open\":{\"fflag\":3,\"file\":" + file + "}}"),
            es(
                4,
                "{\"create\":{\"destination_type\":0,\"destination\":{\"existing_file\":"
                    + file
                    + "}}}"),
            es(5, "{\"write\":{\"target\":" + file + "}}"),
            es(6, "{\"close\":{\"modified\":false,\"target\":" + file + "}}"),
            es(7, "{\"close\":{\"modified\":true,\"target\":" + file + "}}"),
            es(
                8,
                "{\"rename\":{\"source\":"
                    + file
                    + ",\"destination_type\":1,\"destination\":{\"new_path\":{\"dir\":{\"path\":\"/w\"},\"filename\":\"b\"}}}}"),
            es(9, "{\"unlink\":{\"target\":" + file + ",\"parent_dir\":{\"path\":\"/w\"}}}"),
            es(10, "{\"exit\":{\"stat\":9}}"),
            es(11, "{\"exit\":{\"stat\":512}}"));
    ProcessId self = new ProcessId(42, 1_699_999_999_500L);
    ProcessId child = new ProcessId(43, 1_699_999_999_500L);
    long time = SECOND + 7;
    assertThat(problems).isEmpty();
    assertThat(events)
        .containsExactly(
            new ProcessFork(time, self, at(0), child),
            new ProcessExec(
                time,
                child,
                at(1),
                1,
                "/bin/zsh",
                List.of("sh", "-c", "a b"),
                "/w",
                501,
                "T",
                "com.x"),
            file(time, self, 2, FileEvent.Op.OPEN, FileEvent.Access.READ, null),
            file(time, self, 3, FileEvent.Op.OPEN, FileEvent.Access.READWRITE, null),
            file(time, self, 4, FileEvent.Op.CREATE, null, null),
            file(time, self, 5, FileEvent.Op.WRITE, null, null),
            file(time, self, 6, FileEvent.Op.CLOSE, null, null),
            file(time, self, 7, FileEvent.Op.RENAME, null, "/w/b"),
            file(time, self, 8, FileEvent.Op.UNLINK, null, null),
            new ProcessExit(time, self, at(9), 137),
            new ProcessExit(time, self, at(10), 2));
  }

  private static Origin at(long number) {
    return new Origin("eslogger", number);
  }

  private static FileEvent file(
      long time,
      ProcessId process,
      long number,
      FileEvent.Op op,
      FileEvent.Access access,
      String newPath) {
    return new FileEvent(time, process, at(number), op, "/w/a", null, access, newPath, 1);
  }

  @Test
  void esloggerCountsWhatItsNumbersLack() throws IOException {
    String exit = "{\"exit\":{\"stat\":0}}";
    List<Event> events =
        read(
            SensorFormat.ESLOGGER,
            es(5, exit),
            es(9, exit),
            es(10, exit),
            es(0, exit),
            es(1, exit));
    assertThat(events.stream().filter(SensorLoss.class::isInstance))
        .containsExactly(new SensorLoss(SECOND + 7, Origin.of("eslogger"), 3));
    assertThat(events).hasSize(6);
    assertThat(events.get(1)).isInstanceOf(SensorLoss.class);
  }

  private static String old(int version, int type, long number) {
    return "{\"schema_version\":1,\"version\":"
        + version
        + ",\"time\":"
        + TIME
        + ",\"event_type\":"
        + type
        + ",\"action_type\":1,\"seq_num\":"
        + number
        + ",\"process\":"
        + process(42, "")
        + ",\"event\":{\"exit\":{\"stat\":0}}}";
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void beforeVersion4TheNumbersAreOfEachType(int version) throws IOException {
    List<Event> events =
        read(
            SensorFormat.ESLOGGER,
            old(version, 15, 7),
            old(version, 10, 100), // another type has numbers of its own
            old(version, 15, 8),
            old(version, 15, 12),
            old(version, 10, 102),
            old(version, 15, 13),
            old(version, 15, 0), // it began anew
            old(version, 15, 1));
    assertThat(events)
        .extracting(e -> e instanceof SensorLoss loss ? loss.lost() : 0L)
        .containsExactly(0L, 0L, 0L, 3L, 0L, 1L, 0L, 0L, 0L, 0L);
  }

  @Test
  void aWriteIsToldOnceHoweverItIsSeen() throws IOException {
    String close = "{\"close\":{\"modified\":true,\"target\":{\"path\":\"%s\"}}}";
    List<Event> events =
        read(
            SensorFormat.ESLOGGER,
            es(0, "{\"write\":{\"target\":{\"path\":\"/a\"}}}"),
            es(1, close.formatted("/a")),
            es(2, close.formatted("/a")), // opened again: no write of it was told
            es(3, "{\"open\":{\"fflag\":2,\"file\":{\"path\":\"/b\"}}}"),
            es(4, close.formatted("/b")),
            es(5, "{\"open\":{\"fflag\":1,\"file\":{\"path\":\"/c\"}}}"),
            es(6, close.formatted("/c")), // through a map
            es(7, 0, process(43, ""), close.formatted("/b")),
            es(8, "{\"open\":{\"fflag\":32768,\"file\":{\"path\":\"/d\"}}}"));
    assertThat(events)
        .extracting(e -> ((FileEvent) e).op() + " " + ((FileEvent) e).path())
        .containsExactly(
            "WRITE /a",
            "CLOSE /a",
            "WRITE /a",
            "OPEN /b",
            "CLOSE /b",
            "OPEN /c",
            "WRITE /c",
            "WRITE /b");
  }

  @Test
  void writtenFilesAreBounded() {
    WrittenFiles written = new WrittenFiles();
    for (int i = 0; i <= WrittenFiles.MAX; i++) {
      written.told(i, "/f");
    }
    assertThat(written.closed(0, "/f")).isFalse();
    assertThat(written.closed(WrittenFiles.MAX, "/f")).isTrue();
  }

  @Test
  void deniedActsDidNotHappen() throws IOException {
    String exit = "{\"exit\":{\"stat\":0}}";
    assertThat(read(SensorFormat.ESLOGGER, es(0, 1, process(1, ""), exit), es(1, exit))).hasSize(1);
  }

  @Test
  void tokensMayBeArraysAndAdHocSignaturesNameNobody() throws IOException {
    String target =
        "{\"audit_token\":[501,502,20,501,20,77,1,9],\"codesigning_flags\":2,\"signing_id\":\"lies\","
            + "\"executable\":{\"path\":\"/x\"}}";
    ProcessExec exec =
        (ProcessExec)
            read(SensorFormat.ESLOGGER, es(0, "{\"exec\":{\"target\":" + target + "}}")).get(0);
    assertThat(exec.process()).isEqualTo(ProcessId.ofPid(77));
    assertThat(exec.uid()).isEqualTo(502);
    assertThat(exec.signingId()).isNull();
  }

  @Test
  void badLinesAreToldCountedAndPassedOver() throws IOException {
    String exit = "{\"exit\":{\"stat\":0}}";
    List<Event> events =
        read(
            SensorFormat.ESLOGGER,
            es(0, exit),
            "{\"time\":",
            es(1, "{\"exit\":{\"stat\":\"x\"}}"),
            "",
            "[]",
            es(2, exit));
    assertThat(problems)
        .containsExactly(
            "in:2: valid JSON was expected at column 9",
            "in:3: event.exit.stat: a whole number of 64 bits was expected",
            "in:5: a JSON object was expected");
    assertThat(events)
        .extracting(e -> (Object) e.getClass())
        .containsExactly(ProcessExit.class, SensorLoss.class, ProcessExit.class);
    assertThat(((SensorLoss) events.get(1)).lost()).isEqualTo(3);
    assertThat(events.get(2).origin().seq()).isEqualTo(1);
  }

  @Test
  void aLineThatIsTooLongIsPassedOver() throws IOException {
    String exit = es(0, "{\"exit\":{\"stat\":0}}");
    assertThat(read(SensorFormat.ESLOGGER, "x".repeat(SensorStream.MAX_LINE + 1), exit)).hasSize(2);
    assertThat(problems).containsExactly("in:1: at most 4194304 bytes a line were expected");
  }

  @Test
  void santa() throws IOException {
    String id = "{\"id\":{\"pid\":12,\"pidversion\":3}}";
    List<Event> events =
        read(
            SensorFormat.SANTA,
            santa(
                "execution",
                "{\"instigator\":"
                    + id
                    + ",\"target\":{\"id\":{\"pid\":23},\"parent_id\":{\"pid\":12},\"effective_user\":{\"uid\":-2},"
                    + "\"executable\":{\"path\":\"/bin/ls\"},\"code_signature\":{\"team_id\":\"T\"},\"start_time\":"
                    + TIME
                    + "},\"args\":[\"bHM=\",\"LWw=\"],\"decision\":\"DECISION_ALLOW\"}"),
            santa("execution", "{\"decision\":\"DECISION_DENY\"}"),
            santa("exit", "{\"instigator\":" + id + ",\"signaled\":{\"signal\":9}}"),
            santa(
                "close",
                "{\"instigator\":" + id + ",\"target\":{\"path\":\"/f\"},\"modified\":true}"),
            santa("file_access", access(id, "POLICY_DECISION_DENIED")),
            santa("file_access", access(id, "POLICY_DECISION_ALLOWED_AUDIT_ONLY")));
    assertThat(problems).isEmpty();
    assertThat(events).hasSize(4);
    ProcessExec exec = (ProcessExec) events.get(0);
    assertThat(exec.process()).isEqualTo(new ProcessId(23, 1_700_000_000_000L));
    assertThat(exec.argv()).containsExactly("ls", "-l");
    assertThat(exec.ppid()).isEqualTo(12);
    assertThat(exec.teamId()).isEqualTo("T");
    assertThat(((ProcessExit) events.get(1)).exitCode()).isEqualTo(137);
    assertThat(((FileEvent) events.get(2)).op()).isEqualTo(FileEvent.Op.WRITE);
    assertThat(((FileEvent) events.get(3)).access()).isEqualTo(FileEvent.Access.READ);
  }

  private static String access(String id, String decision) {
    return "{\"instigator\":"
        + id
        + ",\"target\":{\"path\":\"/s\"},\"access_type\":\"ACCESS_TYPE_OPEN\",\"policy_decision\":\""
        + decision
        + "\"}";
  }

  private static String santa(String kind, String event) {
    return "{\"machine_id\":\"m\",\"event_time\":" + TIME + ",\"" + kind + "\":" + event + "}";
  }

  @Test
  void santasOwnSamples() throws IOException {
    Path samples = Path.of("../../shared/data/os-events/santa");
    Assumptions.assumeTrue(Files.isDirectory(samples), "the samples are not here");
    for (String kind :
        List.of(
            "v5_exec:execution",
            "v4_fork:fork",
            "v2_exit:exit",
            "v6_close:close",
            "v6_rename:rename",
            "v1_unlink:unlink")) {
      String[] part = kind.split(":");
      String inner = Files.readString(samples.resolve(part[0] + ".json")).replace("\n", " ");
      assertThat(read(SensorFormat.SANTA, santa(part[1], inner))).as(kind).hasSize(1);
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void tetragon() throws IOException {
    String process =
        "\"process\":{\"exec_id\":\"x\",\"pid\":7,\"uid\":0,\"cwd\":\"/\",\"binary\":\"/bin/sh\","
            + "\"arguments\":\"-c \\\"echo a\\\" b\",\"start_time\":"
            + TIME
            + "},\"parent\":{\"pid\":3}";
    List<Event> events =
        read(
            SensorFormat.TETRAGON,
            tetragon("process_exec", "{" + process + "}"),
            tetragon("rate_limit_info", "{\"number_of_dropped_process_events\":\"16\"}"),
            tetragon(
                "process_kprobe",
                "{"
                    + process
                    + ",\"function_name\":\"tcp_connect\",\"args\":[{\"sock_arg\":{\"daddr\":\"192.0.2.1\",\"dport\":443}}]}"),
            tetragon(
                "process_kprobe",
                "{"
                    + process
                    + ",\"function_name\":\"security_file_permission\",\"args\":[{\"file_arg\":{\"path\":\"/k\"}},{\"int_arg\":2}]}"),
            tetragon(
                "process_kprobe",
                "{"
                    + process
                    + ",\"function_name\":\"tcp_connect\",\"action\":\"KPROBE_ACTION_OVERRIDE\",\"args\":[]}"),
            tetragon("process_exit", "{" + process + ",\"signal\":\"SIGKILL\"}"),
            tetragon(
                "process_kprobe",
                "{"
                    + process
                    + ",\"function_name\":\"security_file_permission\",\"return\":{\"int_arg\":-13},"
                    + "\"args\":[{\"file_arg\":{\"path\":\"/k\"}},{\"int_arg\":4}]}"),
            tetragon("process_throttle", "{\"type\":\"THROTTLE_START\",\"cgroup\":\"c\"}"),
            tetragon("process_throttle", "{\"type\":\"THROTTLE_STOP\",\"cgroup\":\"c\"}"));
    assertThat(problems).isEmpty();
    ProcessExec exec = (ProcessExec) events.get(0);
    assertThat(exec.argv()).containsExactly("/bin/sh", "-c", "echo a", "b");
    assertThat(exec.process()).isEqualTo(ProcessId.ofPid(7));
    assertThat(exec.ppid()).isEqualTo(3);
    assertThat(((SensorLoss) events.get(1)).lost()).isEqualTo(16);
    assertThat(((NetworkConnect) events.get(2)).remotePort()).isEqualTo(443);
    assertThat(((FileEvent) events.get(3)).access()).isEqualTo(FileEvent.Access.WRITE);
    assertThat(((ProcessExit) events.get(4)).exitCode()).isEqualTo(137);
    assertThat(((SensorLoss) events.get(5)).lost()).isEqualTo(1);
    assertThat(events).hasSize(6);
  }

  private static String tetragon(String kind, String event) {
    return "{\"" + kind + "\":" + event + ",\"node_name\":\"n\",\"time\":" + TIME + "}";
  }

  @Test
  void falco() throws IOException {
    List<Event> events =
        read(
            SensorFormat.FALCO,
            falco(
                "r",
                "\"evt.type\":\"execve\",\"proc.pid\":7,\"proc.exepath\":\"/bin/ls\",\"proc.exe\":\"ls\",\"proc.args\":\"-l /\""),
            falco("Falco internal: syscall event drop", "\"n_drops\":\"12\",\"n_evts\":\"99\""),
            falco(
                "r",
                "\"evt.type\":\"openat\",\"proc.pid\":7,\"fd.name\":\"/k\",\"evt.is_open_write\":true"),
            falco(
                "r",
                "\"evt.type\":\"openat\",\"proc.pid\":7,\"fd.name\":\"/k\",\"evt.res\":\"EACCES\""),
            falco(
                "r",
                "\"evt.type\":\"connect\",\"proc.pid\":7,\"fd.sip\":\"192.0.2.1\",\"fd.sport\":53"),
            falco(
                "r",
                "\"evt.type\":\"connect\",\"evt.res\":\"EINPROGRESS\",\"proc.pid\":7,\"fd.sip\":\"192.0.2.2\",\"fd.sport\":53"),
            falco(
                "r",
                "\"evt.type\":\"connect\",\"evt.res\":\"ECONNREFUSED\",\"proc.pid\":7,\"fd.sip\":\"192.0.2.3\",\"fd.sport\":53"),
            falco("r", "\"evt.type\":\"openat\",\"fd.name\":\"/k\""));
    assertThat(problems)
        .containsExactly("in:8: output_fields.proc.pid: a whole number was expected");
    assertThat(((ProcessExec) events.get(0)).argv()).containsExactly("ls", "-l", "/");
    assertThat(((SensorLoss) events.get(1)).lost()).isEqualTo(12);
    assertThat(((FileEvent) events.get(2)).access()).isEqualTo(FileEvent.Access.WRITE);
    assertThat(((NetworkConnect) events.get(3)).remoteIp()).isEqualTo("192.0.2.1");
    assertThat(((NetworkConnect) events.get(4)).remoteIp()).isEqualTo("192.0.2.2");
    assertThat(((SensorLoss) events.get(5)).lost()).isEqualTo(1);
  }

  private static String falco(String rule, String fields) {
    return "{\"rule\":\""
        + rule
        + "\",\"source\":\"syscall\",\"time\":"
        + TIME
        + ",\"output_fields\":{"
        + fields
        + "}}";
  }

  @Test
  void osquery() throws IOException {
    String head = "\"pid\":\"7\",\"time\":\"1700000000\",";
    List<Event> events =
        read(
            SensorFormat.OSQUERY,
            osquery(
                head
                    + "\"path\":\"/bin/ls\",\"cmdline\":\"ls -l\",\"cwd\":\"\",\"parent\":\"3\",\"euid\":\"0\",\"syscall\":\"execve\""),
            osquery(
                head
                    + "\"path\":\"/bin/ls\",\"cmdline\":\"ls\",\"parent\":\"3\",\"syscall\":\"execve\",\"exit_code\":\"-2\""),
            osquery(head + "\"event_type\":\"exit\",\"exit_code\":\"256\""),
            osquery(
                head + "\"event_type\":\"rename\",\"filename\":\"/a\",\"dest_filename\":\"/b\""),
            osquery(
                head
                    + "\"action\":\"connect\",\"status\":\"succeeded\",\"remote_address\":\"192.0.2.1\",\"remote_port\":\"53\""),
            osquery(
                head
                    + "\"action\":\"connect\",\"status\":\"failed\",\"remote_address\":\"192.0.2.1\",\"remote_port\":\"53\""),
            osquery("\"hostname\":\"h\""),
            "{\"name\":\"q\"}");
    assertThat(problems)
        .containsExactly("in:8: columns: an object (or snapshot, or diffResults) was expected");
    ProcessExec exec = (ProcessExec) events.get(0);
    assertThat(exec.argv()).containsExactly("ls", "-l");
    assertThat(exec.cwd()).isNull();
    assertThat(exec.timeNanos()).isEqualTo(SECOND);
    assertThat(((ProcessExit) events.get(1)).exitCode()).isEqualTo(1);
    assertThat(((FileEvent) events.get(2)).newPath()).isEqualTo("/b");
    assertThat(((NetworkConnect) events.get(3)).remotePort()).isEqualTo(53);
    assertThat(((SensorLoss) events.get(4)).lost()).isEqualTo(1);
  }

  @Test
  void osqueryBpfTables() throws IOException {
    String socket =
        "\"pid\":\"7\",\"time\":\"1700000000\",\"syscall\":\"%s\",\"exit_code\":\"%s\","
            + "\"remote_address\":\"192.0.2.1\",\"remote_port\":\"443\"";
    List<Event> events =
        read(
            SensorFormat.OSQUERY,
            osquery(socket.formatted("connect", "0")),
            osquery(socket.formatted("connect", "-115")), // under way
            osquery(socket.formatted("connect", "-111")), // refused
            osquery(socket.formatted("bind", "0")),
            osquery(
                "\"pid\":\"7\",\"time\":\"1700000000\",\"path\":\"/bin/sh\",\"cmdline\":\"sh -c a b\","
                    + "\"json_cmdline\":\"[\\\"sh\\\",\\\"-c\\\",\\\"a b\\\"]\",\"parent\":\"3\","
                    + "\"syscall\":\"execve\",\"exit_code\":\"0\""),
            osquery(
                "\"pid\":\"7\",\"time\":\"1700000000\",\"path\":\"/bin/sh\",\"cmdline\":\"sh\","
                    + "\"json_cmdline\":\"[1]\",\"parent\":\"3\",\"syscall\":\"execve\""));
    assertThat(problems)
        .containsExactly(
            "in:6: columns.json_cmdline: the text of a JSON array of strings was expected");
    assertThat(events).hasSize(4);
    assertThat(events.subList(0, 2)).allMatch(NetworkConnect.class::isInstance);
    assertThat(((ProcessExec) events.get(2)).argv()).containsExactly("sh", "-c", "a b");
  }

  private static String osquery(String columns) {
    return "{\"name\":\"q\",\"columns\":{" + columns + "},\"action\":\"added\"}";
  }

  /** Whatever bytes change, nothing but problems comes of it. */
  @ParameterizedTest
  @EnumSource
  void damagedLinesNeverThrow(SensorFormat format) throws IOException {
    byte[] lines =
        String.join(
                "\n",
                es(0, "{\"exec\":{\"target\":" + process(43, "") + ",\"args\":[\"a\"]}}"),
                santa(
                    "exit",
                    "{\"instigator\":{\"id\":{\"pid\":12}},\"exited\":{\"exit_status\":1}}"),
                tetragon(
                    "process_exec",
                    "{\"process\":{\"pid\":7,\"binary\":\"/b\",\"arguments\":\"\\\"a\"}}"),
                falco("r", "\"evt.type\":\"execve\",\"proc.pid\":7,\"proc.exepath\":\"/bin/ls\""),
                osquery(
                    "\"pid\":\"7\",\"time\":\"1\",\"event_type\":\"exit\",\"exit_code\":\"256\""))
            .getBytes(StandardCharsets.UTF_8);
    Random random = new Random(7);
    for (int round = 0; round < 1000; round++) {
      byte[] damaged = lines.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      problems.clear();
      read(format, damaged);
    }
  }

  @ParameterizedTest
  @EnumSource
  void itIsATruthSource(SensorFormat format) {
    TruthSourceContract.verify(
        () -> new SensorStream(format, new ByteArrayInputStream(new byte[0]), "in", problems::add));
  }

  @Test
  void itDeliversWhatArrivesUntilItIsClosed() {
    byte[] line = (es(0, "{\"exit\":{\"stat\":0}}") + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicReference<PipedOutputStream> to = new AtomicReference<>();
    TruthSourceContract.verifyAtWork(
        () -> {
          PipedInputStream from = new PipedInputStream(1 << 20);
          to.set(connected(from));
          return new SensorStream(SensorFormat.ESLOGGER, from, "in", problems::add);
        },
        () -> {
          try {
            to.get().write(line);
            to.get().flush();
          } catch (IOException e) {
            assertThat(e).hasMessageContaining("closed"); // by the source
          }
        },
        Duration.ofSeconds(10));
  }

  private static PipedOutputStream connected(PipedInputStream from) {
    try {
      return new PipedOutputStream(from);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void itReadsOnce() throws IOException {
    SensorStream stream =
        new SensorStream(
            SensorFormat.SANTA, new ByteArrayInputStream(new byte[0]), "in", problems::add);
    stream.read(event -> {});
    assertThatThrownBy(() -> stream.read(event -> {})).isInstanceOf(IOException.class);
  }
}
