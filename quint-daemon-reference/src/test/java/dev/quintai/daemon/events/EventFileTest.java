package dev.quintai.daemon.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.event.Event;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventFileTest {

  private static final String GOOD = "{\"type\":\"loss\",\"timeMs\":1,\"lost\":2}";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      textBlock =
          """
          {"type":"exec","timeMs":1,"pid":2,"argv":[]}|"exe": a string was expected, but it is missing
          {"type":"exec","timeMs":1,"exe":"/x"}|"pid": a whole number was expected, but it is missing
          {"type":"exec","timeMs":1,"pid":-2,"exe":"/x"}|"pid": a process id was expected
          {"type":"exec","timeMs":1,"pid":4294967296,"exe":"/x"}|"pid": a process id was expected
          {"type":"exec","timeMs":1,"pid":2,"exe":7}|"exe": a string was expected
          {"type":"exec","timeMs":1,"pid":2,"exe":"/x","argv":"a b"}|"argv": an array of strings was expected
          {"type":"exec","timeMs":1,"pid":2,"exe":"/x","argv":[1]}|"argv": an array of strings was expected
          {"type":"exec","timeMs":"noon","pid":2,"exe":"/x"}|"timeMs": milliseconds since 1970 was expected
          {"type":"exec","timeMs":-1,"pid":2,"exe":"/x"}|"timeMs": milliseconds since 1970 was expected
          {"type":"exec","timeMs":1e30,"pid":2,"exe":"/x"}|"timeMs": milliseconds since 1970 was expected
          {"type":"exec","timeMs":1e999999999,"pid":2,"exe":"/x"}|"timeMs": milliseconds since 1970 was expected
          {"type":"file","timeMs":1,"pid":2,"op":"open","path":"/x","access":"maybe"}|"access": one of read, write, readwrite was expected
          {"type":"connect","timeMs":1,"pid":2}|"remoteIp": an address, or a "host", was expected
          {"type":"intentResult","timeMs":1,"toolUseId":"t","isError":"yes"}|"isError": true or false was expected
          {"type":"dance","timeMs":1}|"type": one of exec, fork, exit, file, connect, dns, intent, intentResult, approval, agent, loss was expected, not "dance"
          {"timeMs":1}|"type": a string was expected, but it is missing
          [1,2]|a JSON object was expected
          nonsense|not a JSON object
          {"type":"loss","type":"loss","timeMs":1,"lost":1}|not a JSON object
          {"type":"loss","timeMs":1,"lost":1} more|not a JSON object
          """)
  void aBadLineIsToldWithItsPlaceAndTheRestGoesThrough(String bad, String message)
      throws Exception {
    Path file = Files.writeString(folder.resolve("e.jsonl"), GOOD + "\n" + bad + "\n\n" + GOOD);
    List<Event> events = new ArrayList<>();
    List<String> problems = new ArrayList<>();

    assertThat(EventFile.read(file, events::add, problems::add)).isEqualTo(1);

    assertThat(events).hasSize(2);
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).startsWith(file + ":2: ").contains(message).doesNotContain("\n");
  }

  @Test
  void aFolderAndAMissingFileAreNamed() {
    assertThatThrownBy(() -> EventFile.read(folder, e -> {}, p -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder.toString());
    assertThatThrownBy(() -> EventFile.read(folder.resolve("none"), e -> {}, p -> {}))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void invalidUtf8IsReplacedAndDoesNotEndTheFile() throws Exception {
    Path file = folder.resolve("e.jsonl");
    Files.write(file, new byte[] {(byte) 0xc3, '\n'});
    Files.writeString(file, GOOD, java.nio.file.StandardOpenOption.APPEND);
    List<Event> events = new ArrayList<>();
    assertThat(EventFile.read(file, events::add, p -> {})).isEqualTo(1);
    assertThat(events).hasSize(1);
  }

  @Test
  void linesAreBounded() throws Exception {
    String long5 = "x".repeat(200_000);
    try (LineReader lines =
        new LineReader(new StringReader("short\r\n" + long5 + "\n\nlast"), 100_000)) {
      assertThat(lines.next()).isEqualTo("short");
      assertThat(lines.tooLong()).isFalse();
      assertThat(lines.next()).hasSize(100_000);
      assertThat(lines.tooLong()).isTrue();
      assertThat(lines.next()).isEmpty();
      assertThat(lines.tooLong()).isFalse();
      assertThat(lines.next()).isEqualTo("last");
      assertThat(lines.next()).isNull();
    }
  }

  @Test
  void jsonIsBoundedInDepthAndStrict() {
    String deep = "[".repeat(JsonTree.MAX_DEPTH + 1) + "]".repeat(JsonTree.MAX_DEPTH + 1);
    assertThatThrownBy(() -> JsonTree.read(deep)).isInstanceOf(IOException.class);
    for (String bad : List.of("", "  ", "{\"a\":1,\"a\":2}", "1 2", "{", "NaN", "'a'", "[1,]")) {
      assertThatThrownBy(() -> JsonTree.read(bad)).as(bad).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatCanBeReadCanBeWritten() throws Exception {
    String deep = "[".repeat(JsonTree.MAX_DEPTH) + "]".repeat(JsonTree.MAX_DEPTH);
    assertThat(JsonTree.text(JsonTree.read(deep))).isEqualTo(deep);
    String value = "{\"b\":1,\"a\":[true,null,\"x\",0.10,12345678901234567890]}";
    assertThat(JsonTree.text(JsonTree.read(value))).isEqualTo(value);
  }
}
