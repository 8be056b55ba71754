package dev.quintai.parsers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The content decoders that a reader of bodies has. Immutable and thread-safe.
 *
 * <p>A body may expand to {@link #maxBytes} at most: far beyond what a model writes, far below what
 * a compressed bomb holds.
 */
public final class ContentDecoders {

  /** Decoded bytes of one body, unless set otherwise: 256 MiB. */
  public static final long DEFAULT_MAX_BYTES = 256L << 20;

  /** Encodings that one body may have on top of one another: more than any server applies. */
  public static final int MAX_ENCODINGS = 4;

  private final Map<String, ContentDecoder> byName;
  private final long maxBytes;

  private ContentDecoders(Map<String, ContentDecoder> byName, long maxBytes) {
    this.byName = Map.copyOf(byName);
    this.maxBytes = maxBytes;
  }

  /** Gzip and deflate by the JDK, with the default limit. */
  public static ContentDecoders standard() {
    return new ContentDecoders(Map.of(), DEFAULT_MAX_BYTES).with(new ZlibDecoder());
  }

  /** The same with one more decoder, which replaces others of its names. */
  public ContentDecoders with(ContentDecoder decoder) {
    Map<String, ContentDecoder> more = new HashMap<>(byName);
    decoder.encodings().forEach(name -> more.put(name, decoder));
    return new ContentDecoders(more, maxBytes);
  }

  /** The same with another limit of decoded bytes a body. */
  public ContentDecoders withMaxBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("the limit must be positive, is " + bytes);
    }
    return new ContentDecoders(byName, bytes);
  }

  /** Decoded bytes of one body at most. */
  public long maxBytes() {
    return maxBytes;
  }

  /**
   * Begins to decode one body.
   *
   * @param contentEncoding the header's value: names in the order in which they were applied,
   *     separated by commas; null, empty and {@code identity} decode to the bytes themselves
   * @throws IOException if an encoding is unknown, or there are more than {@link #MAX_ENCODINGS}
   */
  public ContentDecoder.Decoding open(String contentEncoding) throws IOException {
    List<ContentDecoder> found = new ArrayList<>();
    if (contentEncoding != null) {
      String[] names = contentEncoding.toLowerCase(Locale.ROOT).split(",", -1);
      for (int i = names.length - 1; i >= 0; i--) {
        String name = names[i].strip();
        if (name.isEmpty() || name.equals("identity")) {
          continue;
        }
        ContentDecoder decoder = byName.get(name);
        if (decoder == null) {
          throw new IOException("content encoding " + name + " has no decoder");
        }
        found.add(decoder);
      }
    }
    if (found.size() > MAX_ENCODINGS) {
      throw new IOException(
          found.size()
              + " content encodings of one body; at most "
              + MAX_ENCODINGS
              + " are undone");
    }
    // Only now: what is open holds memory, some of it outside the heap.
    List<ContentDecoder.Decoding> stages = new ArrayList<>();
    found.forEach(decoder -> stages.add(decoder.open(maxBytes)));
    return new Chain(stages);
  }

  /**
   * Decodes a whole body.
   *
   * @return the decoded bytes; the body itself where it is not encoded
   * @throws IOException if the encoding is unknown, the bytes do not follow it, or expand over the
   *     limit
   */
  public ByteBuffer decode(ByteBuffer body, String contentEncoding) throws IOException {
    if (contentEncoding == null || contentEncoding.isBlank()) {
      return body.duplicate();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Consumer<ByteBuffer> sink =
        bytes -> {
          byte[] copy = new byte[bytes.remaining()];
          bytes.get(copy);
          out.writeBytes(copy);
        };
    try (ContentDecoder.Decoding decoding = open(contentEncoding)) {
      decoding.feed(body.duplicate(), sink);
      decoding.end(sink);
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  /** Decodings one behind the other. */
  private static final class Chain implements ContentDecoder.Decoding {
    private final List<ContentDecoder.Decoding> stages;

    Chain(List<ContentDecoder.Decoding> stages) {
      this.stages = stages;
    }

    /** Carries a stage's failure out of the consumer of the stage before it. */
    private static final class Failure extends RuntimeException {
      private static final long serialVersionUID = 1;

      Failure(IOException cause) {
        super(cause);
      }

      @Override
      public synchronized IOException getCause() {
        return (IOException) super.getCause();
      }
    }

    private void feed(int stage, ByteBuffer bytes, Consumer<ByteBuffer> decoded)
        throws IOException {
      if (stage == stages.size()) {
        decoded.accept(bytes);
        return;
      }
      stages.get(stage).feed(bytes, next(stage, decoded));
    }

    private Consumer<ByteBuffer> next(int stage, Consumer<ByteBuffer> decoded) {
      return out -> {
        try {
          feed(stage + 1, out, decoded);
        } catch (IOException e) {
          throw new Failure(e);
        }
      };
    }

    @Override
    public void feed(ByteBuffer encoded, Consumer<ByteBuffer> decoded) throws IOException {
      try {
        feed(0, encoded, decoded);
      } catch (Failure e) {
        throw e.getCause();
      }
    }

    @Override
    public void end(Consumer<ByteBuffer> decoded) throws IOException {
      try {
        for (int stage = 0; stage < stages.size(); stage++) {
          stages.get(stage).end(next(stage, decoded));
        }
      } catch (Failure e) {
        throw e.getCause();
      }
    }

    @Override
    public void close() {
      stages.forEach(ContentDecoder.Decoding::close);
    }
  }
}
