package dev.quintai.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --truth SENSOR:FILE}: another sensor tells what the agent does. */
class SensorRunTest {

  /** An agent that plays its own sensor: it tells that it, a child and a stranger read files. */
  private static final String AGENT =
      """
      tell() { printf '%s\\n' "$1" >> "$LOG"; }
      probe() {
        tell '{"process_kprobe":{"process":{"pid":'$1',"binary":"/bin/cat"},"function_name":\
      "security_file_permission","args":[{"file_arg":{"path":"'$2'"}},{"int_arg":4}]},\
      "time":"'$TIME'"}'
      }
      TIME=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)
      probe $$ /own
      tell '{"process_exec":{"process":{"pid":999991,"binary":"/bin/cat","arguments":"/childs"},\
      "parent":{"pid":'$$'}},"time":"'$TIME'"}'
      probe 999991 /childs
      probe 999992 /strangers
      tell 'no JSON'
      tell '{"process_exit":{"process":{"pid":'$$'}},"time":"'$TIME'"}'
      exit 3
      """;

  @TempDir Path temp;
  private Quint quint;
  private Path log;

  @BeforeEach
  void prepare() throws Exception {
    quint = new Quint(temp);
    log = temp.resolve("sensor.log");
    quint.environment.put("LOG", log.toString());
  }

  @Test
  void whatASensorTellsOfTheAgentIsItsTruth() throws Exception {
    Files.writeString(log, "{\"process_exit\":{\"process\":{\"pid\":1}},\"time\":\"old\"}\n");
    Path record = temp.resolve("events.jsonl");
    Quint.Result result =
        quint.execute(
            quint.run(
                List.of("--truth", "tetragon:" + log, "--record", record.toString()),
                "sh",
                "-c",
                AGENT));
    assertThat(result.exitCode()).as(result.stderr()).isEqualTo(3);
    String events = Files.readString(record);
    assertThat(events)
        .contains("\"path\":\"/own\"", "\"path\":\"/childs\"", "\"exe\":\"/bin/cat\"")
        .contains("\"source\":\"tetragon\"", "\"type\":\"loss\"")
        .doesNotContain("/strangers");
    assertThat(result.stderr()).contains("tetragon").contains(log + ":");
  }

  @Test
  void aSensorThatCannotBeReadStopsUsBeforeTheAgentStarts() throws Exception {
    Path made = temp.resolve("made");
    Quint.Result result =
        quint.execute(
            quint.run(
                List.of("--truth", "santa:" + temp.resolve("missing")), "touch", made.toString()));
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.stderr()).contains("missing").contains("expected");
    assertThat(made).doesNotExist();
    assertThat(quint.execute("run", "--truth", "santa", "--", "true").stderr())
        .contains("santa:FILE");
    assertThat(quint.execute("run", "--truth", "nonsense", "--", "true").stderr())
        .contains("eslogger:FILE")
        .contains("seccomp");
  }

  @Test
  void standardInputBelongsToTheSensor() throws Exception {
    Path got = temp.resolve("got");
    Quint.Result result =
        quint.execute(
            quint.run(List.of("--truth", "falco:-"), "sh", "-c", "cat > " + got + "; exit 5"));
    assertThat(result.exitCode()).as(result.stderr()).isEqualTo(5);
    assertThat(got).isEmptyFile();
  }
}
