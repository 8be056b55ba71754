package dev.quintai.signatures;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SignatureFileTest {

  /** What each part is: its line and its id, or the check that failed. */
  private static List<String> read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> read(byte[] bytes) {
    return SignatureFile.read(bytes).stream()
        .map(
            part ->
                part.line()
                    + (part.rejection() == null
                        ? " " + part.document().id()
                        : " " + part.rejection().check().id()))
        .collect(Collectors.toList());
  }

  @Test
  void readsOneObject() {
    assertThat(read("{\"id\":\"a\"}")).containsExactly("1 a");
    assertThat(read("\r\n\t{\n \"id\":\n\"a\",\"x\":{\"y\":[\"}\",\"\\\"]\"]}}\n"))
        .containsExactly("2 a");
    assertThat(read("{\n\"id\":\"a\",\n")).containsExactly("1 parse");
    assertThat(read("{\"id\":\"a\"} garbage")).containsExactly("1 parse");
    assertThat(read("{\"id\":\"a\"}}")).containsExactly("1 parse");
    assertThat(read("{\"id\":\"a\"}\u2003")).containsExactly("1 parse");
    assertThat(read("\"a\"")).containsExactly("1 parse");
    assertThat(read("")).containsExactly("1 parse");
    assertThat(read(" \n ")).containsExactly("2 parse");
    assertThat(read("\ufeff{\"id\":\"a\"}")).containsExactly("1 parse");
  }

  @Test
  void readsAnArrayAndKeepsTheGoodOnes() {
    assertThat(read("[]")).isEmpty();
    assertThat(read("[{\"id\":\"a\"}]")).containsExactly("1 a");
    assertThat(read("[\n{\"id\":\"a\"},\n{\"id\":\"b\",\"id\":\"c\"},\n 7,\n{\"id\":\"d\"}\n]"))
        .containsExactly("2 a", "3 parse", "4 parse", "5 d");
    assertThat(read("[{\"id\":\"a\"},{\"id\":\"b\"")).containsExactly("1 a", "1 parse");
    assertThat(read("[{\"id\":\"a\"},{\"id\":\"b")).containsExactly("1 a", "1 parse");
    assertThat(read("[{\"id\":\"a\"},]")).containsExactly("1 a", "1 parse");
    assertThat(read("[{\"id\":\"a\"}] x")).containsExactly("1 a", "1 parse");
    assertThat(read("[{\"id\":\"a\"}")).containsExactly("1 a", "1 parse");
    assertThat(read("[")).containsExactly("1 parse");
  }

  @Test
  void readsJsonLinesAndKeepsTheGoodOnes() {
    assertThat(read("{\"id\":\"a\"}\n\n{\"id\":\"b\"}\r\n")).containsExactly("1 a", "3 b");
    assertThat(read("{\"id\":\"a\"}\n{\"id\":\n{\"id\":\"b\"}"))
        .containsExactly("1 a", "2 parse", "3 b");
    assertThat(read("{\"id\":\n{\"id\":\"b\"}\n")).containsExactly("1 parse", "2 b");
    assertThat(read("{\"id\":\"a\"}\nnonsense")).containsExactly("1 a", "2 parse");
  }

  @Test
  void aBadByteSpoilsItsLineOnly() {
    byte[] bytes =
        "{\"id\":\"a\"}\n{\"id\":\"?\"}\n{\"id\":\"b\"}\n".getBytes(StandardCharsets.UTF_8);
    bytes[new String(bytes, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xff;
    assertThat(read(bytes)).containsExactly("1 a", "2 parse", "3 b");
    byte[] one = "{\"id\":\"?\"}".getBytes(StandardCharsets.UTF_8);
    one[7] = (byte) 0xc0;
    assertThat(read(one)).containsExactly("1 parse");
  }

  @Test
  void boundsSizesAndNumbers() {
    String large = "{\"id\":\"" + "x".repeat(300_000) + "\"}";
    assertThat(read("[" + large + ",{\"id\":\"a\"}]")).containsExactly("1 limits", "1 a");
    assertThat(read(new byte[SignatureFile.MAX_BYTES + 1])).containsExactly("1 limits");
    String many = "[" + "0,".repeat(SignatureFile.MAX_PARTS + 5) + "0]";
    List<String> parts = read(many);
    assertThat(parts).hasSize(SignatureFile.MAX_PARTS + 1);
    assertThat(parts.get(SignatureFile.MAX_PARTS)).isEqualTo("1 limits");
  }

  /** 256 KiB are bytes: what takes three each must not have three times as many. */
  @Test
  void theSizeOfASignatureIsInBytes() {
    String item = "\"" + "\u20ac".repeat(4000) + "\",";
    String text = "{\"a\":[" + item.repeat(21) + "1]}";
    assertThat(text.getBytes(StandardCharsets.UTF_8).length).isBetween(250_000, 256 << 10);
    assertThat(SignatureFile.read(text.getBytes(StandardCharsets.UTF_8)).get(0).rejection())
        .isNull();
    text = "{\"a\":[" + item.repeat(22) + "1]}";
    assertThat(text.length()).isLessThan(100_000);
    assertThat(SignatureFile.read(text.getBytes(StandardCharsets.UTF_8)).get(0).rejection().check())
        .isEqualTo(Check.LIMITS);
  }
}
