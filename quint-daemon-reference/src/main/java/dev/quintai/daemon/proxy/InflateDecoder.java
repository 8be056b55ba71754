package dev.quintai.daemon.proxy;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The codings {@code gzip} (RFC 1952, also several members) and {@code deflate} (RFC 1950, and the
 * bare RFC 1951 stream that some servers send under that name).
 */
final class InflateDecoder extends ContentDecoder {
  /** What is around the deflated bytes. */
  enum Wrapper {
    GZIP,
    ZLIB_OR_RAW
  }

  private enum State {
    GZIP_HEADER,
    GZIP_EXTRA_LENGTH,
    GZIP_EXTRA,
    GZIP_NAME,
    GZIP_COMMENT,
    GZIP_CRC,
    PROBE,
    BODY,
    GZIP_TRAILER,
    DONE
  }

  private static final int FLAG_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;

  private final byte[] out = new byte[PART];
  private Inflater inflater;
  private State state;
  private int flags;
  private int count;
  private int extra;
  private int firstByte;

  InflateDecoder(Wrapper wrapper) {
    state = wrapper == Wrapper.GZIP ? State.GZIP_HEADER : State.PROBE;
    inflater = wrapper == Wrapper.GZIP ? new Inflater(true) : null;
  }

  @Override
  boolean decode(byte[] in, int offset, int length, Sink sink) throws BrokenException {
    int at = offset;
    int end = offset + length;
    while (at < end && state != State.DONE) {
      if (state == State.BODY) {
        inflater.setInput(in, at, end - at);
        if (!inflate(sink)) {
          return false;
        }
        at = end - inflater.getRemaining();
      } else if (state == State.PROBE) {
        at = probe(in, at);
        if (state == State.BODY && !replayProbe(sink)) {
          return false;
        }
      } else {
        header(in[at++] & 0xff);
      }
    }
    return true;
  }

  private boolean inflate(Sink sink) throws BrokenException {
    try {
      while (true) {
        int produced = inflater.inflate(out);
        if (produced > 0 && !sink.accept(out, 0, produced)) {
          return false;
        }
        if (inflater.finished()) {
          state = inflaterIsGzip() ? State.GZIP_TRAILER : State.DONE;
          count = 0;
          return true;
        }
        if (inflater.needsDictionary()) {
          throw new BrokenException("deflate with a preset dictionary");
        }
        if (produced == 0 && inflater.needsInput()) {
          return true;
        }
      }
    } catch (DataFormatException e) {
      throw new BrokenException("broken deflate data: " + e.getMessage());
    }
  }

  private boolean inflaterIsGzip() {
    return firstByte == 0;
  }

  /** Tells a zlib header from a bare stream by its check bits, once two bytes have come. */
  private int probe(byte[] in, int at) {
    if (count == 0) {
      firstByte = (in[at] & 0xff) | 0x100; // never 0, which stands for gzip
      count = 1;
      return at + 1;
    }
    int first = firstByte & 0xff;
    boolean zlib = (first & 0x0f) == 8 && (first << 8 | (in[at] & 0xff)) % 31 == 0;
    inflater = new Inflater(!zlib);
    state = State.BODY;
    return at;
  }

  private boolean replayProbe(Sink sink) throws BrokenException {
    inflater.setInput(new byte[] {(byte) firstByte});
    return inflate(sink);
  }

  private void header(int b) throws BrokenException {
    switch (state) {
      case GZIP_HEADER -> fixedHeader(b);
      case GZIP_EXTRA_LENGTH -> {
        extra |= b << (8 * count++);
        if (count == 2) {
          count = 0;
          state = State.GZIP_EXTRA;
          skipAbsent();
        }
      }
      case GZIP_EXTRA -> {
        if (++count == extra) {
          extra = 0;
          skipAbsent();
        }
      }
      case GZIP_NAME, GZIP_COMMENT -> {
        if (b == 0) {
          flags &= state == State.GZIP_NAME ? ~FLAG_NAME : ~FLAG_COMMENT;
          skipAbsent();
        }
      }
      case GZIP_CRC -> {
        if (++count == 2) {
          flags &= ~FLAG_CRC;
          skipAbsent();
        }
      }
      case GZIP_TRAILER -> {
        // The check value is the client's business; the copy is only read.
        if (++count == 8) {
          count = 0;
          flags = 0;
          inflater.reset();
          state = State.GZIP_HEADER;
        }
      }
      default -> throw new IllegalStateException(state.name());
    }
  }

  private void fixedHeader(int b) throws BrokenException {
    int at = count++;
    if ((at == 0 && b != 0x1f) || (at == 1 && b != 0x8b) || (at == 2 && b != 8)) {
      throw new BrokenException("not a gzip header");
    }
    if (at == 3) {
      flags = b;
    } else if (at == 9) {
      count = 0;
      extra = 0;
      if ((flags & FLAG_EXTRA) != 0) {
        flags &= ~FLAG_EXTRA;
        state = State.GZIP_EXTRA_LENGTH;
      } else {
        skipAbsent();
      }
    }
  }

  /** Goes to the next optional field that is there, or to the body. */
  private void skipAbsent() {
    count = 0;
    if (state == State.GZIP_EXTRA && extra > 0) {
      return;
    }
    if ((flags & FLAG_NAME) != 0) {
      state = State.GZIP_NAME;
    } else if ((flags & FLAG_COMMENT) != 0) {
      state = State.GZIP_COMMENT;
    } else if ((flags & FLAG_CRC) != 0) {
      state = State.GZIP_CRC;
    } else {
      state = State.BODY;
    }
  }

  @Override
  public void close() {
    if (inflater != null) {
      inflater.end();
    }
  }
}
