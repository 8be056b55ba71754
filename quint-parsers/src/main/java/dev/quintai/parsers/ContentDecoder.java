package dev.quintai.parsers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Undoes one content encoding of HTTP (RFC 9110, section 8.4), piece by piece. Immutable and
 * thread-safe; a {@link Decoding} is neither.
 */
public interface ContentDecoder {

  /** The encodings' names, lower case, for example {@code gzip} and {@code x-gzip}. */
  Set<String> encodings();

  /**
   * Begins to decode one body.
   *
   * @param maxBytes decoded bytes at most; beyond them {@link Decoding#feed} fails
   */
  Decoding open(long maxBytes);

  /** One body that is being decoded. */
  interface Decoding extends AutoCloseable {

    /**
     * Takes the remaining bytes and hands on what they decode to, as soon as it is certain. The
     * buffers are valid during the call only.
     *
     * @throws IOException if the bytes do not follow the encoding, or expand over the limit
     */
    void feed(ByteBuffer encoded, Consumer<ByteBuffer> decoded) throws IOException;

    /**
     * The body is over.
     *
     * @throws IOException if the encoding asks for more
     */
    void end(Consumer<ByteBuffer> decoded) throws IOException;

    /** Frees what is held; safe to call at any time. */
    @Override
    void close();
  }
}
