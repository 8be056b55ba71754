package dev.quintai.daemon.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecordedEncodingsTest {

  private static final byte[] TEXT = "hello, hello, ".repeat(500).getBytes(StandardCharsets.UTF_8);

  private static byte[] decode(byte[] body, String encoding, long limit) throws IOException {
    ByteBuffer decoded =
        RecordedEncodings.all().withMaxBytes(limit).decode(ByteBuffer.wrap(body), encoding);
    byte[] bytes = new byte[decoded.remaining()];
    decoded.get(bytes);
    return bytes;
  }

  @Test
  void decodesZstdAndBrotli() throws IOException {
    Brotli4jLoader.ensureAvailability();
    assertThat(decode(Zstd.compress(TEXT), "zstd", 1 << 20)).isEqualTo(TEXT);
    assertThat(decode(Encoder.compress(TEXT), "br", 1 << 20)).isEqualTo(TEXT);
  }

  @Test
  void refusesWhatIsDamagedOrTooLarge() {
    byte[] zstd = Zstd.compress(TEXT);
    assertThatThrownBy(() -> decode(zstd, "zstd", 100)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> decode(Arrays.copyOf(zstd, zstd.length / 2), "zstd", 1 << 20))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> decode(new byte[] {1, 2, 3, 4, 5}, "br", 1 << 20))
        .isInstanceOf(IOException.class);
  }

  /** What stands before the damage is no body, in all codings alike. */
  @Test
  void refusesABodyThatIsCut() {
    byte[] brotli = encoded();
    assertThatThrownBy(() -> decode(Arrays.copyOf(brotli, brotli.length / 2), "br", 1 << 20))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> decode(Arrays.copyOf(brotli, brotli.length - 1), "br", 1 << 20))
        .isInstanceOf(IOException.class);
    byte[] zstd = Zstd.compress(TEXT);
    assertThatThrownBy(() -> decode(Arrays.copyOf(zstd, zstd.length - 1), "zstd", 1 << 20))
        .isInstanceOf(IOException.class);
  }

  @Test
  void decodesSeveralFramesAndStopsAtTheLimit() throws IOException {
    byte[] frame = Zstd.compress(TEXT);
    byte[] two = Arrays.copyOf(frame, 2 * frame.length);
    System.arraycopy(frame, 0, two, frame.length, frame.length);
    assertThat(decode(two, "zstd", 1 << 20)).hasSize(2 * TEXT.length);
    byte[] brotli = encoded();
    assertThatThrownBy(() -> decode(brotli, "br", TEXT.length - 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than");
    assertThat(decode(brotli, "br", TEXT.length)).isEqualTo(TEXT);
    assertThat(decode(new byte[0], "br", 1)).isEmpty();
  }

  private static byte[] encoded() {
    Brotli4jLoader.ensureAvailability();
    try {
      return Encoder.compress(TEXT);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
