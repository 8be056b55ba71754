package dev.quintai.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.Finding;
import dev.quintai.core.Gate;
import dev.quintai.core.Severity;
import dev.quintai.core.event.Arguments;
import dev.quintai.core.event.IntentEvent;
import dev.quintai.core.event.IntentResult;
import dev.quintai.core.event.Origin;
import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {

  private static final ProcessId PROCESS = new ProcessId(1, 1);
  private final Timeline timeline = new Timeline();

  private void call(String id, String command) {
    timeline.accept(
        IntentEvent.builder(1, PROCESS, "Bash")
            .toolUseId(id)
            .arguments(Arguments.of(Map.of("command", command)))
            .build());
  }

  private void exec(String... argv) {
    timeline.accept(
        new ProcessExec(
            2, PROCESS, Origin.UNKNOWN, 1, "/bin/x", List.of(argv), null, -1, null, null));
  }

  @Test
  void whatRunsBelongsToTheCallThatIsOpen() {
    exec("before");
    call("a", "make");
    exec("make", "all");
    timeline.accept(new IntentResult(3, Origin.UNKNOWN, "a", true));
    exec("after");
    assertThat(timeline.execs()).isEqualTo(3);
    assertThat(timeline.calls()).hasSize(1);
    assertThat(timeline.calls().get(0).programs).containsExactly("make all");
    assertThat(timeline.calls().get(0).error).isTrue();
  }

  @Test
  void findingsOfWhatWasDoneMeanwhileAreToldBesideTheCall() {
    call("a", "cat notes.txt");
    call("b", "ls");
    exec("curl", "evil.example");
    timeline.accept(new IntentResult(3, Origin.UNKNOWN, "b", false));
    Timeline.Call asked = timeline.calls().get(1);
    assertThat(asked.during(finding(2, PROCESS.pid()))).isTrue();
    assertThat(asked.during(finding(4, PROCESS.pid()))).isFalse();
    assertThat(asked.during(finding(2, 77))).isFalse();
    assertThat(asked.nothingSeen()).isFalse();
    assertThat(timeline.calls().get(0).nothingSeen()).isTrue();
    for (int pid = 100; pid < 400; pid++) {
      timeline.accept(
          new ProcessExec(
              4,
              new ProcessId(pid, 1),
              Origin.UNKNOWN,
              1,
              "/x",
              List.of("x"),
              null,
              -1,
              null,
              null));
    }
    assertThat(timeline.calls().get(0).during(finding(4, 399))).isTrue();
  }

  private static Finding finding(long timeNanos, int pid) {
    return Finding.builder("f", Gate.DIVERGENCE, "truth_without_intent", Severity.HIGH)
        .session("s")
        .timeNanos(timeNanos)
        .pid(pid)
        .reason("r")
        .build();
  }

  @Test
  void theSameCallFromAnotherVantageIsOneCall() {
    call("a", "make");
    call("a", "make");
    assertThat(timeline.calls()).hasSize(1);
  }

  @Test
  void callsSamplesAndTextsAreBounded() {
    call("first", "x".repeat(1_000_000));
    for (int i = 0; i < 50; i++) {
      exec("prog" + i, "y".repeat(100_000));
    }
    exec("prog0", "y".repeat(100_000)); // known already: not one more
    Timeline.Call first = timeline.calls().get(0);
    assertThat(first.text).hasSizeLessThanOrEqualTo(300);
    assertThat(first.programs).hasSize(12).allMatch(text -> text.length() <= 300);
    assertThat(first.more).isEqualTo(38);
    for (int i = 0; i < 3_000; i++) {
      call("c" + i, "ls");
    }
    assertThat(timeline.calls()).hasSize(2_000);
    assertThat(timeline.callsMore()).isEqualTo(1_001);
  }

  @Test
  void secretsAreRedacted() {
    call("a", "curl -H 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123456789' https://x");
    assertThat(timeline.calls().get(0).text).doesNotContain("abcdefghijklmnopqrstuvwxyz0123456789");
  }

  @Test
  void noticesAreToldOnceAndBounded() {
    Notices notices = new Notices();
    for (int i = 0; i < 1_000; i++) {
      notices.accept("n" + i % 100);
    }
    assertThat(notices.all()).hasSize(Notices.CAPACITY + 1).startsWith("n0", "n1");
    assertThat(notices.all().get(Notices.CAPACITY)).matches("and \\d+ more notices");
  }
}
