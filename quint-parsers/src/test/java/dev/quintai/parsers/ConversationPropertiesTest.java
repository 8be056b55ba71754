package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmLimits;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.parsers.support.Reading;
import dev.quintai.parsers.support.Recorder;
import dev.quintai.parsers.support.Said;
import dev.quintai.parsers.support.Wire;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is generated comes back from every dialect, whole, in pieces, and never more when cut. */
class ConversationPropertiesTest {

  private static LlmHead head(Wire wire) {
    return Reading.head("https://example.test/", 200, wire.contentType);
  }

  @Property(tries = 300)
  void comesBackFromEachDialect(@ForAll("said") Said said, @ForAll Wire wire) throws IOException {
    Conversation read =
        Conversations.standard()
            .parse(
                LlmExchange.of(head(wire), new byte[0], wire.body(said)),
                StandardParsers.all().named(wire.format).orElseThrow());
    assertThat(read.responseModel()).isEqualTo(wire.hasModel ? said.model() : null);
    assertThat(read.text()).isEqualTo(said.text());
    assertThat(read.thinking()).isEqualTo(said.thinking());
    assertThat(read.inputTokens()).isEqualTo(said.input());
    assertThat(read.outputTokens()).isEqualTo(said.output());
    assertThat(read.stopReason()).isEqualTo("tool_use");
    assertThat(read.findings()).isEmpty();
    assertThat(read.lostCalls()).isEmpty();
    assertThat(read.error()).isNull();
    List<Said.Call> calls =
        read.toolCalls().stream()
            .map(
                each ->
                    new Said.Call(each.call().id(), each.call().name(), each.arguments().object()))
            .toList();
    List<Said.Call> wanted =
        said.calls().stream()
            .map(
                call ->
                    new Said.Call(
                        wire.hasCallIds ? call.id() : null, call.name(), call.arguments()))
            .toList();
    assertThat(calls).isEqualTo(wanted);
  }

  @Property(tries = 150)
  void doesNotDependOnTheSplit(
      @ForAll("said") Said said, @ForAll Wire wire, @ForAll Random random) {
    byte[] body = wire.body(said);
    damage(body, random);
    assertThat(split(wire, body, random).lines)
        .isEqualTo(
            Reading.once(
                    wire.format,
                    head(wire),
                    LlmDirection.RESPONSE,
                    LlmLimits.DEFAULT,
                    body,
                    Math.max(1, body.length))
                .lines);
  }

  /** Half of the bodies get a few wrong bytes. */
  private static void damage(byte[] body, Random random) {
    if (body.length > 0 && random.nextBoolean()) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        byte[] likely = {'{', '}', '[', ']', '"', '\\', ',', ':', '\n', 0, -1, 'x', '1'};
        body[random.nextInt(body.length)] = likely[random.nextInt(likely.length)];
      }
    }
  }

  private static Recorder split(Wire wire, byte[] body, Random random) {
    Recorder recorder = new Recorder();
    LlmStream stream =
        StandardParsers.all()
            .named(wire.format)
            .orElseThrow()
            .open(head(wire), LlmDirection.RESPONSE, LlmLimits.DEFAULT, recorder);
    int at = 0;
    while (at < body.length) {
      int count = Math.min(body.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 200));
      stream.feed(ByteBuffer.wrap(body, at, count));
      at += count;
    }
    stream.end();
    return recorder;
  }

  @Property(tries = 150)
  void neverInventsACallWhenCut(
      @ForAll("said") Said said, @ForAll Wire wire, @ForAll Random random) {
    byte[] body = wire.body(said);
    byte[] cut = Arrays.copyOf(body, random.nextInt(body.length + 1));
    List<String> whole = calls(wire, body);
    List<String> part = calls(wire, cut);
    assertThat(whole.subList(0, part.size())).isEqualTo(part);
  }

  private static List<String> calls(Wire wire, byte[] body) {
    return Reading.once(
            wire.format, head(wire), LlmDirection.RESPONSE, LlmLimits.DEFAULT, body, 4096)
        .only("end");
  }

  @Property(tries = 100)
  void framesCoverTheBodyInOrder(@ForAll("said") Said said, @ForAll Wire wire) {
    byte[] body = wire.body(said);
    Recorder read =
        Reading.once(wire.format, head(wire), LlmDirection.RESPONSE, LlmLimits.DEFAULT, body, 13);
    long last = 0;
    for (String line : read.only("frame")) {
      int dash = line.indexOf('-');
      long start = Long.parseLong(line.substring(6, dash));
      long end = Long.parseLong(line.substring(dash + 1));
      assertThat(start).isGreaterThanOrEqualTo(last);
      assertThat(end == -1 ? start == 0 : end > start).isTrue();
      last = Math.max(end, last);
    }
    assertThat(last).isLessThanOrEqualTo(body.length);
  }

  @Provide
  Arbitrary<Said> said() {
    Arbitrary<String> text = text();
    Arbitrary<String> name = Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(12);
    return Combinators.combine(
            name,
            name,
            text,
            text,
            calls(),
            Arbitraries.longs().between(0, 1L << 40),
            Arbitraries.longs().between(0, 99_999),
            Arbitraries.longs())
        .as(Said::new);
  }

  private static Arbitrary<String> text() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ascii().ofMaxLength(60),
        Arbitraries.strings().ofMaxLength(30).map(ConversationPropertiesTest::paired),
        Arbitraries.of("", "\\", "\"", "data: x\n\n", "[DONE]", "{\"a\":1}", "é€😀\u2028\u0000"));
  }

  /** Lone surrogates cannot be written as UTF-8. */
  private static String paired(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .filter(point -> point < 0xD800 || point > 0xDFFF)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  private static Arbitrary<List<Said.Call>> calls() {
    Arbitrary<String> name = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(9);
    return Combinators.combine(name, arguments())
        .as((tool, arguments) -> new Said.Call("", tool, arguments))
        .list()
        .ofMaxSize(4)
        .map(
            list -> {
              List<Said.Call> numbered = new ArrayList<>();
              for (Said.Call call : list) {
                numbered.add(
                    new Said.Call("call_" + numbered.size(), call.name(), call.arguments()));
              }
              return numbered;
            });
  }

  private static Arbitrary<Map<String, Object>> arguments() {
    Arbitrary<Object> scalar =
        Arbitraries.oneOf(
            text().map(each -> (Object) each),
            Arbitraries.longs().map(each -> (Object) each),
            Arbitraries.bigDecimals().ofScale(3).map(ConversationPropertiesTest::number),
            Arbitraries.of(true, false).map(each -> (Object) each));
    Arbitrary<Object> list = scalar.list().ofMaxSize(3).map(each -> (Object) each);
    return Combinators.combine(
            Arbitraries.strings().ascii().ofMaxLength(8).list().ofMaxSize(4),
            Arbitraries.oneOf(scalar, list).list().ofSize(4))
        .as(
            (names, values) -> {
              Map<String, Object> map = new LinkedHashMap<>();
              for (int i = 0; i < names.size(); i++) {
                map.put(names.get(i), values.get(i));
              }
              return map;
            });
  }

  /** A number that reads back as what it is. */
  private static Object number(BigDecimal value) {
    return value.add(new BigDecimal("0.001")).setScale(3);
  }
}
