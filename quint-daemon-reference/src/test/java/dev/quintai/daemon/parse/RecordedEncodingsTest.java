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
}
