package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The test program {@code src/test/c/acts.c}, which does one thing by one system call. */
final class Acts {

  /** Its exit code when what was asked for cannot be done on this machine. */
  static final int CANNOT = 77;

  private Acts() {}

  /** The program; the test is skipped without a C compiler. */
  static Path program() throws Exception {
    return TestPrograms.build("acts");
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
