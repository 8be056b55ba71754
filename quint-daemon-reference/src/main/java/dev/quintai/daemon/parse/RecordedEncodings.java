package dev.quintai.daemon.parse;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import dev.quintai.parsers.ContentDecoder;
import dev.quintai.parsers.ContentDecoders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The content encodings of recorded bodies: those of the parsers, and {@code br} (RFC 7932) and
 * {@code zstd} (RFC 8878). A recorded body lies in memory whole, so it is decoded at its end.
 */
final class RecordedEncodings {

  private RecordedEncodings() {}

  static ContentDecoders all() {
    return ContentDecoders.standard()
        .with(new Whole("br", RecordedEncodings::brotli))
        .with(new Whole("zstd", ZstdInputStream::new));
  }

  private static InputStream brotli(InputStream in) throws IOException {
    try {
      Brotli4jLoader.ensureAvailability();
    } catch (UnsatisfiedLinkError e) {
      throw new IOException("br cannot be decoded on this machine", e);
    }
    return new BrotliInputStream(in);
  }

  /** Opens a stream that decodes. */
  private interface Opener {
    InputStream open(InputStream encoded) throws IOException;
  }

  private static final class Whole implements ContentDecoder {
    private final String name;
    private final Opener opener;

    Whole(String name, Opener opener) {
      this.name = name;
      this.opener = opener;
    }

    @Override
    public Set<String> encodings() {
      return Set.of(name);
    }

    @Override
    public Decoding open(long maxBytes) {
      ByteArrayOutputStream encoded = new ByteArrayOutputStream();
      return new Decoding() {
        @Override
        public void feed(ByteBuffer bytes, Consumer<ByteBuffer> decoded) {
          byte[] copy = new byte[bytes.remaining()];
          bytes.get(copy);
          encoded.writeBytes(copy);
        }

        @Override
        public void end(Consumer<ByteBuffer> decoded) throws IOException {
          decode(encoded.toByteArray(), maxBytes, decoded);
        }

        @Override
        public void close() {}
      };
    }

    private void decode(byte[] encoded, long maxBytes, Consumer<ByteBuffer> decoded)
        throws IOException {
      if (encoded.length == 0) {
        return;
      }
      byte[] part = new byte[1 << 14];
      long total = 0;
      try (InputStream in = opener.open(new ByteArrayInputStream(encoded))) {
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
          total += count;
          if (total > maxBytes) {
            throw new IOException("body expands to more than " + maxBytes + " bytes");
          }
          decoded.accept(ByteBuffer.wrap(part, 0, count));
        }
      }
    }
  }
}
