package dev.quintai.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code quint run} as a child process, around agents that are a line of shell. */
@Timeout(120)
class RunTest {

  @TempDir Path folder;
  private Quint quint;

  @BeforeEach
  void stage() throws IOException {
    quint = new Quint(folder.toRealPath());
  }

  private Quint.Result run(List<String> options, String line) throws Exception {
    return quint.execute(quint.run(options, "sh", "-c", line));
  }

  private void assertLogVerifies() throws Exception {
    Quint.Result audit =
        quint.execute("audit", "verify", quint.data.resolve("quint.db").toString());
    assertThat(audit.exitCode()).as(audit.stdout() + audit.stderr()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"exit 0,0", "exit 3,3", "exit 255,255", "kill -KILL $$,137", "kill -TERM $$,143"})
  void theExitCodeIsTheAgents(String line, int code) throws Exception {
    assertThat(run(List.of(), line).exitCode()).isEqualTo(code);
  }

  @Test
  void outputIsTheAgentsAndTheSummaryComesAfterIt() throws Exception {
    Path seen = folder.resolve("seen");
    Quint.Running running =
        quint.start(
            quint.run(
                List.of(),
                "sh",
                "-c",
                "printf 'out\\0put'; printf 'err' >&2; echo > "
                    + seen
                    + "; while [ -s "
                    + seen
                    + " ]; do sleep 0.05; done"));
    running.await(seen);
    assertThat(running.out()).hasContent("out\0put");
    assertThat(running.err()).hasContent("err");
    Files.write(seen, new byte[0]);
    Quint.Result result = running.end();
    assertThat(result.stdout()).isEqualTo("out\0put");
    assertThat(result.stderr()).startsWith("err").contains("Quint", "audit verify");
    assertLogVerifies();
  }

  @Test
  void inputIsTheAgents() throws Exception {
    Path input = Files.writeString(folder.resolve("input"), "from outside");
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(Quint.command(quint.run(List.of(), "cat")))
            .redirectInput(input.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(quint.environment);
    assertThat(builder.start().waitFor()).isZero();
    assertThat(out).hasContent("from outside");
  }

  @Test
  void filesExistEvenWhenEmptyAndAreForTheirOwnerAlone() throws Exception {
    Path findings = Files.writeString(folder.resolve("f.jsonl"), "something old\n");
    Files.setPosixFilePermissions(findings, PosixFilePermissions.fromString("rw-r--r--"));
    Path record = folder.resolve("e.jsonl");
    List<String> options =
        List.of("--findings", findings.toString(), "--record", record.toString());
    assertThat(run(options, ":").exitCode()).isZero();
    assertThat(findings).isEmptyFile();
    assertThat(record).isNotEmptyFile();
    List<Path> open = new ArrayList<>();
    try (var files = Files.walk(quint.data)) {
      for (Path file : files.toList()) {
        if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
            .endsWith("------")) {
          open.add(file);
        }
      }
    }
    assertThat(open).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(findings)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record)))
        .isEqualTo("rw-------");
    Quint.Result replay = quint.execute("replay", record.toString());
    assertThat(replay.exitCode()).as(replay.stderr()).isZero();
    assertThat(replay.stdout()).isEmpty();
  }

  /** Whatever is wrong with our own arguments shows before the agent has done anything. */
  @ParameterizedTest
  @CsvSource({
    "--findings,none/f,no such folder",
    "--record,none/f,no such folder",
    "--findings,.,irectory",
    "--data,/dev/null/x,--data",
    "--upstream,nonsense,--upstream",
    "--upstream,a=b=c,--upstream",
    "--upstream-ca,none.pem,none.pem",
    "--mode,loud,--mode"
  })
  void aWrongOptionIsToldBeforeTheAgentStarts(String option, String value, String message)
      throws Exception {
    Quint.Result result = run(List.of(option, value), "touch started");
    assertThat(result.exitCode()).as(result.stderr()).isEqualTo(2);
    assertThat(result.stderr()).contains(message).doesNotContain("\tat ", "Exception");
    assertThat(quint.work.resolve("started")).doesNotExist();
  }

  @Test
  void oneFileForTwoThingsIsRefused() throws Exception {
    String file = folder.resolve("both").toString();
    Quint.Result result = run(List.of("--record", file, "--findings", file), "touch started");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.stderr()).contains(file);
    assertThat(quint.work.resolve("started")).doesNotExist();
  }

  @Test
  void aCommandThatIsNotThereIsNamed() throws Exception {
    Quint.Result missing = quint.execute(quint.run(List.of(), "no-such-agent"));
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.stderr()).contains("no-such-agent", "not found");
    Quint.Result none = quint.execute("run");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.stderr()).contains("CMD");
  }

  @Test
  void aDataFolderWithALongPathIsFine() throws Exception {
    Path deep = folder.resolve("d".repeat(90)).resolve("e".repeat(90));
    Quint.Result result =
        quint.execute("run", "--data", deep.toString(), "--", "sh", "-c", "exit 4");
    assertThat(result.exitCode()).as(result.stderr()).isEqualTo(4);
  }

  @Test
  void aFullDeviceDoesNotHideWhatTheAgentDid() throws Exception {
    Path full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");
    Quint.Result result = run(List.of("--record", full.toString()), "exit 5");
    assertThat(result.exitCode()).isEqualTo(5);
    assertThat(result.stderr()).contains("recording is incomplete", "audit verify");
  }

  @Test
  void twoRunsShareOneDataFolder() throws Exception {
    Path go = folder.resolve("go");
    String line = "while [ ! -e " + go + " ]; do sleep 0.05; done; exit ";
    Quint.Running one = quint.start(quint.run(List.of(), "sh", "-c", line + 1));
    Quint.Running two = quint.start(quint.run(List.of(), "sh", "-c", line + 2));
    Files.createFile(go);
    assertThat(one.end().exitCode()).isEqualTo(1);
    assertThat(two.end().exitCode()).isEqualTo(2);
    assertLogVerifies();
    try (var runs = Files.list(quint.data.resolve("runs"))) {
      assertThat(runs.toList()).isEmpty();
    }
  }

  @Test
  void theHomeIsWhereTheDataIs() throws Exception {
    assertThat(quint.execute("run", "--", "true").exitCode()).isZero();
    assertThat(quint.home.resolve(".quint/quint.db")).exists();
  }
}
