package dev.quintai.daemon.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
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
import org.junit.jupiter.params.provider.ValueSource;

class JcsTest {
  private static String canonical(Map<String, ?> object) {
    return new String(Jcs.canonical(object), StandardCharsets.UTF_8);
  }

  private static String of(Object value) {
    String object = canonical(Collections.singletonMap("a", value));
    return object.substring("{\"a\":".length(), object.length() - 1);
  }

  /** RFC 8785, appendix B. */
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
    "43143ff3c1cb0959, 1424953923781206.2",
  })
  void writesNumbersInEcmaScriptForm(String bits, String expected) {
    assertThat(of(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void refusesNumbersThatAreNotFinite(double number) {
    assertThatThrownBy(() -> of(number)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesIntegersThatShareAFormWithTheirNeighbours() {
    assertThat(of(9007199254740991L)).isEqualTo("9007199254740991");
    assertThat(of(-9007199254740991L)).isEqualTo("-9007199254740991");
    assertThatThrownBy(() -> of(9007199254740992L)).hasMessageContaining("2^53-1");
    assertThatThrownBy(() -> of(Long.MIN_VALUE)).hasMessageContaining("2^53-1");
  }

  /** RFC 8785, section 3.2.2.2: the string of the example. */
  @Test
  void escapesOnlyWhatMustBeEscaped() {
    assertThat(of("\u20ac$\u000F\nA'B\"\\\\\"/"))
        .isEqualTo("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
    assertThat(of("\b\t\n\f\r\u0000\u001f\u007f\u2028"))
        .isEqualTo("\"\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028\"");
  }

  /** RFC 8785, section 3.2.3: by UTF-16 code units, so an emoji sorts before U+FB33. */
  @Test
  void sortsNamesByCodeUnit() {
    Map<String, Long> object = new HashMap<>();
    for (String name :
        new String[] {"\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"}) {
      object.put(name, 1L);
    }
    assertThat(canonical(object))
        .isEqualTo(
            "{\"\\r\":1,\"1\":1,\"\u0080\":1,\"\u00f6\":1,\"\u20ac\":1,\"\ud83d\ude00\":1,\"\ufb33\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00", "\ud800\ud800\udc00", "\udc00\ud800"})
  void refusesLoneSurrogates(String text) {
    assertThatThrownBy(() -> of(text)).hasMessageContaining("surrogate");
  }

  @Test
  void writesTheEmptyObjectAndNull() {
    assertThat(canonical(Map.of())).isEqualTo("{}");
    assertThat(of(null)).isEqualTo("null");
    assertThatThrownBy(() -> of(true)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 300)
  void agreesWithTheLibraryOnItsOwnOutput(@ForAll("objects") Map<String, Object> object)
      throws IOException {
    byte[] canonical = Jcs.canonical(object);
    assertThat(new JsonCanonicalizer(canonical).getEncodedUTF8()).isEqualTo(canonical);
  }

  @Provide
  Arbitrary<Map<String, Object>> objects() {
    Arbitrary<Object> values =
        Arbitraries.oneOf(
            Texts.valid().asGeneric(),
            Arbitraries.longs().between(-Jcs.MAX_INTEGER, Jcs.MAX_INTEGER).asGeneric(),
            Arbitraries.doubles().asGeneric());
    return Arbitraries.maps(Texts.valid(), values).ofMaxSize(6);
  }
}
