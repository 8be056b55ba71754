package dev.quintai.parsers.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StringEndTest {

  /** What stands for most of what there is, with what comes close to a quote. */
  private static final byte[] BYTES = "\\\"#]a!\\\"".getBytes(StandardCharsets.UTF_8);

  /** The definition: a backslash takes away what is behind it, and the first quote left ends. */
  private static int slow(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && bytes[at] != '"') {
      at += bytes[at] == '\\' ? 2 : 1;
    }
    return Math.min(at, bytes.length);
  }

  @Test
  void findsTheSameAsTheDefinitionInAnyPieces() {
    Random random = new Random(17);
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = new byte[random.nextInt(120)];
      int rare = 1 + random.nextInt(40);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = random.nextInt(rare) == 0 ? BYTES[random.nextInt(BYTES.length)] : (byte) 'x';
      }
      StringEnd end = new StringEnd();
      int pieces = 1 + random.nextInt(4);
      int from = 0;
      int found = 0;
      for (int piece = 0; piece < pieces && found == from; piece++) {
        int to =
            piece == pieces - 1 ? bytes.length : from + random.nextInt(bytes.length - from + 1);
        found = end.find(bytes, from, to);
        if (found == to && to < bytes.length) {
          from = to;
        }
      }

      assertThat(found)
          .as("of %s", new String(bytes, StandardCharsets.UTF_8))
          .isEqualTo(slow(bytes));
    }
  }

  @Test
  void forgetsAnEscapeOfTheStringBefore() {
    StringEnd end = new StringEnd();
    byte[] escape = {'\\'};
    byte[] quote = {'"'};

    assertThat(end.find(escape, 0, 1)).isEqualTo(1);
    end.reset();

    assertThat(end.find(quote, 0, 1)).isZero();
  }
}
