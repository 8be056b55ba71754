package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LsofTest {

  @TempDir Path temp;

  private static String told(String answer) {
    return Lsof.folder(answer.getBytes(StandardCharsets.UTF_8));
  }

  private Path program(String text) throws Exception {
    Path program = temp.resolve("lsof");
    Files.writeString(program, "#!/bin/sh\n" + text);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  @Test
  void theRealOneTellsAFolderWithAnOddName() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/lsof"))
            || Files.isExecutable(Path.of("/usr/sbin/lsof")),
        "there is no lsof");
    Path folder = Files.createDirectory(temp.resolve("a b \\x41 (c)\n\ttab"));
    Process process = new ProcessBuilder("sleep", "60").directory(folder.toFile()).start();
    try {
      assertThat(new Lsof().cwd((int) process.pid())).isEqualTo(folder.toRealPath().toString());
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(new Lsof().cwd((int) process.pid())).isNull();
  }

  @Test
  void readsEscapesAndRefusesWhatIsNoPath() {
    assertThat(told("p7\nfcwd\nn/srv/work\n")).isEqualTo("/srv/work");
    assertThat(told("p7\nn/h/\\xc3\\xbc \\\\ x\\n\n")).isEqualTo("/h/\u00fc \\ x\n");
    assertThat(told("p7\nn/gone (deleted)\n")).isEqualTo("/gone");
    assertThat(told("p7\nn/proc/7/cwd (readlink: Permission denied)\n")).isNull();
    assertThat(told("p7\nn\n")).isNull();
    assertThat(told("p7\nnpipe\n")).isNull();
    assertThat(told("p7\nn/a\\q\n")).isNull();
    assertThat(told("p7\nn/a\\x\n")).isNull();
    assertThat(told("")).isNull();
  }

  @Test
  void oneThatHangsIsEndedAndNotAskedAgain() throws Exception {
    Path asked = temp.resolve("asked");
    Lsof lsof =
        new Lsof(program("echo x >> " + asked + "\nexec sleep 60\n"), Duration.ofMillis(300));
    long start = System.nanoTime();
    assertThat(lsof.cwd(1)).isNull();
    assertThat(lsof.cwd(1)).isNull();
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
    assertThat(Files.readAllLines(asked)).hasSize(1);
  }

  @Test
  void tooMuchIsNoAnswer() throws Exception {
    Path much = program("echo p7\nhead -c 20000 /dev/zero | tr '\\0' '/'\necho\necho n/w\n");
    assertThat(new Lsof(much, Lsof.TIMEOUT).cwd(7)).isNull();
  }

  @Test
  void withoutTheProgramNothingIsTold() {
    assertThat(new Lsof(null, Lsof.TIMEOUT).cwd(1)).isNull();
    assertThat(new Lsof(temp.resolve("none"), Lsof.TIMEOUT).cwd(1)).isNull();
  }
}
