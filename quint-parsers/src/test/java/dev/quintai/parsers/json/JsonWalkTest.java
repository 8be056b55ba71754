package dev.quintai.parsers.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.parsers.support.JsonDocuments;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walk against Jackson: the same for the sinks, whoever reads. */
class JsonWalkTest {

  private static boolean walked(String json) {
    boolean all = true;
    for (int seed = 0; seed < 40; seed++) {
      all &=
          WalkAndJackson.compare(
              json.getBytes(StandardCharsets.UTF_8), new Random(seed), seed < 20 ? 1 << 16 : 9);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " [ ] ",
        "{\"a\":1}",
        "{ \"a\" : -12 , \"b\" : [ 1 , 2 ] }\n",
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}",
        "[0.5,-0.25e-3,1E5,12.5e+10,0,-0,-0.0,123456789012345678,0e0]",
        "[true,false,null,true ,false\t,null\n]",
        "[\"\",\"\\\"\",\"\\\\\",\"\\\\\\\"\",\"a\\\\\\\\\",\"x\\\\\\\\\\\\\\\"y\"]",
        "[\"é€😀\",\"\\u00e9\\n\\t\\/\",\"12345678\\\\\\\\12345678\",\"1234567\\\\\"]",
        "{\"a name that is longer than eight bytes\":{\"eightbyt\":{\"ninebytes\":{}}}}",
        "[[[[]]],{\"x\":[{}]}]",
        "{\"a\":\"01234567890123456789012345678901234567890123456789\"}",
      })
  void readsAloneWhatIsPlain(String json) {
    assertThat(walked(json)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "\"x\"",
        "null",
        "{\"\\u0061\":1,\"b\":{\"c\":[1,{\"d\":\"e\"}]}}",
        "{\"é\":1,\"b\":2.5}",
        "[1,{\"x\":[true,{\"é\":null}],\"y\":\"z\"},2]",
        "[12345678901234567890,\"x\"]",
        "[1234567890123456789,\"x\"]",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":-}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":+1}",
        "{\"a\":1x}",
        "{\"a\":1\"b\":2}",
        "[1{]",
        "[1,]",
        "[,1]",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\"}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{\"a\": }",
        "[1, ]",
        "{\"a\"::1}",
        "{a:1}",
        "{\"a\":tru}",
        "{\"a\":truex}",
        "{\"a\":NaN}",
        "[true5]",
        "[true\"x\"]",
        "[nulll]",
        "[1}",
        "{]",
        "}",
        "{} x",
        "{}{}",
        "{}]",
        "[]1",
        "{\"a\u0001b\":1}",
        "{\"a\":\"x\"\"y\"}",
        "[\"a\":1]",
        "/* x */ {}",
        "{\"a\":/**/1}",
        "[1 2]",
        "\uFEFF{\"a\":1}",
        "{\"a\":\u00a01}",
        "{\"a\":\f1}",
      })
  void leavesTheRestToJackson(String json) {
    assertThat(walked(json)).isFalse();
  }

  @Test
  void leavesLongTokensToJackson() {
    assertThat(walked("{\"" + "n".repeat(300) + "\":[1]}")).isFalse();
    assertThat(walked("{\"" + "n".repeat(255) + "\":[1]}")).isTrue();
    assertThat(walked("[" + "1".repeat(100) + "]")).isFalse();
    assertThat(walked("[0." + "1".repeat(100) + ",5]")).isFalse();
    assertThat(walked("[0." + "1".repeat(1200) + "]")).isFalse();
    assertThat(walked("[0." + "1".repeat(60) + "]")).isTrue();
  }

  @Test
  void handsOverAtEveryDepth() {
    for (int depth = 1; depth < 40; depth++) {
      String open = "{\"a\":[0,".repeat(depth / 2) + "[".repeat(depth % 2);
      String close = "]".repeat(depth % 2) + ",1],\"z\":true}".repeat(depth / 2);
      assertThat(walked(open + "{\"é\":[\"x\"]}" + close)).isFalse();
    }
    assertThat(walked("[".repeat(39) + "]".repeat(39))).isTrue();
    assertThat(walked("[".repeat(41) + "]".repeat(41))).isTrue(); // the limit is ours
  }

  /** All texts of three characters behind a bracket, of those that mean something in JSON. */
  @Test
  void readsEveryShortText() {
    byte[] likely = "{}[],:\"\\ \n01.-+eEtf\u0001é".getBytes(StandardCharsets.ISO_8859_1);
    for (int number = 0; number < likely.length * likely.length * likely.length; number++) {
      byte[] text = {
        '[',
        likely[number % likely.length],
        likely[number / likely.length % likely.length],
        likely[number / likely.length / likely.length]
      };
      WalkAndJackson.compare(text, new Random(number), 1 << 16);
    }
  }

  @Property(tries = 1500)
  void readsDocuments(@ForAll("documents") String json, @ForAll Random random) {
    WalkAndJackson.compare(json.getBytes(StandardCharsets.UTF_8), random, limit(random));
  }

  @Property(tries = 3000)
  void readsDamagedDocuments(@ForAll("documents") String json, @ForAll Random random) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    byte[] likely = "{}[],:\"\\ \n0123456789.-+eEtfnul\u0001".getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        default -> bytes[at] = likely[random.nextInt(likely.length)];
      }
    }
    WalkAndJackson.compare(bytes, random, limit(random));
  }

  private static int limit(Random random) {
    return random.nextBoolean() ? 1 << 16 : 1 + random.nextInt(12);
  }

  @Provide
  Arbitrary<String> documents() {
    return JsonDocuments.any();
  }
}
