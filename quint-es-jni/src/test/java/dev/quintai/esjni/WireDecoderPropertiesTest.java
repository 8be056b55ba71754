package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever arrives, the decoder gives events or says that it cannot; it throws nothing else. */
class WireDecoderPropertiesTest {

  private static void decode(byte[] bytes, int chunk) {
    try {
      WireFrames.decode(bytes, chunk);
    } catch (WireFormatException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  private static WireFrames valid(Random random) {
    WireFrames frames = new WireFrames().hello(random.nextInt(), 1, 2);
    for (int i = random.nextInt(20); i > 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> frames.fork(i, 1, 2, random.nextInt(), random.nextLong());
        case 1 ->
            frames.exec(i, 1, 2, 0, random.nextInt(), text(random), text(random), text(random));
        case 2 -> frames.exit(i, 1, 2, random.nextInt());
        case 3 -> frames.file(i, 1, 2, 1, 1, text(random), text(random), text(random));
        case 4 -> frames.connect(i, 1, 2, random.nextBoolean() ? 4 : 6, 1, random.nextInt());
        default -> frames.loss(i, 1 + random.nextInt(9));
      }
    }
    return frames.end(99, random.nextInt(), 0);
  }

  private static String text(Random random) {
    return "x".repeat(random.nextInt(random.nextInt(20) == 0 ? 5000 : 40));
  }

  @Property(tries = 500)
  void anyBytes(
      @ForAll @Size(max = 4096) byte[] bytes, @ForAll @IntRange(min = 1, max = 99) int n) {
    decode(bytes, n);
  }

  @Property(tries = 500)
  void framesWithDamage(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int damages,
      @ForAll @IntRange(min = 1, max = 99_999) int chunk) {
    Random random = new Random(seed);
    byte[] bytes = valid(random).bytes();
    for (int i = 0; i < damages; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    decode(bytes, chunk);
  }

  @Property(tries = 300)
  void wholeFramesInAnyChunks(@ForAll long seed, @ForAll @IntRange(min = 1, max = 99_999) int chunk)
      throws WireFormatException {
    byte[] bytes = valid(new Random(seed)).bytes();
    WireFrames.Decoded decoded = WireFrames.decode(bytes, chunk);
    assertThat(decoded.end()).isNotNull();
    assertThat(decoded).isEqualTo(WireFrames.decode(bytes, Integer.MAX_VALUE));
  }
}
