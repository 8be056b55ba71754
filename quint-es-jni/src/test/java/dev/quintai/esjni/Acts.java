package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The test program {@code src/test/c/acts.c}, which does one thing by one system call. */
final class Acts {

  /** Its exit code when what was asked for cannot be done on this machine. */
  static final int CANNOT = 77;

  private static final Path SOURCE = Path.of("src", "test", "c", "acts.c");

  private static Path program;

  private Acts() {}

  /** The program; the test is skipped without a C compiler. */
  static synchronized Path program() throws Exception {
    if (program == null) {
      Path directory = Files.createTempDirectory("acts");
      Path built = directory.resolve("acts");
      try {
        Process compiler =
            new ProcessBuilder(
                    "gcc",
                    "-std=gnu11",
                    "-D_GNU_SOURCE",
                    "-O1",
                    "-pthread",
                    SOURCE.toString(),
                    "-o",
                    built.toString())
                .inheritIO()
                .start();
        assertThat(compiler.waitFor()).isZero();
      } catch (IOException e) {
        assumeTrue(false, "no gcc to build the test program: " + e.getMessage());
      }
      built.toFile().deleteOnExit();
      directory.toFile().deleteOnExit();
      program = built;
    }
    return program;
  }

  /** Runs an act under a trace; it must succeed. */
  static Traced run(Path temp, String act, Object... arguments) throws Exception {
    Traced traced = attempt(temp, act, arguments);
    assumeTrue(traced.exitCode() != CANNOT, act + " cannot be done on this machine");
    assertThat(traced.exitCode()).as("exit code of the act").isZero();
    return traced;
  }

  /** Runs an act under a trace, whatever comes of it. */
  static Traced attempt(Path temp, String act, Object... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program().toString(), act));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return Traced.run(temp, command.toArray(String[]::new));
  }
}
