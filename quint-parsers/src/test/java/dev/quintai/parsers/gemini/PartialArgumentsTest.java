package dev.quintai.parsers.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartialArgumentsTest {

  /** A place far behind the others costs what the gap before it would cost on the wire. */
  @Test
  void countsGaps() {
    PartialArguments arguments = new PartialArguments(1000);
    arguments.put("$.a[100]", 1L, false);
    assertThat(arguments.cut()).isFalse();
    arguments.put("$.b[9999]", 1L, false);
    assertThat(arguments.cut()).isTrue();
    assertThat(arguments.json()).hasSizeLessThan(1000);
  }

  @Test
  void staysCutHoweverMuchComes() {
    PartialArguments arguments = new PartialArguments(10);
    String large = "x".repeat(1 << 20);
    for (int i = 0; i < 5000; i++) {
      arguments.put("$.a", large, true);
    }
    assertThat(arguments.cut()).isTrue();
    assertThat(arguments.json()).isEqualTo("{}");
  }

  /** What must be escaped takes six characters where one came. */
  @Test
  void countsWhatItWrites() {
    PartialArguments arguments = new PartialArguments(1000);
    for (int i = 0; i < 100; i++) {
      arguments.put("$.a.b" + i + "['\0\0\0\0']", "\0".repeat(20), false);
    }
    assertThat(arguments.cut()).isTrue();
    assertThat(arguments.json()).hasSizeBetween(500, 1000);
  }

  @Test
  void countsThePathOfAStringThatGoesOnOnce() {
    PartialArguments arguments = new PartialArguments(1000);
    for (int i = 0; i < 900; i++) {
      arguments.put("$.content.of.a.file", "x", true);
    }
    assertThat(arguments.cut()).isFalse();
    assertThat(arguments.json()).contains("x".repeat(900));
  }
}
