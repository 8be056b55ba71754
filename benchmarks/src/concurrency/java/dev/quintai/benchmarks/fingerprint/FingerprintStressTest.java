package dev.quintai.benchmarks.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link FingerprintStress} under jcstress, which needs JVMs of its own. */
class FingerprintStressTest {

  /** The mode of jcstress: sanity, quick, default, tough or stress. */
  private static final String MODE = System.getProperty("quint.jcstress", "quick");

  @Test
  void onlyWhatIsAcceptableHappens(@TempDir Path reports) throws Exception {
    Path output = reports.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                FingerprintStress.class.getName(),
                "-m",
                MODE,
                "-r",
                reports.toString())
            .directory(reports.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.MINUTES)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output, StandardCharsets.UTF_8);
    String tail = said.substring(Math.max(0, said.length() - 4_000));
    assertThat(said)
        .as(tail)
        .containsPattern("[1-9]\\d* passed, 0 failed, 0 soft errs, 0 hard errs");
  }
}
