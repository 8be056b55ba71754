package dev.quintai.parsers.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmFinding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseFramerTest {

  /** Writes down what it is told. */
  private static final class Frames implements FrameSink {
    final List<String> lines = new ArrayList<>();
    private final StringBuilder data = new StringBuilder();
    private String head;

    @Override
    public void begin(long start, long end) {
      head = start + "-" + end + " ";
      data.setLength(0);
    }

    @Override
    public void name(String name, boolean exception) {
      head += name;
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
      data.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void end() {
      lines.add(head + "|" + data);
    }

    @Override
    public void finding(LlmFinding.Kind kind, long offset, String detail) {
      lines.add(kind + " " + offset);
    }
  }

  private static List<String> read(String text, int maxFrame, int chunk) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    Frames frames = new Frames();
    SseFramer framer = new SseFramer(frames, maxFrame);
    for (int at = 0; at < body.length; at += chunk) {
      framer.feed(body, at, Math.min(body.length, at + chunk), at);
    }
    framer.end(body.length);
    return frames.lines;
  }

  private static List<String> read(String text) {
    List<String> whole = read(text, 1 << 20, Math.max(1, text.length()));
    for (int chunk : new int[] {1, 2, 3, 7}) {
      assertThat(read(text, 1 << 20, chunk)).as("chunks of %d", chunk).isEqualTo(whole);
    }
    return whole;
  }

  @Test
  void readsEvents() {
    assertThat(read("event: a\ndata: 1\n\ndata:2\nid: 9\n\n"))
        .containsExactly("0-18 a|1", "18-32 |2");
  }

  @Test
  void joinsDataLinesAndKeepsAllButOneSpace() {
    assertThat(read("data:  one\ndata\ndata: two\ndata:\n\n"))
        .containsExactly("0-33 | one\n\ntwo\n");
    assertThat(read("data:  one\ndata: two\n\n").get(0)).endsWith("| one\ntwo");
  }

  @Test
  void readsAllThreeLineEnds() {
    for (String end : List.of("\n", "\r", "\r\n")) {
      String text = "event: a" + end + "data: 1" + end + end + "data: 2" + end + end;
      List<String> lines = read(text);
      assertThat(lines).hasSize(2);
      assertThat(lines.get(0)).endsWith("a|1");
      assertThat(lines.get(1))
          .startsWith(("event: a" + end + "data: 1" + end + end).length() + "-");
    }
    assertThat(read("data: 1\r\r\ndata: 2\n\r\n")).hasSize(2);
  }

  @Test
  void ignoresCommentsUnknownFieldsAndEventsWithoutData() {
    assertThat(read(": hello\n\nfoo: bar\nevent: x\n\nretry: 5\ndata: 1\n\n"))
        .hasSize(1)
        .first()
        .asString()
        .endsWith(" |1");
    assertThat(read("datax: 1\n\ndat: 2\n\ndata2\n\n")).isEmpty();
  }

  @Test
  void passesAByteOrderMark() {
    assertThat(read("\uFEFFdata: 1\n\n")).containsExactly("0-12 |1");
  }

  @Test
  void handsOnAnEventThatTheEndCutsBeforeItsBlankLine() {
    assertThat(read("data: 1\n\ndata: 2")).containsExactly("0-9 |1", "9-16 |2");
    assertThat(read("data: 1\n\ndata: 2\n")).containsExactly("0-9 |1", "9-17 |2");
  }

  @Test
  void handsOnFramesOverTheLimitInPieces() {
    String text = "event: a\ndata: " + "x".repeat(100) + "\n\ndata: 2\n\n";
    for (int chunk : new int[] {1, 5, 32}) {
      List<String> lines = read(text, 20, chunk);
      assertThat(lines).hasSize(2);
      assertThat(lines.get(0)).isEqualTo("0--1 a|" + "x".repeat(100));
      assertThat(lines.get(1)).endsWith("|2");
    }
  }

  /** The standard: a line without a colon is a field with an empty value. */
  @Test
  void readsLinesWithoutAColon() {
    assertThat(read("data\n\n")).containsExactly("0-6 |");
    assertThat(read("event: a\nevent\ndata: 1\n\n")).containsExactly("0-24 |1");
    assertThat(read("dat\nevents\ndatab\ndata: 1\n\n"))
        .hasSize(1)
        .first()
        .asString()
        .endsWith("|1");
    assertThat(read("data: 1\n\ndata")).containsExactly("0-9 |1", "9-13 |");
  }
}
