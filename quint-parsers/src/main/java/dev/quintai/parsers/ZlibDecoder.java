package dev.quintai.parsers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Gzip (RFC 1952, several members too) and deflate (RFC 1950, or the bare RFC 1951 that some
 * servers send under that name), with the JDK's inflater.
 */
final class ZlibDecoder implements ContentDecoder {

  @Override
  public Set<String> encodings() {
    return Set.of("gzip", "x-gzip", "deflate");
  }

  @Override
  public Decoding open(long maxBytes) {
    return new Zlib(maxBytes);
  }

  /** Tells gzip, zlib and bare deflate apart by the first byte. */
  private static final class Zlib implements Decoding {

    private enum State {
      START,
      HEADER,
      EXTRA,
      NAME,
      COMMENT,
      HEADER_CRC,
      DATA,
      TRAILER,
      MEMBER,
      OVER
    }

    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;

    private final long maxBytes;
    private final byte[] in = new byte[8192];
    private final byte[] out = new byte[16384];
    private final byte[] fixed = new byte[10];
    private final CRC32 crc = new CRC32();
    private Inflater inflater;
    private State state = State.START;
    private boolean gzip;
    private int fixedLength;
    private int flags;
    private int extraLeft = -1;
    private long total;
    private long memberTotal;

    Zlib(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    @Override
    public void feed(ByteBuffer encoded, Consumer<ByteBuffer> decoded) throws IOException {
      while (encoded.hasRemaining()) {
        if (state == State.DATA) {
          inflate(encoded, decoded);
        } else if (state == State.OVER) {
          encoded.position(encoded.limit());
        } else if (state == State.START) {
          start(encoded);
        } else {
          header(encoded.get());
        }
      }
    }

    private void start(ByteBuffer encoded) {
      int first = encoded.get(encoded.position()) & 0xFF;
      gzip = first == 0x1F;
      if (gzip) {
        header();
      } else {
        // The low four bits of zlib's first byte are 8; of bare deflate they hardly ever are.
        inflater = new Inflater((first & 0x0F) != 8);
        state = State.DATA;
      }
    }

    private void header() {
      state = State.HEADER;
      fixedLength = 0;
      extraLeft = -1;
    }

    private void header(byte b) throws IOException {
      switch (state) {
        case MEMBER -> {
          // Zero bytes may pad the end; anything else begins the next member.
          if (b != 0) {
            header();
            header(b);
          }
        }
        case HEADER -> {
          fixed[fixedLength++] = b;
          if (fixedLength == 10) {
            if (fixed[0] != 0x1F || (fixed[1] & 0xFF) != 0x8B || fixed[2] != 8) {
              throw new IOException("not a gzip header");
            }
            flags = fixed[3];
            fixedLength = 0;
            next(State.HEADER);
          }
        }
        case EXTRA -> {
          if (fixedLength < 2) {
            fixed[fixedLength++] = b;
            if (fixedLength == 2) {
              extraLeft = (fixed[0] & 0xFF) | (fixed[1] & 0xFF) << 8;
            }
          } else {
            extraLeft--;
          }
          if (extraLeft == 0) {
            next(State.EXTRA);
          }
        }
        case NAME, COMMENT -> {
          if (b == 0) {
            next(state);
          }
        }
        case HEADER_CRC -> {
          if (++fixedLength == 2) {
            next(State.HEADER_CRC);
          }
        }
        case TRAILER -> {
          fixed[fixedLength++] = b;
          if (fixedLength == 8) {
            trailer();
          }
        }
        default -> throw new IllegalStateException(state.name());
      }
    }

    /** The header's parts come in this order, each where its flag is set. */
    private void next(State after) {
      fixedLength = 0;
      if (after.compareTo(State.EXTRA) < 0 && (flags & FEXTRA) != 0) {
        state = State.EXTRA;
      } else if (after.compareTo(State.NAME) < 0 && (flags & FNAME) != 0) {
        state = State.NAME;
      } else if (after.compareTo(State.COMMENT) < 0 && (flags & FCOMMENT) != 0) {
        state = State.COMMENT;
      } else if (after.compareTo(State.HEADER_CRC) < 0 && (flags & FHCRC) != 0) {
        state = State.HEADER_CRC;
      } else {
        close();
        inflater = new Inflater(true);
        crc.reset();
        memberTotal = 0;
        state = State.DATA;
      }
    }

    private void inflate(ByteBuffer encoded, Consumer<ByteBuffer> decoded) throws IOException {
      int count = Math.min(in.length, encoded.remaining());
      encoded.get(in, 0, count);
      inflater.setInput(in, 0, count);
      while (!inflater.finished()) {
        int made;
        try {
          made = inflater.inflate(out);
        } catch (DataFormatException e) {
          // What stands before the damage, so that it does not depend on the split either.
          tell((int) (inflater.getBytesWritten() - memberTotal), decoded);
          throw new IOException("damaged deflate data", e);
        }
        if (made == 0) {
          if (inflater.needsDictionary()) {
            throw new IOException("deflate data asks for a dictionary");
          }
          if (!inflater.finished() && inflater.needsInput()) {
            return;
          }
          continue;
        }
        tell(made, decoded);
      }
      encoded.position(encoded.position() - inflater.getRemaining());
      state = gzip ? State.TRAILER : State.OVER;
      fixedLength = 0;
    }

    /** Hands on the first bytes of the output, up to the limit. */
    private void tell(int made, Consumer<ByteBuffer> decoded) throws IOException {
      int kept = (int) Math.min(made, maxBytes - total);
      total += kept;
      memberTotal += kept;
      if (gzip) {
        crc.update(out, 0, kept);
      }
      if (kept > 0) {
        decoded.accept(ByteBuffer.wrap(out, 0, kept));
      }
      if (kept < made) {
        throw new IOException("body expands to more than " + maxBytes + " bytes");
      }
    }

    private void trailer() throws IOException {
      if (le32(0) != crc.getValue() || le32(4) != (memberTotal & 0xFFFFFFFFL)) {
        throw new IOException("gzip checksum does not fit");
      }
      state = State.MEMBER;
    }

    private long le32(int at) {
      return (fixed[at] & 0xFFL)
          | (fixed[at + 1] & 0xFFL) << 8
          | (fixed[at + 2] & 0xFFL) << 16
          | (fixed[at + 3] & 0xFFL) << 24;
    }

    @Override
    public void end(Consumer<ByteBuffer> decoded) throws IOException {
      if (state != State.START && state != State.OVER && state != State.MEMBER) {
        throw new IOException("the body ends within its content encoding");
      }
    }

    @Override
    public void close() {
      if (inflater != null) {
        inflater.end();
        inflater = null;
      }
    }
  }
}
