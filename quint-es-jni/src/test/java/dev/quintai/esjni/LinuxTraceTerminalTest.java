package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A shell's job control works on a watched command as on any other. */
@Timeout(60)
class LinuxTraceTerminalTest {

  private static final String COMMAND =
      "trap 'exit 7' INT; trap 'echo ready' CONT; echo ready; while :; do sleep 0.1; done";

  @TempDir Path temp;

  @Test
  void theTerminalsKeysStopContinueAndEndTheCommand() throws Exception {
    Path program = NativeBinary.extract(Traced.runtimeDirectory(temp));
    Process terminal =
        new ProcessBuilder(
                TestPrograms.build("terminal").toString(),
                "7",
                TestPrograms.build("reader").toString(),
                program.toString(),
                "--",
                "/bin/sh",
                "-c",
                COMMAND)
            .inheritIO()
            .start();

    assertThat(terminal.waitFor()).isZero();
  }
}
