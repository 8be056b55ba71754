package dev.quintai.daemon.audit;

import static dev.quintai.daemon.audit.Databases.query;
import static dev.quintai.daemon.audit.Databases.verify;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.daemon.audit.AuditVerification.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one log, and processes that end without warning. */
class AuditProcessTest {
  @TempDir Path directory;

  private final List<Process> children = new ArrayList<>();
  private Path file;

  @BeforeEach
  void makeKeys() throws Exception {
    file = directory.resolve("quint.db");
    AuditKeys.loadOrCreate(directory);
  }

  @AfterEach
  void endChildren() {
    children.forEach(Process::destroyForcibly);
  }

  private Process start(int rows, String name) throws IOException {
    Process child = ChildWriter.start(file, rows, name);
    children.add(child);
    return child;
  }

  private static void kill(Process child) throws InterruptedException {
    child.destroyForcibly();
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  private long count(String condition) throws Exception {
    return Long.parseLong(query(file, "SELECT count(*) FROM audit_log WHERE " + condition).get(0));
  }

  /** At random moments: between commits, in them, and around checkpoints. */
  @Test
  void keepsWhatWasCommittedThroughAKill() throws Exception {
    Random random = new Random(42);
    for (int round = 1; round <= 4; round++) {
      String name = "round" + round;
      Process child = start(0, name);
      int known;
      try (BufferedReader out = ChildWriter.output(child)) {
        known = ChildWriter.committed(out);
        for (int i = random.nextInt(8); i > 0; i--) {
          known = ChildWriter.committed(out);
        }
        Thread.sleep(random.nextInt(30));
        assertThat(verify(file).open()).isTrue();
        kill(child);
      }
      AuditVerification crashed = verify(file);
      assertThat(crashed.open()).isFalse();
      if (crashed.status() != Status.WHOLE) {
        assertThat(crashed.reason()).contains("last checkpoint");
      }
      AuditLog.open(file, AuditKeys.load(directory)).close();
      AuditVerification resumed = verify(file);
      assertThat(resumed.status()).as(resumed.toString()).isEqualTo(Status.WHOLE);
      assertThat(count("method = '" + name + "'")).isGreaterThanOrEqualTo(known);
      assertThat(count("method = 'resumed'")).isEqualTo(round);
    }
    AuditLog.open(file, AuditKeys.load(directory)).close();
    assertThat(count("method = 'resumed'")).isEqualTo(4);
  }

  @Test
  void makesOneChainOfSeveralWriters() throws Exception {
    Process a = start(300, "a");
    Process b = start(300, "b");
    try (BufferedReader outA = ChildWriter.output(a);
        BufferedReader outB = ChildWriter.output(b)) {
      assertThat(ChildWriter.committed(outA)).isEqualTo(1);
      assertThat(ChildWriter.committed(outB)).isEqualTo(1);
      assertThat(verify(file).status()).isEqualTo(Status.WHOLE);
      outA.transferTo(Writer.nullWriter());
      outB.transferTo(Writer.nullWriter());
    }
    for (Process child : List.of(a, b)) {
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isZero();
    }
    AuditVerification result = verify(file);
    assertThat(result.status()).as(result.toString()).isEqualTo(Status.WHOLE);
    assertThat(result.rows()).isEqualTo(600);
    for (String name : List.of("a", "b")) {
      List<String> order =
          query(file, "SELECT agent_depth FROM audit_log WHERE method='" + name + "' ORDER BY id");
      assertThat(order)
          .hasSize(300)
          .isSortedAccordingTo((x, y) -> Integer.compare(Integer.parseInt(x), Integer.parseInt(y)));
    }
  }

  /** A crash is told from a writer that is merely there, and seen while another goes on. */
  @Test
  void seesTheCrashOfOneWriterBesideAnother() throws Exception {
    try (AuditLog mine = AuditLog.open(file, AuditKeys.load(directory))) {
      mine.append(SampleLog.row(0));
      Process child = start(0, "child");
      try (BufferedReader out = ChildWriter.output(child)) {
        ChildWriter.committed(out);
        AuditLog.open(file, AuditKeys.load(directory)).close();
        assertThat(count("method = 'resumed'")).isZero();
        kill(child);
      }
      AuditLog.open(file, AuditKeys.load(directory)).close();
      assertThat(count("method = 'resumed'")).isEqualTo(1);
      assertThat(verify(file).status()).isEqualTo(Status.WHOLE);
      mine.append(SampleLog.row(1));
    }
    AuditLog.open(file, AuditKeys.load(directory)).close();
    assertThat(count("method = 'resumed'")).isEqualTo(1);
    assertThat(verify(file).status()).isEqualTo(Status.WHOLE);
  }
}
