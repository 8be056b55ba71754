package dev.quintai.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds the committed tables against what the code gives, or writes them when asked to. */
class AccuracyReportTest {

  @Test
  void theCommittedTablesAreWhatTheCodeGives() throws IOException {
    AccuracyReport report = AccuracyReport.measure();
    Path file = Path.of("ACCURACY.md");
    Path directory = Path.of("accuracy");
    if ("write".equals(System.getProperty("quint.accuracy"))) {
      Files.createDirectories(directory);
      Files.writeString(file, report.markdown());
      for (Map.Entry<String, String> plot : report.plots().entrySet()) {
        Files.writeString(directory.resolve(plot.getKey()), plot.getValue());
      }
    }
    assertThat(Files.readString(file)).isEqualTo(report.markdown());
    for (Map.Entry<String, String> plot : report.plots().entrySet()) {
      assertThat(Files.readString(directory.resolve(plot.getKey()))).isEqualTo(plot.getValue());
    }
  }
}
