package dev.quintai.daemon.audit;

import static dev.quintai.daemon.audit.Databases.tampered;
import static dev.quintai.daemon.audit.Databases.verify;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.daemon.audit.AuditVerification.KeySource;
import dev.quintai.daemon.audit.AuditVerification.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The tamper matrix: each case is one change to a copy of a log of 25 rows and 3 checkpoints. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditVerifierTest {
  private static final int ROWS = 25;

  @TempDir static Path directory;

  private Path log;
  private AuditKeys keys;
  private final List<AuditCheckpoint> sent = new ArrayList<>();

  @BeforeAll
  void writeLog() throws Exception {
    keys = AuditKeys.loadOrCreate(directory);
    log = directory.resolve("quint.db");
    AuditOptions options = AuditOptions.defaults().withOnCheckpoint(sent::add);
    try (AuditLog open = AuditLog.open(log, keys, SampleLog.CLOCK, options)) {
      for (int i = 0; i < ROWS; i++) {
        open.append(SampleLog.row(i));
        if (i % 10 == 9) {
          open.checkpoint();
        }
      }
    }
  }

  private static void assertBad(Path copy, long row) throws InterruptedException {
    AuditVerification result = verify(copy);
    assertThat(result.status()).as(result.toString()).isEqualTo(Status.NOT_WHOLE);
    assertThat(result.firstBadRow()).as(result.reason()).isEqualTo(row);
    assertThat(result.reason()).isNotBlank();
  }

  @Test
  void findsTheUntouchedLogWhole() throws Exception {
    AuditVerification result = verify(log);
    assertThat(result.reason()).isNull();
    assertThat(result.status()).isEqualTo(Status.WHOLE);
    assertThat(result.rows()).isEqualTo(ROWS);
    assertThat(result.signedRows()).isEqualTo(ROWS);
    assertThat(result.checkpoints()).isEqualTo(3);
    assertThat(result.uncheckpointedRows()).isZero();
    assertThat(result.open()).isFalse();
    assertThat(result.keySource()).isEqualTo(KeySource.OWN);
    assertThat(result.headHash()).isEqualTo(sent.get(2).rowHash());
    assertThat(verify(log, keys.publicKey()).keySource()).isEqualTo(KeySource.GIVEN);
  }

  @ParameterizedTest
  @EnumSource(AuditColumn.class)
  void findsAChangeInEachColumn(AuditColumn column) throws Exception {
    String name = column.column();
    String change =
        switch (column) {
          case ID -> "id = 100";
          case TIMESTAMP -> "timestamp = '2026-03-01T10:00:00.999Z'";
          case ROW_HASH, PREV_HASH ->
              name + " = replace(" + name + ", substr(" + name + ",9,1),'x')";
          case PROCESS_PID, AGENT_DEPTH, RISK_SCORE -> name + " = " + name + " + 1";
          default -> name + " = coalesce(" + name + ", '') || 'x'";
        };
    assertBad(tampered(log, "UPDATE audit_log SET " + change + " WHERE id = 13"), 13);
    if (column != AuditColumn.ID) {
      assertBad(tampered(log, "UPDATE audit_log SET " + change + " WHERE id = 1"), 1);
      assertBad(tampered(log, "UPDATE audit_log SET " + change + " WHERE id = 25"), 25);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE FROM audit_log WHERE id = 13 | 13",
        "DELETE FROM audit_log WHERE id = 1 | 1",
        "DELETE FROM audit_log WHERE id = 25 | 25",
        "DELETE FROM audit_log WHERE id >= 13 | 13",
        "DELETE FROM audit_log | 1",
        "DELETE FROM audit_checkpoint | 1",
        "DELETE FROM audit_checkpoint WHERE id = 3 | 21",
        "DELETE FROM audit_checkpoint WHERE id = 1 | 1",
        "DELETE FROM audit_checkpoint WHERE id = 2 | 11",
        "UPDATE audit_checkpoint SET row_count = 19 WHERE id = 2 | 20",
        "UPDATE audit_checkpoint SET upto_id = 19 WHERE id = 2 | 19",
        "UPDATE audit_checkpoint SET upto_id = 26 WHERE id = 3 | 26",
        "UPDATE audit_checkpoint SET row_hash = replace(row_hash,'a','b') WHERE id = 2 | 20",
        "UPDATE audit_checkpoint SET timestamp = '2026-03-01T10:00:00.001Z' WHERE id = 2 | 20",
        "UPDATE audit_checkpoint SET key_id = 'x' WHERE id = 3 | 25",
        "UPDATE audit_checkpoint SET key_id = NULL, signature = NULL WHERE id = 3 | 25",
        "UPDATE audit_checkpoint SET signature = NULL WHERE id = 3 | 25",
        "UPDATE audit_checkpoint SET signature = 'x' WHERE id = 3 | 25",
        "UPDATE audit_checkpoint SET row_count = 25.5 WHERE id = 3 | 21",
        "UPDATE audit_log SET signature = NULL WHERE id = 13 | 13",
        "UPDATE audit_log SET signature = NULL WHERE id = 1 | 1",
        "UPDATE audit_log SET signature = NULL WHERE id > 12 | 13",
        "UPDATE audit_log SET signature = (SELECT signature FROM audit_log WHERE id=14) WHERE id=13"
            + " | 13",
        "UPDATE audit_log SET tool_name = CAST(x'42617368ff' AS TEXT) WHERE id = 13 | 13",
        "UPDATE audit_log SET tool_name = CAST(tool_name AS BLOB) WHERE id = 13 | 13",
        "UPDATE audit_log SET tool_name = '' WHERE tool_name IS NULL OR id = 13 | 13",
        "UPDATE audit_log SET agent_depth = '1x' WHERE id = 13 | 13",
        "UPDATE audit_log SET agent_depth = 1.5 WHERE id = 13 | 13",
        "UPDATE audit_log SET risk_score = 9e999 WHERE id = 13 | 13",
        "UPDATE audit_log SET process_pid = 9007199254740993 WHERE id = 13 | 13",
        "UPDATE audit_log SET timestamp = 'yesterday' WHERE id = 13 | 13",
        "DELETE FROM audit_key | 1",
      })
  void namesTheFirstBadRow(String statement, long row) throws Exception {
    assertBad(tampered(log, statement), row);
  }

  /** The difference between absent and empty must not vanish on the way through the driver. */
  @Test
  void tellsEmptyTextFromNull() throws Exception {
    assertBad(tampered(log, "UPDATE audit_log SET arguments_json='' WHERE id=2"), 2);
    assertBad(tampered(log, "UPDATE audit_log SET response_json='' WHERE id=1"), 1);
  }

  /** Invalid bytes read as U+FFFD, so where that stood before, only the bytes tell. */
  @Test
  void tellsInvalidBytesFromTheirReplacement() throws Exception {
    Path file = directory.resolve("replaced/quint.db");
    try (AuditLog open = AuditLog.open(file, keys)) {
      open.append(AuditRow.builder(AuditRow.Direction.REQUEST).toolName("\ud800").build());
    }
    assertThat(verify(file).status()).isEqualTo(Status.WHOLE);
    assertBad(tampered(file, "UPDATE audit_log SET tool_name = CAST(x'ff' AS TEXT)"), 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE audit_key SET valid_from = '2026-03-01T09:59:59.000Z' | is not the row that key",
        "UPDATE audit_key SET valid_from = 'once' | valid_from",
        "UPDATE audit_key SET valid_to = '2026-03-01T11:00:00.000Z' | retired",
        "UPDATE audit_key SET key_id = 'x' | altered",
        "UPDATE audit_key SET public_key = printf('%s ', public_key) | altered",
        "UPDATE audit_key SET public_key = 'x' | unusable",
        "DROP TABLE audit_key | missing",
        "DROP TABLE audit_checkpoint | missing",
        "ALTER TABLE audit_log ADD COLUMN note TEXT | note",
        "ALTER TABLE audit_log DROP COLUMN risk_level | risk_level",
        "DROP TABLE audit_log | no audit log",
      })
  void findsChangesOutsideTheRows(String statement, String reason) throws Exception {
    String[] statements = {"DROP VIEW tool_calls", statement};
    AuditVerification result = verify(tampered(log, statements));
    assertThat(result.status()).isNotEqualTo(Status.WHOLE);
    assertThat(result.reason()).contains(reason);
  }

  @Test
  void findsSwappedRows() throws Exception {
    assertBad(
        tampered(
            log,
            "UPDATE audit_log SET id = 100 WHERE id = 12",
            "UPDATE audit_log SET id = 12 WHERE id = 13",
            "UPDATE audit_log SET id = 13 WHERE id = 100"),
        12);
  }

  /** Rows, chain and checkpoints made right again by somebody who has everything but the key. */
  @Test
  void findsARecomputedChain() throws Exception {
    assertBad(tampered(log, Forgery.recompute(log, 13, true)), 13);
    assertBad(tampered(log, Forgery.recompute(log, 13, false)), 13);
    assertBad(tampered(log, Forgery.recompute(log, 1, true)), 1);
  }

  @Test
  void findsACheckpointMadeFromARowsOwnSignature() throws Exception {
    assertBad(
        tampered(
            log,
            "DELETE FROM audit_log WHERE id > 13",
            "DELETE FROM audit_checkpoint WHERE upto_id > 13",
            "UPDATE sqlite_sequence SET seq = 13 WHERE name = 'audit_log'",
            "INSERT INTO audit_checkpoint SELECT 2, id, row_hash, id, timestamp,"
                + " (SELECT key_id FROM audit_key), signature FROM audit_log WHERE id = 13"),
        13);
  }

  private static String[] cutAt10() {
    return new String[] {
      "DELETE FROM audit_log WHERE id > 10",
      "DELETE FROM audit_checkpoint WHERE upto_id > 10",
      "UPDATE sqlite_sequence SET seq = 10 WHERE name = 'audit_log'",
      "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'audit_checkpoint'",
    };
  }

  @Test
  void findsACutTailWithACheckpointKeptElsewhere() throws Exception {
    Path cut = tampered(log, cutAt10());
    assertThat(verify(cut).status()).isEqualTo(Status.WHOLE);
    for (int i = 1; i < 3; i++) {
      AuditVerifier verifier =
          new AuditVerifier(List.of(), List.of(sent.get(i)), (row, last) -> {});
      AuditVerification result = verifier.verify(cut);
      assertThat(result.status()).isEqualTo(Status.NOT_WHOLE);
      assertThat(result.firstBadRow()).isEqualTo(11);
      assertThat(verifier.verify(log).status()).isEqualTo(Status.WHOLE);
    }
  }

  @Test
  void findsACutTailThatForgotTheCounters() throws Exception {
    String[] cut = cutAt10();
    assertBad(tampered(log, cut[0], cut[1], cut[3]), 11);
    assertBad(tampered(log, cut[0], cut[1], cut[2]), 0);
  }

  @Test
  void holdsTheLogAgainstEveryCheckpointKeptElsewhere() throws Exception {
    AuditCheckpoint c = sent.get(1);
    List<AuditCheckpoint> wrong =
        List.of(
            new AuditCheckpoint(2, 20, RowHash.GENESIS, 20, c.timestamp(), null, null),
            new AuditCheckpoint(2, 20, c.rowHash(), 19, c.timestamp(), null, null),
            new AuditCheckpoint(2, 20, c.rowHash(), 20, c.timestamp(), c.keyId(), null)
                .signed(AuditKeys.loadOrCreate(directory.resolve("other"))),
            new AuditCheckpoint(2, 20, c.rowHash(), 20, "\ud800", c.keyId(), c.signature()));
    for (AuditCheckpoint w : wrong) {
      AuditVerification result =
          new AuditVerifier(List.of(), List.of(sent.get(2), w, sent.get(0)), (row, last) -> {})
              .verify(log);
      assertThat(result.firstBadRow()).as(w.toString()).isEqualTo(20);
    }
    assertThat(new AuditVerifier(List.of(), sent, (row, last) -> {}).verify(log).status())
        .isEqualTo(Status.WHOLE);
  }

  @Test
  void trustsOnlyTheGivenKey() throws Exception {
    Ed25519Key other = AuditKeys.loadOrCreate(directory.resolve("other")).publicKey();
    AuditVerification result = verify(log, other);
    assertThat(result.status()).isEqualTo(Status.NOT_WHOLE);
    assertThat(result.firstBadRow()).isEqualTo(1);
    assertThat(verify(log, other, keys.publicKey()).status()).isEqualTo(Status.WHOLE);
  }

  @Test
  void findsALogWhoseSignaturesAndKeysAreGone() throws Exception {
    Path stripped =
        tampered(
            log,
            "UPDATE audit_log SET signature = NULL",
            "UPDATE audit_checkpoint SET signature = NULL, key_id = NULL",
            "DELETE FROM audit_key");
    AuditVerification own = verify(stripped);
    assertThat(own.status()).isEqualTo(Status.WHOLE);
    assertThat(own.keySource()).isEqualTo(KeySource.NONE);
    AuditVerification result = verify(stripped, keys.publicKey());
    assertThat(result.status()).isEqualTo(Status.NOT_WHOLE);
    assertThat(result.firstBadRow()).isEqualTo(1);
  }

  @Test
  void leavesNoTrace() throws Exception {
    Path alone = Files.createDirectory(directory.resolve("alone"));
    Path copy = Files.copy(log, alone.resolve("copy of the log?#%41.db"));
    FileTime before = Files.getLastModifiedTime(copy);
    byte[] content = Files.readAllBytes(copy);
    assertThat(verify(copy).status()).isEqualTo(Status.WHOLE);
    try (AuditReader reader = AuditReader.open(copy)) {
      List<Long> ids = new ArrayList<>();
      reader.forEach(AuditFilter.all(), entry -> ids.add(entry.id()));
      assertThat(ids).hasSize(ROWS);
    }
    assertThat(Files.readAllBytes(copy)).isEqualTo(content);
    assertThat(Files.getLastModifiedTime(copy)).isEqualTo(before);
    try (Stream<Path> files = Files.list(alone)) {
      assertThat(files).containsExactly(copy);
    }
  }

  @Test
  void verifiesALogThatIsOpenAndACopyOfItsFiles() throws Exception {
    Path live = directory.resolve("live/quint.db");
    AuditOptions options = AuditOptions.defaults().withGroupCommit(Duration.ZERO);
    try (AuditLog open = AuditLog.open(live, keys, SampleLog.CLOCK, options)) {
      for (int i = 0; i < 5; i++) {
        open.append(SampleLog.row(i));
      }
      assertThat(open.flush(Duration.ofSeconds(30))).isTrue();
      AuditVerification result = verify(live);
      assertThat(result.status()).as(result.toString()).isEqualTo(Status.WHOLE);
      assertThat(result.open()).isTrue();
      assertThat(result.uncheckpointedRows()).isEqualTo(5);

      Path copies = Files.createDirectory(directory.resolve("copies"));
      Files.copy(live, copies.resolve("quint.db"));
      Files.copy(live.resolveSibling("quint.db-wal"), copies.resolve("quint.db-wal"));
      AuditVerification copied = verify(copies.resolve("quint.db"));
      assertThat(copied.firstBadRow()).as(copied.toString()).isEqualTo(1);
      assertThat(copied.reason()).contains("last checkpoint");
      assertThat(copied.rows()).isEqualTo(5);
      try (Stream<Path> files = Files.list(copies)) {
        assertThat(files).hasSize(2);
      }
      // Reading must not have taken the writer's locks away.
      open.append(SampleLog.row(5));
    }
    assertThat(verify(live).rows()).isEqualTo(6);
  }

  @Test
  void tellsUnreadableFromNotWhole() throws Exception {
    Path junk = directory.resolve("junk");
    Files.writeString(junk, "not a database, ".repeat(100));
    Path empty = Files.createFile(directory.resolve("empty"));
    Path missing = directory.resolve("missing");
    Path other = directory.resolve("other.db");
    Databases.query(other, "SELECT 1");
    for (Path file : List.of(junk, empty, missing, directory, other)) {
      AuditVerification result = verify(file);
      assertThat(result.status()).as(file.toString()).isEqualTo(Status.UNREADABLE);
      assertThat(result.reason()).isNotBlank();
    }
    assertThat(missing).doesNotExist();
    byte[] whole = Files.readAllBytes(log);
    for (int size : List.of(100, 5000, 20000, whole.length - 4096)) {
      Path cut = directory.resolve("cut" + size);
      Files.write(cut, Arrays.copyOf(whole, size));
      assertThat(verify(cut).status()).isNotEqualTo(Status.WHOLE);
    }
  }

  @Test
  void checksLargeLogsOnSeveralThreads() throws Exception {
    Path large = SampleLog.write(directory.resolve("large/quint.db"), keys, 1500);
    TreeMap<Long, Long> progress = new TreeMap<>();
    AuditVerifier verifier = new AuditVerifier(List.of(), List.of(), progress::put);
    assertThat(verifier.verify(large).status()).isEqualTo(Status.WHOLE);
    String copied = "(SELECT signature FROM audit_log WHERE id = 5)";
    assertBad(
        tampered(
            large,
            "UPDATE audit_log SET signature = " + copied + " WHERE id IN (700, 703, 1400, 1499)"),
        700);
  }
}
