package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Builds the C programs of the tests, each once. */
final class TestPrograms {

  private static final Path SOURCES = Path.of("src", "test", "c");
  private static final Map<String, Path> BUILT = new HashMap<>();

  private TestPrograms() {}

  /** The program built from {@code NAME.c}; the test is skipped without a C compiler. */
  static synchronized Path build(String name) throws Exception {
    Path known = BUILT.get(name);
    if (known != null) {
      return known;
    }
    Path directory = Files.createTempDirectory(name);
    Path built = directory.resolve(name);
    String source = SOURCES.resolve(name + ".c").toString();
    try {
      Process compiler =
          new ProcessBuilder(
                  "gcc",
                  "-std=gnu11",
                  "-D_GNU_SOURCE",
                  "-O1",
                  source,
                  "-o",
                  built.toString(),
                  "-pthread")
              .inheritIO()
              .start();
      assertThat(compiler.waitFor()).isZero();
    } catch (IOException e) {
      assumeTrue(false, "no gcc to build the test program: " + e.getMessage());
    }
    directory.toFile().deleteOnExit();
    built.toFile().deleteOnExit();
    BUILT.put(name, built);
    return built;
  }
}
