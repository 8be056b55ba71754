package dev.quintai.daemon.proxy;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The coding {@code br} (RFC 7932), by Google's decoder. */
final class BrotliDecoder extends ContentDecoder {
  private static final int INPUT = 8 * 1024;

  private final byte[] out = new byte[PART];
  private DecoderJNI.Wrapper decoder;

  BrotliDecoder() {
    try {
      decoder = new DecoderJNI.Wrapper(INPUT);
    } catch (IOException e) {
      throw new IllegalStateException("the brotli decoder cannot be made", e);
    }
  }

  @Override
  boolean decode(byte[] in, int offset, int length, Sink sink) throws BrokenException {
    int at = offset;
    int end = offset + length;
    while (true) {
      switch (decoder.getStatus()) {
        case DONE -> {
          return true;
        }
        case OK -> decoder.push(0);
        case NEEDS_MORE_INPUT -> {
          if (decoder.hasOutput() && !drain(sink)) {
            return false;
          }
          if (at == end) {
            return true;
          }
          ByteBuffer input = decoder.getInputBuffer();
          input.clear();
          int count = Math.min(end - at, input.remaining());
          input.put(in, at, count);
          decoder.push(count);
          at += count;
        }
        case NEEDS_MORE_OUTPUT -> {
          if (!drain(sink)) {
            return false;
          }
        }
        case ERROR -> throw new BrokenException("broken brotli data");
      }
      if (decoder.getStatus() == DecoderJNI.Status.DONE) {
        return drain(sink);
      }
    }
  }

  private boolean drain(Sink sink) {
    while (decoder.hasOutput()) {
      ByteBuffer part = decoder.pull();
      while (part.hasRemaining()) {
        int count = Math.min(part.remaining(), out.length);
        part.get(out, 0, count);
        if (!sink.accept(out, 0, count)) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public void close() {
    if (decoder != null) {
      decoder.destroy();
      decoder = null;
    }
  }
}
