package dev.quintai.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class TextHashTest {
  @Property
  void eachCharacterCounts(@ForAll @StringLength(min = 1, max = 40) String text, @ForAll int at) {
    char[] other = text.toCharArray();
    int changed = Math.floorMod(at, other.length);
    other[changed] = (char) (other[changed] ^ 1);
    assertThat(TextHash.of(0, new String(other))).isNotEqualTo(TextHash.of(0, text));
    assertThat(TextHash.of(0, text + "\0")).isNotEqualTo(TextHash.of(0, text));
    assertThat(TextHash.of(1, text)).isNotEqualTo(TextHash.of(0, text));
    assertThat(TextHash.of(0, String.valueOf(text.toCharArray())))
        .isEqualTo(TextHash.of(0, text))
        .isNotZero();
  }

  /** Of a million paths that are much alike none share a hash, nor do their low bits crowd. */
  @Test
  void similarTextsAreApart() {
    Set<Long> seen = new HashSet<>();
    int[] slots = new int[1 << 10];
    int texts = 1 << 20;
    for (int i = 0; i < texts; i++) {
      long hash = TextHash.of(0, "/home/u" + i % 64 + "/src/file" + i / 64 + ".ts");
      assertThat(seen.add(hash)).isTrue();
      slots[(int) hash & (slots.length - 1)]++;
    }
    double mean = (double) texts / slots.length;
    for (int count : slots) {
      assertThat((double) count).isBetween(mean - 6 * Math.sqrt(mean), mean + 6 * Math.sqrt(mean));
    }
  }
}
