package dev.quintai.signatures.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {
  private static final StrictJson READER = new StrictJson(JsonLimits.SIGNATURE);
  private static final StrictJson CANONICAL = StrictJson.ofCanonical(JsonLimits.SIGNATURE);

  /** RFC 8785, appendix B: the bits of a double and its text. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2"
  })
  void writesNumbersAsTheRfcDoes(String bits, String text) {
    double number = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
    assertThat(CanonicalJson.canonicalText(List.of(number))).isEqualTo("[" + text + "]");
  }

  @Property
  void everyNumberMeansItself(@ForAll double number) {
    if (Double.isFinite(number)) {
      String text = CanonicalJson.canonicalText(List.of(number));
      assertThat(Double.parseDouble(text.substring(1, text.length() - 1))).isEqualTo(number + 0.0);
    }
  }

  @Property
  void plainTextReadsBackAsItself(@ForAll double number) throws JsonProblem {
    if (Double.isFinite(number)) {
      List<Double> tree = List.of(number);
      assertThat(READER.read(CanonicalJson.write(tree))).isEqualTo(tree);
    }
  }

  @Test
  void sortsNamesByUtf16AndEscapesLeast() throws JsonProblem {
    Object tree =
        READER.read(
            "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,"
                + "\"\\u00f6\":[\"\\u0001\\u001f\\u007f\\\"\\\\\\/\\b\\f\\n\\r\\t\\u2028\"]}");
    assertThat(CanonicalJson.canonicalText(tree))
        .isEqualTo(
            "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":[\"\\u0001\\u001f\u007f\\\"\\\\/\\b\\f\\n\\r\\t\u2028\"],"
                + "\"\u20ac\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}");
  }

  /** What the reader can read: bounded trees of every kind of value. */
  @Provide
  Arbitrary<Object> trees() {
    Arbitrary<Object> leaves =
        Arbitraries.oneOf(
            Arbitraries.strings().all().ofMaxLength(8).filter(CanonicalJsonTest::wellFormed),
            Arbitraries.longs().between(-StrictJson.MAX_INTEGER, StrictJson.MAX_INTEGER),
            Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.of(true, false),
            Arbitraries.just(null));
    return nested(nested(nested(leaves)));
  }

  private static Arbitrary<Object> nested(Arbitrary<Object> inner) {
    Arbitrary<Object> lists = inner.list().ofMaxSize(4).map(list -> list);
    Arbitrary<Object> maps =
        Arbitraries.maps(
                Arbitraries.strings().all().ofMaxLength(4).filter(CanonicalJsonTest::wellFormed),
                inner)
            .ofMaxSize(4)
            .map(map -> map);
    return Arbitraries.oneOf(inner, lists, maps);
  }

  private static boolean wellFormed(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  @Property
  void isWhatTheLibraryWritesAndReadsBack(@ForAll("trees") Object tree)
      throws IOException, JsonProblem {
    List<Object> array = new ArrayList<>();
    array.add(tree);
    String text = CanonicalJson.canonicalText(array);
    assertThat(text)
        .isEqualTo(new JsonCanonicalizer(CanonicalJson.write(array)).getEncodedString());
    Object again = CANONICAL.read(text);
    assertThat(CanonicalJson.canonicalText(again)).isEqualTo(text);
  }

  @Test
  void leavesOneFieldOut() {
    assertThat(
            new String(
                CanonicalJson.canonicalWithout("b", Map.of("b", 1L, "c", Map.of("b", 2L))),
                StandardCharsets.UTF_8))
        .isEqualTo("{\"c\":{\"b\":2}}");
    assertThat(CanonicalJson.canonicalWithout("b", Map.of("b", 1L))).asString().isEqualTo("{}");
  }

  @Test
  void isUtf8() {
    assertThat(new String(CanonicalJson.canonical(List.of("\u8a8d")), StandardCharsets.UTF_8))
        .isEqualTo("[\"\u8a8d\"]");
  }
}
