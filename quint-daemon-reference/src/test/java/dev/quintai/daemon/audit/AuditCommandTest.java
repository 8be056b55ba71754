package dev.quintai.daemon.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditCommandTest {
  @TempDir static Path directory;

  private static Path log;
  private static final List<AuditCheckpoint> SENT = new ArrayList<>();

  private record Result(int exit, String out, String err) {}

  @BeforeAll
  static void write() throws IOException {
    log = directory.resolve("quint.db");
    try (AuditLog open =
        AuditLog.open(
            log,
            AuditKeys.loadOrCreate(directory),
            SampleLog.CLOCK,
            AuditOptions.defaults().withOnCheckpoint(SENT::add))) {
      for (int i = 0; i < 6; i++) {
        open.append(SampleLog.row(i));
      }
      open.append(
          AuditRow.builder(AuditRow.Direction.REQUEST)
              .toolName("\u001b[2J\nevil\u202e")
              .sessionId("7-7")
              .argumentsJson("{\"password\":\"hunter2hunter2\"}")
              .build());
    }
  }

  private static Result run(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    StringWriter usage = new StringWriter();
    try {
      System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
      int exit = new CommandLine(new AuditCommand()).setErr(new PrintWriter(usage)).execute(args);
      return new Result(
          exit,
          stdout.toString(StandardCharsets.UTF_8),
          stderr.toString(StandardCharsets.UTF_8) + usage);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void verifiesWithItsOwnAndWithAGivenKey() {
    Result own = run("verify", log.toString());
    assertThat(own.exit()).isZero();
    assertThat(own.out()).contains("whole: 7 rows, 7 signed").contains("with the log's own key");
    assertThat(own.err()).contains("--public-key");
    Result given =
        run(
            "verify",
            "--data",
            directory.toString(),
            "--public-key",
            log + "/../audit-key.pem.pub");
    assertThat(given.exit()).as(given.err()).isEqualTo(2);
    String pem = directory.resolve(AuditKeys.PUBLIC_FILE).toString();
    given = run("verify", "--data", directory.toString(), "--public-key", pem);
    assertThat(given.exit()).as(given.err()).isZero();
    assertThat(given.out()).contains("with the given public key");
  }

  @Test
  void namesTheFirstBadRow() throws Exception {
    Path bad = Databases.tampered(log, "UPDATE audit_log SET tool_name = 'x' WHERE id = 4");
    Result result = run("verify", bad.toString());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("first bad row 4:");
    Result json = run("verify", "--json", bad.toString());
    assertThat(json.exit()).isEqualTo(1);
    assertThat(json.out()).contains("\"whole\":false").contains("\"firstBadRow\":4");
  }

  @Test
  void comparesWithCheckpointsKeptElsewhere() throws Exception {
    Path kept = directory.resolve("kept.jsonl");
    Files.writeString(kept, "\n" + SENT.get(0).toJson() + "\n");
    Result whole = run("verify", "--checkpoint", kept.toString(), log.toString());
    assertThat(whole.exit()).as(whole.err()).isZero();
    assertThat(whole.out()).contains("1 kept elsewhere");
    Path other = directory.resolve("short/quint.db");
    SampleLog.write(other, AuditKeys.load(directory), 3);
    assertThat(run("verify", "--checkpoint", kept.toString(), other.toString()).exit())
        .isEqualTo(1);
    for (String bad : List.of("", "{}", "[1]", SENT.get(0).toJson() + "x", "{\"id\":1.5}")) {
      Files.writeString(kept, bad);
      Result result = run("verify", "--checkpoint", kept.toString(), log.toString());
      assertThat(result.exit()).as(bad).isEqualTo(2);
      assertThat(result.err()).contains(kept.toString());
    }
  }

  @Test
  void exitsWithTwoForWhatItCannotRead() {
    String missing = directory.resolve("missing.db").toString();
    for (String command : List.of("verify", "show", "export")) {
      Result result = run(command, missing);
      assertThat(result.exit()).as(command).isEqualTo(2);
      assertThat(result.out()).isEmpty();
      assertThat(result.err()).contains("no such file").doesNotContain("\tat ");
    }
    assertThat(run("verify", "--public-key", missing, log.toString()).exit()).isEqualTo(2);
    assertThat(run("verify", "--nonsense").exit()).isEqualTo(2);
    assertThat(run("show", "--since", "soon", log.toString()).exit()).isEqualTo(2);
    assertThat(run().exit()).isEqualTo(2);
  }

  @Test
  void showsRowsWithoutSecretsOrControlCharacters() {
    Result result = run("show", log.toString());
    assertThat(result.exit()).isZero();
    assertThat(result.out().lines()).hasSize(8);
    assertThat(result.out()).contains("evil").doesNotContain("\u001b").doesNotContain("\u202e");
    assertThat(result.out()).contains("echo 2").contains("password").doesNotContain("hunter2");
    assertThat(run("show", "-n", "2", log.toString()).out().lines()).hasSize(3);
    assertThat(run("show", "--json", "--session", "7-7", log.toString()).out())
        .contains("\"id\":7")
        .contains("[2J\uFFFDevil")
        .contains("\"content\":\"{")
        .doesNotContain("hunter2");
  }

  @Test
  void exportsWholeRowsThatPass() {
    assertThat(run("export", log.toString()).out().lines()).hasSize(7);
    String two =
        run("export", "--tool", "Bash", "--since", "2026-03-01T10:00:00.004Z", log.toString())
            .out();
    assertThat(two.lines()).hasSize(2);
    assertThat(two)
        .startsWith("{\"id\":5,\"timestamp\":\"2026-03-01T10:00:00.004Z\"")
        .contains("\"arguments_json\":\"{\\\"command\\\":\\\"echo 4 \u00e4\ud834\udd1e\\\"}\"")
        .contains("\"risk_score\":0.5714285714285714")
        .contains("\"response_json\":null");
  }

  @Test
  void readsTimesAsPeopleWriteThem() {
    InstantSource clock = InstantSource.fixed(Instant.parse("2026-03-08T00:00:00Z"));
    assertThat(RowFilter.time("7d", clock)).isEqualTo("2026-03-01T00:00:00Z");
    assertThat(RowFilter.time("90m", clock)).isEqualTo("2026-03-07T22:30:00Z");
    assertThat(RowFilter.time("2026-03-01", clock)).isEqualTo("2026-03-01T00:00:00Z");
    assertThat(RowFilter.time("2026-03-01T01:00:00+01:00", clock))
        .isEqualTo("2026-03-01T00:00:00Z");
    assertThatThrownBy(() -> RowFilter.time("7w", clock)).isInstanceOf(DateTimeException.class);
  }
}
