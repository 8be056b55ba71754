package dev.quintai.daemon.audit;

import static dev.quintai.daemon.audit.Databases.verify;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.daemon.audit.AuditVerification.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class AuditChainTest {
  private static final AuditOptions FAST =
      AuditOptions.defaults().withGroupCommit(Duration.ZERO).withMaxBodyBytes(60);

  private static Path directory;
  private static AuditKeys keys;
  private static Path sample;
  private static int count;

  @BeforeContainer
  static void writeSample() throws IOException, InterruptedException {
    directory = Files.createTempDirectory("audit-chain");
    keys = AuditKeys.loadOrCreate(directory);
    sample = SampleLog.write(directory.resolve("sample.db"), keys, 12);
  }

  @AfterContainer
  static void deleteAll() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Rows of any content, with checkpoints, closings and openings between them. */
  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void anySequenceOfRowsVerifies(@ForAll("steps") List<Object> steps)
      throws IOException, InterruptedException {
    Path file = directory.resolve("log" + count++ + ".db");
    int rows = 0;
    AuditLog log = AuditLog.open(file, keys, SampleLog.CLOCK, FAST);
    for (Object step : steps) {
      if (step instanceof AuditRow row) {
        assertThat(log.append(row)).isTrue();
        rows++;
      } else if (step.equals("checkpoint")) {
        log.checkpoint();
      } else if (step.equals("verify")) {
        assertThat(log.flush(Duration.ofSeconds(60))).isTrue();
        assertThat(verify(file, keys.publicKey()).status()).isEqualTo(Status.WHOLE);
      } else {
        log.close();
        log = AuditLog.open(file, keys, SampleLog.CLOCK, FAST);
      }
    }
    log.close();
    AuditVerification result = verify(file, keys.publicKey());
    assertThat(result.status()).as(result.toString()).isEqualTo(Status.WHOLE);
    assertThat(result.rows()).isEqualTo(rows);
  }

  @Provide
  Arbitrary<List<Object>> steps() {
    return Arbitraries.frequencyOf(
            Tuple.of(12, rows().asGeneric()),
            Tuple.of(1, Arbitraries.of("checkpoint", "reopen", "verify").asGeneric()))
        .list()
        .ofMaxSize(15);
  }

  private static Arbitrary<AuditRow> rows() {
    Arbitrary<String> text = Texts.hostile().injectNull(0.3);
    return Combinators.combine(
            text.list().ofSize(7),
            Arbitraries.longs().between(-Jcs.MAX_INTEGER, Jcs.MAX_INTEGER).injectNull(0.3),
            Arbitraries.doubles().injectNull(0.3),
            Arbitraries.integers().injectNull(0.3),
            Arbitraries.of(AuditRow.Direction.values()),
            Arbitraries.of(AuditRow.Outcome.values()).injectNull(0.3),
            Arbitraries.longs().map(Instant::ofEpochMilli).injectNull(0.5))
        .as(
            (texts, pid, risk, depth, direction, outcome, time) ->
                AuditRow.builder(direction)
                    .timestamp(time)
                    .serverName(texts.get(0))
                    .toolName(texts.get(1))
                    .argumentsJson(texts.get(2))
                    .responseJson(texts.get(3))
                    .sessionId(texts.get(4))
                    .toolUseId(texts.get(5))
                    .scoreDecomposition(texts.get(6))
                    .processPid(pid)
                    .riskScore(risk)
                    .agentDepth(depth)
                    .verdict(outcome)
                    .build());
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void findsAnySingleBitThatChanged(
      @ForAll @IntRange(min = 1, max = 12) int row,
      @ForAll AuditColumn column,
      @ForAll @IntRange(max = 1_000_000) int bit)
      throws IOException, SQLException, InterruptedException {
    Object value = value(row, column);
    String changed;
    if (value == null) {
      changed = column.kind() == AuditColumn.Kind.TEXT ? "''" : "0";
    } else if (value instanceof String s) {
      byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
      int at = bit % (8 * bytes.length);
      bytes[at / 8] ^= (byte) (1 << at % 8);
      changed = "CAST(x'" + HexFormat.of().formatHex(bytes) + "' AS TEXT)";
    } else if (value instanceof Double d) {
      double flipped = Double.longBitsToDouble(Double.doubleToLongBits(d) ^ 1L << bit % 64);
      // SQLite keeps no NaN, and knows no sign of zero.
      changed = Double.isFinite(flipped) ? String.format("%.17e", flipped) : "NULL";
      if (flipped == d) {
        return;
      }
    } else {
      changed = Long.toString(((Number) value).longValue() ^ 1L << bit % 63);
    }
    Path copy =
        Databases.tampered(
            sample,
            "UPDATE OR REPLACE audit_log SET "
                + column.column()
                + "="
                + changed
                + " WHERE id="
                + row);
    AuditVerification result = verify(copy);
    assertThat(result.status()).as(column + " := " + changed).isEqualTo(Status.NOT_WHOLE);
    if (column != AuditColumn.ID) {
      assertThat(result.firstBadRow()).as(result.reason()).isEqualTo(row);
    }
  }

  private static Object value(int row, AuditColumn column) throws SQLException {
    try (Connection db = Databases.connect(sample);
        Statement s = db.createStatement();
        ResultSet r =
            s.executeQuery("SELECT " + column.column() + " FROM audit_log WHERE id=" + row)) {
      return r.next() ? r.getObject(1) : null;
    }
  }
}
