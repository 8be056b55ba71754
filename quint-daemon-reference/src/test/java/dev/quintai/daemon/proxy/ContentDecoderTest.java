package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Content codings undone at any cut, within bounds. */
class ContentDecoderTest {
  private static byte[] text() {
    StringBuilder text = new StringBuilder();
    Random random = new Random(5);
    for (int i = 0; i < 3000; i++) {
      text.append("data: {\"n\":")
          .append(i)
          .append(",\"r\":")
          .append(random.nextInt())
          .append("}\n\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] encode(String coding, byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (coding) {
      case "gzip", "x-gzip" -> {
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
          gzip.write(plain);
        }
      }
      case "deflate" -> {
        try (DeflaterOutputStream zlib = new DeflaterOutputStream(out)) {
          zlib.write(plain);
        }
      }
      case "raw-deflate" -> {
        Deflater bare = new Deflater(6, true);
        try (DeflaterOutputStream zlib = new DeflaterOutputStream(out, bare)) {
          zlib.write(plain);
        }
        bare.end();
      }
      case "br" -> {
        assertThat(ContentDecoder.supports("br")).isTrue();
        out.writeBytes(Encoder.compress(plain));
      }
      case "zstd" -> out.writeBytes(Zstd.compress(plain));
      case "deflate, br" -> out.writeBytes(encode("br", encode("deflate", plain)));
      default -> out.writeBytes(plain);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "x-gzip",
        "deflate",
        "raw-deflate",
        "br",
        "zstd",
        "deflate, br",
        "identity"
      })
  void decodesAtAnyCut(String coding) throws Exception {
    byte[] plain = text();
    byte[] coded = encode(coding, plain);
    for (int size : new int[] {1, 3, 1000, Integer.MAX_VALUE}) {
      ByteArrayOutputStream decoded = new ByteArrayOutputStream();
      ContentDecoder decoder = ContentDecoder.of(coding.replace("raw-", ""));
      for (int at = 0; at < coded.length; ) {
        int count = Math.min(size, coded.length - at);
        decoder.decode(
            coded,
            at,
            count,
            (bytes, offset, length) -> {
              decoded.write(bytes, offset, length);
              return true;
            });
        at += count;
      }
      decoder.close();
      assertThat(decoded.toByteArray()).as("cut at " + size).isEqualTo(plain);
    }
  }

  @Test
  void readsEveryFieldOfAGzipHeaderAndSeveralMembers() throws Exception {
    byte[] member = encode("gzip", "one".getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream odd = new ByteArrayOutputStream();
    odd.write(member, 0, 3);
    odd.write(2 | 4 | 8 | 16); // header check, extra field, name, comment
    odd.write(member, 4, 6);
    odd.writeBytes(new byte[] {3, 0, 'a', 'b', 'c'});
    odd.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
    odd.writeBytes(new byte[] {1, 2});
    odd.write(member, 10, member.length - 10);
    odd.writeBytes(member);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    ContentDecoder decoder = ContentDecoder.of("gzip");
    for (byte b : odd.toByteArray()) {
      decoder.decode(
          new byte[] {b},
          0,
          1,
          (bytes, offset, length) -> {
            decoded.write(bytes, offset, length);
            return true;
          });
    }
    assertThat(decoded.toString(StandardCharsets.US_ASCII)).isEqualTo("oneone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
  void aBombIsStoppedAtTheLimit(String coding) throws Exception {
    byte[] bomb = encode(coding, new byte[64 << 20]);
    AtomicLong seen = new AtomicLong();
    BodyTap tap =
        new BodyTap(
            coding,
            1 << 20,
            (bytes, offset, length) -> {
              assertThat(length).isLessThanOrEqualTo(ContentDecoder.PART);
              seen.addAndGet(length);
              return true;
            });
    tap.feed(Unpooled.wrappedBuffer(bomb), 0, bomb.length);
    BodyEnd end = tap.end(BodyEnd.Outcome.COMPLETE);
    assertThat(seen.get()).isEqualTo(1 << 20);
    assertThat(end.truncated()).isTrue();
    assertThat(end.undecodable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
  void brokenBytesAreReportedAndCounted(String coding) throws Exception {
    byte[] coded = encode(coding, text());
    for (int i = coded.length / 2; i < coded.length; i++) {
      coded[i] ^= 0x5a;
    }
    coded[0] ^= (byte) 0xff;
    BodyTap tap = new BodyTap(coding, 1 << 30, (bytes, offset, length) -> true);
    tap.feed(Unpooled.wrappedBuffer(coded), 0, coded.length);
    BodyEnd end = tap.end(BodyEnd.Outcome.COMPLETE);
    assertThat(end.undecodable()).isTrue();
    assertThat(end.lostBytes()).isPositive();
  }

  @Test
  void unknownCodingsAreNotGuessed() {
    assertThat(ContentDecoder.of("dcb")).isNull();
    assertThat(ContentDecoder.of("gzip, gzip, gzip, gzip")).isNull();
    assertThat(Http1Messages.readableEncodings("gzip, dcb, br;q=0.5, dcz"))
        .isEqualTo("gzip, br;q=0.5");
    assertThat(Http1Messages.readableEncodings("*")).isEqualTo("identity");
    assertThat(Http1Messages.readableEncodings("gzip, deflate, br, zstd")).isNull();
    assertThat(Http1Messages.readableEncodings(null)).isNull();
    assertThatThrownBy(
            () ->
                ContentDecoder.of("gzip")
                    .decode(new byte[] {1, 2, 3}, 0, 3, (bytes, offset, length) -> true))
        .isInstanceOf(ContentDecoder.BrokenException.class);
  }

  /** A frame of one byte, whose header asks for a window of a power of two. */
  private static byte[] zstdWithWindow(int log) {
    byte window = (byte) ((log - 10) << 3);
    return new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, window, 1 | 1 << 3, 0, 0, 'x'};
  }

  @Test
  void refusesZstdWindowsThatNoClientTakes() throws Exception {
    for (int log : new int[] {23, 27}) {
      ByteArrayOutputStream decoded = new ByteArrayOutputStream();
      byte[] coded = zstdWithWindow(log);
      try (ContentDecoder decoder = ContentDecoder.of("zstd")) {
        decoder.decode(
            coded,
            0,
            coded.length,
            (bytes, offset, length) -> {
              decoded.write(bytes, offset, length);
              return true;
            });
      }
      assertThat(decoded.toString(StandardCharsets.US_ASCII)).isEqualTo("x");
    }
    byte[] large = zstdWithWindow(28);
    try (ContentDecoder decoder = ContentDecoder.of("zstd")) {
      assertThatThrownBy(
              () -> decoder.decode(large, 0, large.length, (bytes, offset, length) -> true))
          .isInstanceOf(ContentDecoder.BrokenException.class);
    }
  }
}
