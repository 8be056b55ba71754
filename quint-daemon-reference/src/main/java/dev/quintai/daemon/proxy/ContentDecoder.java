package dev.quintai.daemon.proxy;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Undoes content codings (RFC 9110, section 8.4; RFC 7932, RFC 8878) of a body that comes piece by
 * piece. What one piece decodes to is handed on in bounded parts, and decoding stops when the
 * receiver has enough, so a small input cannot make a large buffer. Not thread-safe.
 */
abstract class ContentDecoder implements AutoCloseable {
  /** Receives decoded bytes, valid during the call. */
  interface Sink {
    /** Returns false when no more is wanted. */
    boolean accept(byte[] bytes, int offset, int length);
  }

  /** Coded bytes that are not what their coding says. */
  static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenException(String message) {
      super(message, null, false, false);
    }
  }

  static final int PART = 16 * 1024;

  /** Codings stacked deeper than this are no sensible message. */
  private static final int MAX_CODINGS = 3;

  /** Decodes a piece; returns false when the sink wants no more. */
  abstract boolean decode(byte[] in, int offset, int length, Sink sink) throws BrokenException;

  @Override
  public void close() {}

  /**
   * Returns a decoder for the value of a content-encoding header, or null when one of its codings
   * is unknown or not available on this machine.
   */
  static ContentDecoder of(String contentEncoding) {
    List<ContentDecoder> chain = new ArrayList<>();
    if (contentEncoding != null) {
      for (String element : contentEncoding.split(",")) {
        String coding = element.strip().toLowerCase(Locale.ROOT);
        if (coding.isEmpty() || coding.equals("identity")) {
          continue;
        }
        ContentDecoder decoder = chain.size() == MAX_CODINGS ? null : one(coding);
        if (decoder == null) {
          chain.forEach(ContentDecoder::close);
          return null;
        }
        chain.add(0, decoder);
      }
    }
    if (chain.isEmpty()) {
      return new Identity();
    }
    ContentDecoder all = chain.get(0);
    for (int i = 1; i < chain.size(); i++) {
      all = new Chain(all, chain.get(i));
    }
    return all;
  }

  /** Whether a coding can be undone on this machine; {@code identity} and {@code *} are not one. */
  static boolean supports(String coding) {
    return switch (coding) {
      case "gzip", "x-gzip", "deflate" -> true;
      case "br" -> Natives.BROTLI;
      case "zstd" -> Natives.ZSTD;
      default -> false;
    };
  }

  private static ContentDecoder one(String coding) {
    if (!supports(coding)) {
      return null;
    }
    return switch (coding) {
      case "gzip", "x-gzip" -> new InflateDecoder(InflateDecoder.Wrapper.GZIP);
      case "deflate" -> new InflateDecoder(InflateDecoder.Wrapper.ZLIB_OR_RAW);
      case "br" -> new BrotliDecoder();
      default -> new ZstdDecoder();
    };
  }

  /** Loads the native codecs on first need only: most sessions never see them. */
  private static final class Natives {
    static final boolean BROTLI = brotli();
    static final boolean ZSTD = zstd();

    private static boolean brotli() {
      try {
        return Brotli4jLoader.isAvailable();
      } catch (LinkageError | RuntimeException e) {
        return false;
      }
    }

    private static boolean zstd() {
      try {
        new ZstdDecompressCtx().close();
        return true;
      } catch (LinkageError | RuntimeException e) {
        return false;
      }
    }
  }

  private static final class Identity extends ContentDecoder {
    @Override
    boolean decode(byte[] in, int offset, int length, Sink sink) {
      return sink.accept(in, offset, length);
    }
  }

  private static final class Chain extends ContentDecoder {
    private final ContentDecoder outer;
    private final ContentDecoder inner;
    private BrokenException broken;

    Chain(ContentDecoder outer, ContentDecoder inner) {
      this.outer = outer;
      this.inner = inner;
    }

    @Override
    boolean decode(byte[] in, int offset, int length, Sink sink) throws BrokenException {
      boolean more =
          outer.decode(
              in,
              offset,
              length,
              (bytes, from, count) -> {
                try {
                  return inner.decode(bytes, from, count, sink);
                } catch (BrokenException e) {
                  broken = e;
                  return false;
                }
              });
      if (broken != null) {
        throw broken;
      }
      return more;
    }

    @Override
    public void close() {
      outer.close();
      inner.close();
    }
  }
}
