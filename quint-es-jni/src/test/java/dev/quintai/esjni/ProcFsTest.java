package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.core.event.ProcessExec;
import dev.quintai.core.event.ProcessId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFsTest {

  @TempDir Path temp;
  private ProcFs proc;

  @BeforeEach
  void open() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/self/stat")), "no /proc here");
    proc = new ProcFs(BootClock.open(temp));
  }

  @Test
  void aChildIsReadAsItIs() throws Exception {
    Process child =
        new ProcessBuilder("sleep", "60")
            .directory(temp.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      int pid = (int) child.pid();
      while (!proc.commandLine(pid).contains("60")) {
        Thread.sleep(1); // between fork and exec it is still a copy of us
      }
      ProcStat stat = proc.stat(pid);
      assertThat(proc.commandLine(pid)).containsExactly("sleep", "60");
      assertThat(stat.comm()).isEqualTo("sleep");
      assertThat(stat.ppid()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(proc.exe(pid)).endsWith("/sleep");
      assertThat(proc.cwd(pid)).isEqualTo(temp.toRealPath().toString());
      assertThat(proc.uid(pid)).isEqualTo(proc.uid(stat.ppid()));
      assertThat(proc.children(stat.ppid())).contains(pid);
      assertThat(proc.pids()).contains(pid, stat.ppid());
      long started = child.info().startInstant().orElseThrow().toEpochMilli();
      assertThat(proc.id(pid).startMs()).isBetween(started - 2000, started + 2000);
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(proc.id((int) child.pid())).isNull();
    assertThat(proc.exe((int) child.pid())).isNull();
    assertThat(proc.commandLine((int) child.pid())).isEmpty();
    assertThat(proc.uid((int) child.pid())).isEqualTo(-1);
  }

  @Test
  void aProcessHasTheIdentityThatItsTraceGivesIt() throws Exception {
    Traced traced =
        Traced.run(
            temp, "sh", "-c", "read a b c < /proc/self/stat; cp /proc/self/stat stat; exit 0");
    assumeTrue(traced.exitCode() == 0);

    ProcStat copied = ProcStat.parse(Files.readString(temp.resolve("stat")));
    ProcessId id = proc.id(copied);
    assertThat(traced.all(ProcessExec.class)).extracting(ProcessExec::process).contains(id);
  }

  @Test
  void hostileNamesDoNotShiftTheFields() {
    String rest = " S 7 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 12345 0 0";
    ProcStat stat = ProcStat.parse("42 (a) R 1 (b\n)" + rest);
    assertThat(stat.comm()).isEqualTo("a) R 1 (b\n");
    assertThat(
            List.of(stat.pid(), stat.ppid(), stat.processGroup(), stat.session(), stat.threads()))
        .containsExactly(42, 7, 8, 9, 3);
    assertThat(stat.startTicks()).isEqualTo(12345);
  }

  @Test
  void whatIsNoStateIsNull() {
    for (String text :
        new String[] {"", "1", "1 (x)", "1 (x) S 1", ") (", "x (x) S" + " 1".repeat(30)}) {
      assertThat(ProcStat.parse(text)).as(text).isNull();
    }
  }

  @Test
  void theClocksTicksAreThoseOfTheAuxiliaryVector() {
    ByteBuffer auxv = ByteBuffer.allocate(48).order(ByteOrder.nativeOrder());
    auxv.putLong(6).putLong(4096).putLong(17).putLong(250).putLong(0).putLong(0);
    assertThat(ProcFs.ticks(auxv.array())).isEqualTo(250);
    assertThat(ProcFs.ticks(new byte[0])).isEqualTo(100);
    assertThat(ProcFs.ticks(new byte[17])).isEqualTo(100);
  }
}
