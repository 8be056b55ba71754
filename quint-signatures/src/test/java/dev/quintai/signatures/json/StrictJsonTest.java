package dev.quintai.signatures.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  private static final StrictJson READER = new StrictJson(new JsonLimits(1000, 4, 10, 5));

  @Test
  void readsEveryKindOfValueInWireOrder() throws JsonProblem {
    Object value =
        READER.read(" {\"b\":[1,-0,2.5e1,true],\"a\":null,\"\\u00e9\":\"\\ud83d\\ude00\"} ");
    assertThat(value).isInstanceOf(Map.class);
    Map<?, ?> map = (Map<?, ?>) value;
    assertThat(List.copyOf(map.keySet()).toString()).isEqualTo("[b, a, \u00e9]");
    assertThat(map.get("b")).isEqualTo(List.of(1L, 0L, 25.0, true));
    assertThat(map.get("a")).isNull();
    assertThat(map.get("\u00e9")).isEqualTo("\ud83d\ude00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"x\":{\"a\":1,\"a\":2}}",
        "[NaN]",
        "[Infinity]",
        "[-Infinity]",
        "[1e999]",
        "[-1e999]",
        "[\"\\ud800\"]",
        "[\"\\udc00\\ud800\"]",
        "[\"\\ud800x\"]",
        "{\"\\ud800\":1}",
        "[1] 2",
        "[1]]",
        "[1,]",
        "{\"a\":1,}",
        "['a']",
        "[1] // x",
        "[01]",
        "[+1]",
        "[.5]",
        "[1.]",
        "[0x1]",
        "[\"\n\"]",
        "[\"\\x\"]",
        "{a:1}",
        "[1",
        "{\"a\"",
        "tru"
      })
  void refusesWhatIsNoIJson(String text) {
    JsonProblem problem = catchThrowableOfType(JsonProblem.class, () -> READER.read(text));
    assertThat(problem).as(text).isNotNull();
    assertThat(problem.limit()).as(problem.getMessage()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[9007199254740992]",
        "[-9007199254740992]",
        "[99999999999999999999999]",
        "[\"12345678901\"]",
        "{\"12345678901\":1}",
        "[1,2,3,4,5,6]",
        "[[[[[1]]]]]",
        "[0.12345678901]"
      })
  void refusesWhatIsBeyondALimit(String text) {
    JsonProblem problem = catchThrowableOfType(JsonProblem.class, () -> READER.read(text));
    assertThat(problem).as(text).isNotNull();
    assertThat(problem.limit()).as(problem.getMessage()).isTrue();
  }

  @Test
  void takesTheLargestIntegers() throws JsonProblem {
    StrictJson reader = new StrictJson(JsonLimits.SIGNATURE);
    assertThat(reader.read("[9007199254740991,-9007199254740991]"))
        .isEqualTo(List.of(StrictJson.MAX_INTEGER, -StrictJson.MAX_INTEGER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"1234567890\"]",
        "[1,2,3,4,5]",
        "[[[[1]]]]",
        "[1e300]",
        "[\"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\"]"
      })
  void takesWhatIsAtTheLimit(String text) throws JsonProblem {
    assertThat(READER.read(text)).isNotNull();
  }

  @Test
  void survivesHundredThousandLevels() {
    StrictJson reader = new StrictJson(JsonLimits.SIGNATURE);
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    JsonProblem problem = catchThrowableOfType(JsonProblem.class, () -> reader.read(deep));
    assertThat(problem.limit()).isTrue();
  }

  @Test
  void namesTheLine() {
    JsonProblem problem =
        catchThrowableOfType(JsonProblem.class, () -> READER.read("{\n\"a\":\n\"\\ud800\"}"));
    assertThat(problem).hasMessageContaining("line 3");
  }

  @Test
  void aMessageIsOneHarmlessLine() {
    StrictJson reader = new StrictJson(JsonLimits.SIGNATURE);
    String name = "\\u001b[2J\\n\\u202e" + "x".repeat(4000);
    JsonProblem problem =
        catchThrowableOfType(
            JsonProblem.class, () -> reader.read("{\"" + name + "\":1,\"" + name + "\":2}"));
    assertThat(problem.getMessage()).contains("stands twice").hasSizeLessThan(400);
    assertThat(problem.getMessage().chars())
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
  }
}
