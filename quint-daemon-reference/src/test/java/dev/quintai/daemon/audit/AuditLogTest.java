package dev.quintai.daemon.audit;

import static dev.quintai.daemon.audit.Databases.query;
import static dev.quintai.daemon.audit.Databases.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.daemon.audit.AuditVerification.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path parent;

  private Path directory;
  private Path file;
  private AuditKeys keys;

  @BeforeEach
  void makeKeys() throws IOException {
    directory = parent.resolve("data");
    file = directory.resolve("quint.db");
    keys = AuditKeys.loadOrCreate(directory);
  }

  private AuditLog open(AuditOptions options) throws IOException {
    return AuditLog.open(file, keys, SampleLog.CLOCK, options);
  }

  private AuditLog open() throws IOException {
    return open(AuditOptions.defaults());
  }

  private void assertWhole(long rows) throws InterruptedException {
    AuditVerification result = verify(file, keys.publicKey());
    assertThat(result.status()).as(result.toString()).isEqualTo(Status.WHOLE);
    assertThat(result.rows()).isEqualTo(rows);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void storesEveryColumnAsGiven() throws Exception {
    SampleLog.write(file, keys, 3);
    List<AuditEntry> entries = new ArrayList<>();
    try (AuditReader reader = AuditReader.open(file)) {
      reader.forEach(AuditFilter.all(), entries::add);
    }
    for (int i = 0; i < 3; i++) {
      AuditRow row = SampleLog.row(i);
      AuditEntry entry = entries.get(i);
      for (AuditColumn c : AuditColumn.table()) {
        switch (c) {
          case ID -> assertThat(entry.id()).isEqualTo(i + 1);
          case PROCESS_PID, AGENT_DEPTH -> assertThat(entry.number(c)).isEqualTo(row.integer(c));
          case RISK_SCORE -> assertThat(entry.number(c)).isEqualTo(row.riskScore());
          case SIGNATURE, ROW_HASH, PREV_HASH -> assertThat(entry.text(c)).isNotBlank();
          default -> assertThat(entry.text(c)).as(c.column()).isEqualTo(row.text(c));
        }
      }
    }
  }

  @Test
  void keepsItsFilesPrivate() throws Exception {
    try (AuditLog log = open()) {
      log.append(SampleLog.row(0));
      assertThat(log.flush(LONG)).isTrue();
      for (String suffix : List.of("", "-wal", "-shm", ".lock")) {
        Path path = file.resolveSibling("quint.db" + suffix);
        assertThat(permissions(path)).as(path.toString()).isEqualTo("rw-------");
      }
      assertThat(permissions(directory)).isEqualTo("rwx------");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    open().close();
    assertThat(permissions(file)).isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit_log SET tool_name = 'x' WHERE id = 2",
        "DELETE FROM audit_log WHERE id = 2",
        "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE id = 2",
        "INSERT INTO audit_log (id,timestamp,direction,prev_hash,row_hash)"
            + " SELECT 9,timestamp,direction,prev_hash,row_hash FROM audit_log WHERE id = 2",
        "UPDATE audit_checkpoint SET row_count = 9",
        "DELETE FROM audit_checkpoint",
        "INSERT OR REPLACE INTO audit_checkpoint SELECT * FROM audit_checkpoint WHERE id = 1",
        "UPDATE audit_key SET public_key = 'x'",
        "UPDATE audit_key SET valid_from = 'x', valid_to = 'x'",
        "DELETE FROM audit_key",
        "INSERT OR REPLACE INTO audit_key SELECT * FROM audit_key",
      })
  void isAppendOnly(String statement) throws Exception {
    SampleLog.write(file, keys, 3);
    assertThatThrownBy(() -> execute(statement))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("append-only");
    assertWhole(3);
  }

  private void execute(String statement) throws SQLException {
    try (Connection db = Databases.connect(file);
        Statement s = db.createStatement()) {
      s.executeUpdate(statement);
    }
  }

  @Test
  void joinsCallsAndResults() throws Exception {
    try (AuditLog log = open()) {
      for (String session : List.of("1-1", "2-2")) {
        log.append(call(session).build());
        log.append(result(session, "first").build());
        log.append(result(session, "again").build());
      }
      log.append(call("3-3").build());
    }
    assertThat(
            query(
                file,
                "SELECT session_id||' '||call_id||' '||ifnull(result_id,'-')||' '"
                    + "||ifnull(response_json,'-')||' '||tool_name||' '||arguments_json"
                    + " FROM tool_calls ORDER BY call_id"))
        .containsExactly("1-1 1 2 first Bash {}", "2-2 4 5 first Bash {}", "3-3 7 - - Bash {}");
  }

  private static AuditRow.Builder call(String session) {
    return AuditRow.builder(AuditRow.Direction.RESPONSE)
        .toolUseId("toolu_1")
        .toolName("Bash")
        .sessionId(session)
        .argumentsJson("{}");
  }

  private static AuditRow.Builder result(String session, String response) {
    return AuditRow.builder(AuditRow.Direction.REQUEST)
        .toolUseId("toolu_1")
        .sessionId(session)
        .responseJson(response);
  }

  @Test
  void makesHostileTextSafeAndCutsBodies() throws Exception {
    try (AuditLog log = open(AuditOptions.defaults().withMaxBodyBytes(10))) {
      log.append(
          AuditRow.builder(AuditRow.Direction.REQUEST)
              .toolName("\ud800\u0000'); DROP TABLE audit_log; --")
              .argumentsJson("0123456789abc")
              .agentName("n".repeat(AuditOptions.MAX_TEXT_BYTES + 1))
              .build());
    }
    assertWhole(1);
    assertThat(query(file, "SELECT tool_name FROM audit_log"))
        .containsExactly("\uFFFD\uFFFD'); DROP TABLE audit_log; --");
    assertThat(query(file, "SELECT arguments_json FROM audit_log"))
        .containsExactly("0123456789[quint: truncated to 10 of 13 bytes]");
    assertThat(query(file, "SELECT agent_name FROM audit_log").get(0)).endsWith("8193 bytes]");
  }

  @Test
  void refusesNumbersThatHaveNoFormOfTheirOwn() {
    AuditRow.Builder row = AuditRow.builder(AuditRow.Direction.REQUEST);
    assertThatThrownBy(() -> row.processPid(1L << 53)).hasMessageContaining("processPid");
    assertThatThrownBy(() -> row.riskScore(Double.NaN)).hasMessageContaining("riskScore");
    assertThat(row.riskScore(-0.0).build().riskScore()).isEqualTo(0.0);
    assertThat(row.timestamp(Instant.MAX).build().text(AuditColumn.TIMESTAMP))
        .isEqualTo("9999-12-31T23:59:59.999Z");
  }

  @Test
  void checkpointsAtCloseWhenDueAndWhenAsked() throws Exception {
    List<AuditCheckpoint> sent = new ArrayList<>();
    try (AuditLog log = open(AuditOptions.defaults().withOnCheckpoint(sent::add))) {
      assertThat(log.checkpoint()).isEmpty();
      log.append(SampleLog.row(0));
      Optional<AuditCheckpoint> made = log.checkpoint();
      assertThat(made.orElseThrow().uptoId()).isEqualTo(1);
      assertThat(log.checkpoint()).isEmpty();
      log.append(SampleLog.row(1));
    }
    assertThat(sent).extracting(AuditCheckpoint::uptoId).containsExactly(1L, 2L);
    for (AuditCheckpoint c : sent) {
      assertThat(AuditCheckpoint.ofJson(c.toJson())).isEqualTo(c);
    }

    AuditOptions always =
        AuditOptions.defaults()
            .withCheckpointInterval(Duration.ZERO)
            .withOnCheckpoint(
                c -> {
                  throw new IllegalStateException("nobody listens");
                });
    try (AuditLog log = open(always)) {
      for (int i = 0; i < 3; i++) {
        log.append(SampleLog.row(i));
        assertThat(log.flush(LONG)).isTrue();
      }
    }
    assertThat(query(file, "SELECT upto_id FROM audit_checkpoint"))
        .containsExactly("1", "2", "3", "4", "5");
    assertWhole(5);
  }

  @Test
  void takesNoRowsAfterClose() throws Exception {
    AuditLog log = open();
    assertThat(log.append(SampleLog.row(0))).isTrue();
    log.close();
    log.close();
    assertThat(log.append(SampleLog.row(1))).isFalse();
    assertThat(log.health()).isEqualTo(new AuditHealth(1, 0, 1, null));
    assertWhole(1);
  }

  @Test
  void countsWhatItDropsInTheLogItself() throws Exception {
    AuditOptions options =
        AuditOptions.defaults().withQueue(3, 1 << 20).withMaxBlock(Duration.ZERO);
    try (AuditLog log = open(options)) {
      log.append(SampleLog.row(0));
      assertThat(log.flush(LONG)).isTrue();
      int accepted = 0;
      try (Connection db = Databases.connect(file);
          Statement s = db.createStatement()) {
        s.execute("BEGIN IMMEDIATE");
        // The writer may hold one batch and wait for the lock; the queue holds three rows more.
        for (int i = 0; i < 50; i++) {
          accepted += log.append(SampleLog.row(i)) ? 1 : 0;
        }
        assertThat(accepted).isBetween(3, 49);
        assertThat(log.health().dropped()).isEqualTo(50 - accepted);
        s.execute("ROLLBACK");
      }
      log.append(SampleLog.row(1));
    }
    int dropped =
        query(
                file,
                "SELECT json_extract(arguments_json,'$.rows') FROM audit_log WHERE method='dropped'")
            .stream()
            .mapToInt(Integer::parseInt)
            .sum();
    int written =
        Integer.parseInt(query(file, "SELECT count(*) FROM audit_log WHERE method='POST'").get(0));
    assertThat(written + dropped).isIn(51, 52);
    assertThat(verify(file).status()).isEqualTo(Status.WHOLE);
  }

  @Test
  void survivesAFullDisk() throws Exception {
    AuditOptions small =
        AuditOptions.defaults().withMaxFileBytes(200_000).withCloseTimeout(Duration.ofMillis(50));
    AuditLog log = open(small.withQueue(8, 1 << 20).withMaxBlock(Duration.ZERO));
    long dropped = 0;
    for (int i = 0; i < 2000; i++) {
      dropped += log.append(SampleLog.row(i)) ? 0 : 1;
      if (log.health().failure() == null) {
        log.flush(Duration.ofMillis(20));
      }
    }
    assertThat(dropped).isPositive();
    assertThat(log.health().failure()).contains("full");
    assertThatThrownBy(log::close)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rows lost");
    assertThat(verify(file).reason()).contains("last checkpoint");

    open().close(); // with room again
    AuditVerification result = verify(file);
    assertThat(result.status()).as(result.toString()).isEqualTo(Status.WHOLE);
    assertThat(query(file, "SELECT method FROM audit_log ORDER BY id DESC LIMIT 1"))
        .containsExactly("resumed");
  }

  @Test
  void countsWhatIsLostWhenItCannotWriteAtClose() throws Exception {
    AuditOptions options = AuditOptions.defaults().withCloseTimeout(Duration.ZERO);
    AuditLog log = open(options);
    log.append(SampleLog.row(0));
    assertThat(log.flush(LONG)).isTrue();
    execute("CREATE TRIGGER no_space BEFORE INSERT ON audit_log BEGIN SELECT 1 FROM absent; END");
    for (int i = 0; i < 2000; i++) {
      log.append(SampleLog.row(i));
    }
    assertThatThrownBy(log::close).hasMessageContaining("2000 rows lost");
    execute("DROP TRIGGER no_space");
    open().close();
    assertThat(query(file, "SELECT method FROM audit_log ORDER BY id"))
        .containsExactly("POST", "resumed");
    assertWhole(2);
  }

  @Test
  void dropsOnlyTheRowsThatTheDatabaseRefuses() throws Exception {
    try (AuditLog log = open(AuditOptions.defaults().withGroupCommit(Duration.ofSeconds(60)))) {
      log.append(SampleLog.row(0));
      assertThat(log.flush(LONG)).isTrue();
      execute(
          "CREATE TRIGGER refuse BEFORE INSERT ON audit_log WHEN NEW.tool_name = 'bad'"
              + " BEGIN SELECT RAISE(ABORT, 'refused'); END");
      log.append(SampleLog.row(1));
      log.append(AuditRow.builder(AuditRow.Direction.REQUEST).toolName("bad").build());
      log.append(SampleLog.row(2));
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.health().dropped()).isEqualTo(1);
      execute("DROP TRIGGER refuse");
      log.append(AuditRow.builder(AuditRow.Direction.REQUEST).toolName("bad").build());
    }
    assertThat(query(file, "SELECT ifnull(tool_name, method) FROM audit_log ORDER BY id"))
        .containsExactly("Bash", "Bash", "Bash", "dropped", "bad");
    assertWhole(5);
  }

  @Test
  void saysWhyItCannotOpen() throws Exception {
    Path plain = Files.writeString(parent.resolve("plain"), "text");
    assertThatThrownBy(() -> AuditLog.open(plain.resolve("quint.db"), null))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> AuditLog.open(plain, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(plain.toString());
    Path other = parent.resolve("other.db");
    try (Connection db = Databases.connect(other);
        Statement s = db.createStatement()) {
      s.executeUpdate("CREATE TABLE t (a)");
    }
    assertThatThrownBy(() -> AuditLog.open(other, null)).hasMessageContaining("no audit log");
    open().close();
    execute("PRAGMA user_version = 99");
    assertThatThrownBy(this::open).hasMessageContaining("schema 99");
    assertThat(WriterLock.isOpen(file)).isFalse();
  }

  /** A directory that not even root can write to. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void refusesAReadOnlyFileSystem() {
    assertThatThrownBy(() -> AuditLog.open(Path.of("/proc/quint.db"), null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/proc/quint.db");
  }

  @Test
  void refusesADirectoryThatCannotBeWritten() throws Exception {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root can write anywhere");
    Path sealed = Files.createDirectory(parent.resolve("sealed"));
    Files.setPosixFilePermissions(sealed, PosixFilePermissions.fromString("r-x------"));
    assertThatThrownBy(() -> AuditLog.open(sealed.resolve("quint.db"), null))
        .isInstanceOf(IOException.class);
  }

  @Test
  void holdsWithoutKeysUntilThereIsOne() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (AuditLog log = AuditLog.open(file, null, SampleLog.CLOCK, AuditOptions.defaults())) {
        log.append(SampleLog.row(i));
      }
    }
    assertThat(verify(file).keySource()).isEqualTo(AuditVerification.KeySource.NONE);
    try (AuditLog log = open()) {
      log.append(SampleLog.row(0));
      log.append(SampleLog.row(1));
    }
    assertWhole(4);
    assertThat(verify(file).signedRows()).isEqualTo(2);
    assertThatThrownBy(
            () -> AuditLog.open(file, null, SampleLog.CLOCK, AuditOptions.defaults()).close())
        .hasMessageContaining("is signed");
    Path stripped = Databases.tampered(file, "UPDATE audit_log SET signature = NULL WHERE id = 3");
    assertThat(verify(stripped).firstBadRow()).isEqualTo(3);
  }

  @Test
  void rotatesKeysByTheTimeOfTheRow() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(SampleLog.START);
    InstantSource clock = now::get;
    AuditRow row = AuditRow.builder(AuditRow.Direction.REQUEST).build();
    AuditKeys first = keys;
    AuditLog old = AuditLog.open(file, first, clock, AuditOptions.defaults());
    old.append(row);
    assertThat(old.flush(LONG)).isTrue();
    AuditKeys second = AuditKeys.rotate(directory);
    now.set(SampleLog.START.plusSeconds(60));
    try (AuditLog log = AuditLog.open(file, second, clock, AuditOptions.defaults())) {
      log.append(row);
      assertThat(log.flush(LONG)).isTrue();
      // The clock goes back, and a writer that began with the old key goes on.
      now.set(SampleLog.START.plusSeconds(30));
      old.append(row);
      assertThat(old.flush(LONG)).isTrue();
    }
    old.close();
    assertThat(query(file, "SELECT valid_from||' '||ifnull(valid_to,'-') FROM audit_key"))
        .containsExactly(
            "2026-03-01T10:00:00.000Z 2026-03-01T10:01:00.000Z", "2026-03-01T10:01:00.000Z -");
    assertThat(query(file, "SELECT timestamp FROM audit_log WHERE id = 3"))
        .containsExactly("2026-03-01T10:01:00.000Z");
    AuditVerification result = verify(file, first.publicKey(), second.publicKey());
    assertThat(result.status()).as(result.toString()).isEqualTo(Status.WHOLE);
    assertThat(verify(file, first.publicKey()).firstBadRow()).isEqualTo(2);
    assertThat(verify(file, second.publicKey()).firstBadRow()).isEqualTo(1);

    // A key that was retired signs nothing more, by whomever it is held.
    Files.delete(directory.resolve(AuditKeys.PRIVATE_FILE));
    try (AuditLog stale =
        AuditLog.open(
            file, first, clock, AuditOptions.defaults().withCloseTimeout(Duration.ofMillis(50)))) {
      stale.append(row);
      assertThatThrownBy(stale::close).isInstanceOf(IOException.class);
    }
  }

  @Test
  void beginsAgainWhenItsFileIsTakenAway() throws Exception {
    try (AuditLog log = open()) {
      log.append(SampleLog.row(0));
      assertThat(log.flush(LONG)).isTrue();
      for (String suffix : List.of("", "-wal", "-shm", ".lock")) {
        Files.deleteIfExists(file.resolveSibling("quint.db" + suffix));
      }
      log.append(SampleLog.row(1));
    }
    assertWhole(2);
    assertThat(
            query(file, "SELECT json_extract(arguments_json,'$.cause') FROM audit_log WHERE id=1"))
        .containsExactly("the log file was removed or replaced");
  }
}
