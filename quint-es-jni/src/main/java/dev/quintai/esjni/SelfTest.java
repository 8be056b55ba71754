package dev.quintai.esjni;

import dev.quintai.core.spi.TruthSource.Availability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program with {@code --self-test}: it watches a process of its own and says how that went.
 */
final class SelfTest {

  private static final int PATIENCE_SECONDS = 10;
  private static final int ANSWER_BYTES = 4096;

  private SelfTest() {}

  static Availability run(Path program, List<String> options) {
    Process process = null;
    List<String> line = new ArrayList<>(List.of(program.toString()));
    line.addAll(options);
    line.add("--self-test");
    try {
      process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.PIPE)
              .start();
      process.getOutputStream().close();
      String answer =
          new String(process.getInputStream().readNBytes(ANSWER_BYTES), StandardCharsets.UTF_8)
              .strip();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return Availability.no("the self-test of " + program.getFileName() + " does not end");
      }
      if (process.exitValue() == 0 && answer.equals("ok")) {
        return Availability.YES;
      }
      String[] words = answer.split(" ", 4);
      return Availability.no(
          words.length == 4 && words[0].equals("error")
              ? TraceRefusedException.explain(words[3], words[2])
              : "the self-test of " + program.getFileName() + " failed: " + answer);
    } catch (IOException e) {
      return Availability.no(
          program.getFileName()
              + " cannot be run: "
              + e.getMessage()
              + "; is its directory mounted noexec?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Availability.no("interrupted while " + program.getFileName() + " tested itself");
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }
}
