package dev.quintai.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowingFileTest {

  @TempDir Path temp;

  private static String line(BufferedReader reader) {
    return Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), reader::readLine);
  }

  @Test
  void whatIsAppendedIsReadAndRotationFollowed() throws Exception {
    Path log = Files.writeString(temp.resolve("log"), "before\n");
    GrowingFile growing = new GrowingFile(log);
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(growing, StandardCharsets.UTF_8));
    Files.writeString(log, "one\n", StandardOpenOption.APPEND);
    assertThat(line(reader)).isEqualTo("one");
    Files.writeString(log, "two\n", StandardOpenOption.APPEND);
    Files.move(log, temp.resolve("log.1"));
    Files.writeString(log, "three, in a new file\n");
    assertThat(line(reader)).isEqualTo("two");
    assertThat(line(reader)).isEqualTo("three, in a new file");
    Files.writeString(log, "cut\n"); // shorter than what was read
    assertThat(line(reader)).isEqualTo("cut");
    growing.close();
    assertThat(line(reader)).isNull();
  }
}
