package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.core.event.Arguments;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsReaderTest {

  private final ArgumentsReader reader = new ArgumentsReader(8);

  @Test
  void readsAnObjectInWireOrder() {
    Arguments read =
        reader.read(
            "{\"z\":1,\"a\":[true,null,\"\\u00e9\"],\"m\":{\"d\":1.50,\"big\":12345678901234567890}}");
    assertThat(new ArrayList<>(read.object().keySet())).containsExactly("z", "a", "m");
    assertThat(read.object().get("z")).isEqualTo(1L);
    assertThat(read.object().get("a")).isEqualTo(Arrays.asList(true, null, "é"));
    assertThat(read.object().get("m"))
        .isEqualTo(
            Map.of("d", new BigDecimal("1.50"), "big", new BigDecimal("12345678901234567890")));
    assertThat(read.truncated()).isFalse();
  }

  @Test
  void keepsTextThatIsNoJson() {
    for (String text : List.of("{\"a\":", "ls -l", "{} {}", "{\"a\":1}x", "01", "NaN", "{'a':1}")) {
      assertThat(reader.read(text)).isEqualTo(Arguments.ofText(text));
    }
  }

  @Test
  void readsScalarsAndNothing() {
    assertThat(reader.read(" 7 ").value()).isEqualTo(7L);
    assertThat(reader.read("\"x\"").value()).isEqualTo("x");
    assertThat(reader.read("null").value()).isNull();
    assertThat(reader.read("").value()).isEqualTo(Map.of());
    assertThat(reader.read(" \n").object()).isEmpty();
  }

  @Test
  void takesTheLastOfEqualNames() {
    assertThat(reader.read("{\"a\":1,\"a\":2}").object()).isEqualTo(Map.of("a", 2L));
  }

  @Test
  void leavesWhatIsOverALimitAsText() {
    String deep = "[".repeat(9) + "]".repeat(9);
    assertThat(reader.read(deep)).isEqualTo(new Arguments(deep, deep, true));
    String huge = "1".repeat(2000);
    assertThat(reader.read(huge)).isEqualTo(new Arguments(huge, huge, true));
    String exponent = "1e9999999999999";
    assertThat(reader.read(exponent).value()).isEqualTo(exponent);
  }
}
