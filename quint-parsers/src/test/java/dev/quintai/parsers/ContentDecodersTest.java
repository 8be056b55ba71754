package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.spi.LlmHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ContentDecodersTest {

  private static final byte[] TEXT =
      "hello, hello, hello".repeat(999).getBytes(StandardCharsets.UTF_8);
  private final ContentDecoders decoders = ContentDecoders.standard();

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] bytes, boolean bare) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream deflate = new DeflaterOutputStream(out, new Deflater(6, bare))) {
      deflate.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] all(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private byte[] decode(byte[] body, String encoding) throws IOException {
    byte[] whole = all(decoders.decode(ByteBuffer.wrap(body), encoding));
    ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    Consumer<ByteBuffer> sink = bytes -> pieces.writeBytes(all(bytes));
    try (ContentDecoder.Decoding decoding = decoders.open(encoding)) {
      for (byte b : body) {
        decoding.feed(ByteBuffer.allocateDirect(1).put(b).flip(), sink);
      }
      decoding.end(sink);
    }
    assertThat(pieces.toByteArray()).isEqualTo(whole);
    return whole;
  }

  @Test
  void decodesGzipAndDeflate() throws IOException {
    assertThat(decode(gzip(TEXT), "gzip")).isEqualTo(TEXT);
    assertThat(decode(gzip(TEXT), "X-GZip")).isEqualTo(TEXT);
    assertThat(decode(deflate(TEXT, false), "deflate")).isEqualTo(TEXT);
    assertThat(decode(deflate(TEXT, true), "deflate")).isEqualTo(TEXT);
    assertThat(decode(TEXT, "identity")).isEqualTo(TEXT);
    assertThat(decode(TEXT, null)).isEqualTo(TEXT);
    assertThat(decode(new byte[0], "gzip")).isEmpty();
  }

  @Test
  void decodesSeveralEncodingsFromTheLast() throws IOException {
    assertThat(decode(gzip(deflate(TEXT, false)), "deflate, gzip")).isEqualTo(TEXT);
  }

  @Test
  void decodesSeveralMembersAndAllHeaderFields() throws IOException {
    byte[] plain = gzip(TEXT);
    ByteArrayOutputStream full = new ByteArrayOutputStream();
    full.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3});
    full.writeBytes(new byte[] {2, 0, 'a', 'b'});
    full.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
    CRC32 crc = new CRC32();
    crc.update(full.toByteArray());
    full.write((int) crc.getValue() & 0xFF);
    full.write((int) (crc.getValue() >> 8) & 0xFF);
    full.write(plain, 10, plain.length - 10);
    full.writeBytes(plain);
    full.writeBytes(new byte[4]);
    byte[] twice = decode(full.toByteArray(), "gzip");
    assertThat(twice).hasSize(2 * TEXT.length).startsWith(TEXT).endsWith(TEXT);
  }

  @Test
  void refusesWhatIsDamagedCutOrUnknown() throws IOException {
    byte[] damaged = gzip(TEXT);
    damaged[damaged.length - 6] ^= 1;
    assertThatThrownBy(() -> decode(damaged, "gzip")).isInstanceOf(IOException.class);
    byte[] cut = Arrays.copyOf(gzip(TEXT), 40);
    assertThatThrownBy(() -> decode(cut, "gzip"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ends within");
    assertThatThrownBy(() -> decode(new byte[] {0x1F, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, "gzip"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> decode(TEXT, "br"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("br");
  }

  /** What stands before the damage is told, and does not depend on the split. */
  @Test
  void tellsWhatStandsBeforeTheDamage() throws IOException {
    byte[] text = new byte[3000];
    Random random = new Random(5);
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ('a' + random.nextInt(9));
    }
    byte[] damaged = gzip(text);
    Arrays.fill(damaged, damaged.length / 2, damaged.length, (byte) 0xFF);
    for (String encoding : List.of("gzip", "gzip, gzip")) {
      String whole = untilFailure(damaged, encoding, damaged.length);
      assertThat(whole).startsWith(new String(text, 0, 1000, StandardCharsets.ISO_8859_1));
      assertThat(untilFailure(damaged, encoding, 1)).isEqualTo(whole);
      damaged = gzip(damaged);
    }
    byte[] bomb = gzip(new byte[100_000]);
    assertThat(untilFailure(bomb, "gzip", bomb.length)).hasSize(50_000);
    assertThat(untilFailure(bomb, "gzip", 1)).hasSize(50_000);
  }

  private String untilFailure(byte[] body, String encoding, int chunk) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ContentDecoder.Decoding decoding = decoders.withMaxBytes(50_000).open(encoding)) {
      assertThatThrownBy(
              () -> {
                for (int at = 0; at < body.length; at += chunk) {
                  int count = Math.min(chunk, body.length - at);
                  decoding.feed(
                      ByteBuffer.wrap(body, at, count), bytes -> out.writeBytes(all(bytes)));
                }
                decoding.end(bytes -> {});
              })
          .isInstanceOf(IOException.class);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void stopsABombAtTheLimit() throws IOException {
    byte[] bomb = gzip(new byte[10_000_000]);
    assertThatThrownBy(() -> decoders.withMaxBytes(1 << 20).decode(ByteBuffer.wrap(bomb), "gzip"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1048576");
  }

  @Test
  void readsCompressedExchanges() throws IOException {
    byte[] request = gzip("{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_8));
    byte[] response =
        deflate(
            "{\"model\":\"n\",\"content\":[],\"type\":\"message\"}"
                .getBytes(StandardCharsets.UTF_8),
            false);
    LlmHead head =
        LlmHead.of("POST", "https://api.anthropic.com/v1/messages", null).withResponse(200, null);
    Conversation read =
        Conversations.standard()
            .withChunk(1)
            .parse(
                new LlmExchange(
                    head, ByteBuffer.wrap(request), "gzip", ByteBuffer.wrap(response), "deflate"));
    assertThat(read.requestModel()).isEqualTo("m");
    assertThat(read.responseModel()).isEqualTo("n");
  }

  /** A decoder that counts what is open. */
  private static final class Counted implements ContentDecoder {
    int open;

    @Override
    public java.util.Set<String> encodings() {
      return java.util.Set.of("counted");
    }

    @Override
    public Decoding open(long maxBytes) {
      open++;
      return new Decoding() {
        @Override
        public void feed(ByteBuffer encoded, Consumer<ByteBuffer> decoded) {
          decoded.accept(encoded);
        }

        @Override
        public void end(Consumer<ByteBuffer> decoded) {}

        @Override
        public void close() {
          open--;
        }
      };
    }
  }

  @Test
  void refusesMoreEncodingsThanAnybodyApplies() throws IOException {
    Counted counted = new Counted();
    ContentDecoders few = decoders.with(counted);
    try (ContentDecoder.Decoding decoding =
        few.open("counted, identity, counted,,counted, counted")) {
      assertThat(counted.open).isEqualTo(4);
      assertThat(decoding).isNotNull();
    }
    assertThat(counted.open).isZero();
    assertThatThrownBy(() -> few.open("counted,".repeat(5)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("5 content encodings")
        .hasMessageContaining("at most 4");
    assertThat(counted.open).isZero();
  }

  @Test
  void opensNothingWhereOneEncodingIsUnknown() {
    Counted counted = new Counted();
    assertThatThrownBy(() -> decoders.with(counted).open("rot13, counted"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rot13");
    assertThat(counted.open).isZero();
  }
}
