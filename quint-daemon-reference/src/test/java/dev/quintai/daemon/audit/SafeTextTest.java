package dev.quintai.daemon.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SafeTextTest {
  @Test
  void leavesGoodTextAlone() {
    String text = "a\u00e4\u20ac\ud834\udd1e\uFFFD\n";
    assertThat(SafeText.of(text, 100)).isSameAs(text);
    assertThat(SafeText.of("", 0)).isEmpty();
    assertThat(SafeText.of(null, 0)).isNull();
  }

  @Test
  void replacesLoneSurrogatesAndNul() {
    assertThat(SafeText.of("a\ud834b\udd1e\u0000c", 100)).isEqualTo("a\uFFFDb\uFFFD\uFFFDc");
    assertThat(SafeText.of("\ud834\ud834\udd1e", 100)).isEqualTo("\uFFFD\ud834\udd1e");
  }

  @Test
  void cutsAtACharacterAndSaysSo() {
    assertThat(SafeText.of("abcdef", 6)).isEqualTo("abcdef");
    assertThat(SafeText.of("abcdef", 5)).isEqualTo("abcde[quint: truncated to 5 of 6 bytes]");
    assertThat(SafeText.of("ab\ud834\udd1e", 5)).isEqualTo("ab[quint: truncated to 5 of 6 bytes]");
    assertThat(SafeText.of("\u20ac\u20ac", 5))
        .isEqualTo("\u20ac[quint: truncated to 5 of 6 bytes]");
    assertThat(SafeText.of("a\ud834b", 2)).isEqualTo("a[quint: truncated to 2 of 5 bytes]");
  }

  @Property(tries = 500)
  void isAlwaysSafeAndWithinTheLimit(
      @ForAll("hostile") String text, @ForAll @IntRange(max = 60) int max) {
    String safe = SafeText.of(text, max);
    byte[] bytes = safe.getBytes(StandardCharsets.UTF_8);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(safe);
    assertThat(safe).doesNotContain("\u0000");
    long whole = SafeText.of(text, Integer.MAX_VALUE).getBytes(StandardCharsets.UTF_8).length;
    if (whole <= max) {
      assertThat(bytes.length).isEqualTo((int) whole);
    } else {
      String mark = SafeText.mark(max, whole);
      assertThat(safe).endsWith(mark);
      assertThat(bytes.length - mark.length()).isBetween(max - 3, max);
    }
  }

  @Provide
  Arbitrary<String> hostile() {
    return Texts.hostile();
  }
}
