package dev.quintai.daemon.proxy;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/**
 * The coding {@code zstd} (RFC 8878), by the zstd library. Its windows reach to 128 MiB, the
 * library's own limit and what clients take, though RFC 9659 asks servers for 8 MiB at most; a
 * larger one is refused. Of a window only as much is touched as was decoded, so the limit of the
 * body bounds it too.
 */
final class ZstdDecoder extends ContentDecoder {
  private static final int INPUT = 8 * 1024;

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT);
  private final ByteBuffer output = ByteBuffer.allocateDirect(PART);
  private final byte[] out = new byte[PART];

  @Override
  boolean decode(byte[] in, int offset, int length, Sink sink) throws BrokenException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int count = Math.min(end - at, INPUT);
      input.clear();
      input.put(in, at, count).flip();
      at += count;
      boolean full;
      do {
        output.clear();
        try {
          context.decompressDirectByteBufferStream(output, input);
        } catch (ZstdException e) {
          throw new BrokenException("broken zstd data: " + e.getMessage());
        }
        full = !output.hasRemaining();
        output.flip();
        int produced = output.remaining();
        output.get(out, 0, produced);
        if (produced > 0 && !sink.accept(out, 0, produced)) {
          return false;
        }
      } while (input.hasRemaining() || full);
    }
    return true;
  }

  @Override
  public void close() {
    context.close();
  }
}
