package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Finds the messages in one direction of an HTTP/1 connection (RFC 9112) without changing a byte.
 * Of each message it reports the head, the payload as ranges of the input, and the same bytes as
 * they are on the wire (with chunk sizes, chunk extensions and trailers), which is what is
 * forwarded.
 *
 * <p>Heads are the only thing it keeps, up to a limit. Requests are read strictly, since a request
 * that two readers frame differently would hide what follows it; responses may end lines with LF.
 */
final class Http1Framer {
  /** How a message's body ends. */
  enum Framing {
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  /** Where the parts go. Ranges are valid during the call. */
  interface Sink {
    /** A whole head. Nothing more is read until {@link #expect} was called. */
    void head(Http1Head head) throws Http1Exception;

    /** Payload; the same bytes come again as a part of {@link #wire}. */
    void data(ByteBuf in, int index, int length);

    /** The body's bytes as they came. */
    void wire(ByteBuf in, int index, int length);

    /** The message is whole. */
    void end();
  }

  private enum State {
    HEAD,
    HEAD_DONE,
    LENGTH,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_DATA,
    CHUNK_END,
    TRAILER
  }

  private static final int MAX_EXTENSION = 4096;
  private static final int MAX_TRAILERS = 64 * 1024;

  private final boolean request;
  private final int maxHead;
  private final Sink sink;
  private State state = State.HEAD;
  private byte[] head = new byte[1024];
  private int headLength;
  private long remaining;
  private int digits;
  private int lineLength;
  private int trailerLength;
  private boolean carriageReturn;
  private boolean paused;

  Http1Framer(boolean request, int maxHead, Sink sink) {
    this.request = request;
    this.maxHead = maxHead;
    this.sink = sink;
  }

  /** Says how the body of the message whose head was just reported ends. */
  void expect(Framing framing, long length) {
    if (state != State.HEAD_DONE) {
      throw new IllegalStateException("no head is waiting, but " + state);
    }
    if (framing == Framing.NONE || (framing == Framing.LENGTH && length == 0)) {
      state = State.HEAD;
      sink.end();
    } else if (framing == Framing.LENGTH) {
      state = State.LENGTH;
      remaining = length;
    } else if (framing == Framing.CHUNKED) {
      startChunk();
    } else {
      state = State.UNTIL_CLOSE;
    }
  }

  /** Whether a head was reported and its framing is not yet known. */
  boolean waiting() {
    return state == State.HEAD_DONE;
  }

  /** Whether no message has begun. */
  boolean idle() {
    return state == State.HEAD && headLength == 0;
  }

  /** Whether the end of the connection is the end of the present message. */
  boolean endsWithConnection() {
    return state == State.UNTIL_CLOSE;
  }

  /** Stops reading, also in the middle of an input, until {@link #resume}. */
  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
  }

  boolean paused() {
    return paused;
  }

  /** The connection has ended, and with it a message that lasts until then. */
  void connectionEnded() {
    if (state == State.UNTIL_CLOSE) {
      state = State.HEAD;
      sink.end();
    }
  }

  /** Reads on until the input is used up, a head waits for its framing, or reading is paused. */
  void feed(ByteBuf in) throws Http1Exception {
    while (in.isReadable() && state != State.HEAD_DONE && !paused) {
      if (state == State.HEAD) {
        readHead(in);
      } else {
        readBody(in);
      }
    }
  }

  private void readHead(ByteBuf in) throws Http1Exception {
    while (in.isReadable()) {
      byte b = in.readByte();
      if (headLength == 0 && (b == '\r' || b == '\n')) {
        continue; // Empty lines before a start line are allowed, and mean nothing.
      }
      if (headLength == maxHead) {
        throw new Http1Exception("the head is longer than " + maxHead + " bytes");
      }
      if (headLength == head.length) {
        head = Arrays.copyOf(head, Math.min(maxHead, head.length * 2));
      }
      head[headLength++] = b;
      if (b == '\n' && endsWithEmptyLine()) {
        byte[] whole = Arrays.copyOf(head, headLength);
        headLength = 0;
        head = head.length > 16 * 1024 ? new byte[1024] : head;
        state = State.HEAD_DONE;
        sink.head(request ? Http1Head.request(whole) : Http1Head.response(whole));
        return;
      }
    }
  }

  private boolean endsWithEmptyLine() {
    int last = headLength - 2;
    if (last >= 0 && head[last] == '\r') {
      last--;
    }
    return last >= 0 && head[last] == '\n';
  }

  /** Reads what the input holds of the body, and reports its wire bytes in one piece. */
  private void readBody(ByteBuf in) throws Http1Exception {
    int from = in.readerIndex();
    boolean ended = false;
    while (in.isReadable() && !ended && !paused) {
      ended =
          switch (state) {
            case LENGTH, CHUNK_DATA -> readCounted(in);
            case UNTIL_CLOSE -> readAll(in);
            case CHUNK_SIZE -> readSize(in.readByte());
            case CHUNK_EXTENSION -> readExtension(in.readByte());
            case CHUNK_END -> readChunkEnd(in.readByte());
            case TRAILER -> readTrailer(in.readByte());
            case HEAD, HEAD_DONE -> throw new IllegalStateException(state.name());
          };
    }
    sink.wire(in, from, in.readerIndex() - from);
    if (ended) {
      state = State.HEAD;
      sink.end();
    }
  }

  private boolean readCounted(ByteBuf in) {
    int length = (int) Math.min(remaining, in.readableBytes());
    sink.data(in, in.readerIndex(), length);
    in.skipBytes(length);
    remaining -= length;
    if (remaining > 0) {
      return false;
    }
    if (state == State.LENGTH) {
      return true;
    }
    state = State.CHUNK_END;
    carriageReturn = false;
    return false;
  }

  private boolean readAll(ByteBuf in) {
    int length = in.readableBytes();
    sink.data(in, in.readerIndex(), length);
    in.skipBytes(length);
    return false;
  }

  private void startChunk() {
    state = State.CHUNK_SIZE;
    remaining = 0;
    digits = 0;
    carriageReturn = false;
  }

  private boolean readSize(byte b) throws Http1Exception {
    int digit = Character.digit(b, 16);
    if (digit >= 0) {
      if (++digits > 15) {
        throw new Http1Exception("a chunk size has more than 15 digits");
      }
      remaining = remaining << 4 | digit;
      return false;
    }
    if (digits == 0) {
      throw new Http1Exception("a chunk has no size");
    }
    if (b != ';' && b != ' ' && b != '\t' && b != '\r' && b != '\n') {
      throw new Http1Exception("a chunk size is not a hexadecimal number");
    }
    state = State.CHUNK_EXTENSION;
    lineLength = 0;
    return readExtension(b);
  }

  private boolean readExtension(byte b) throws Http1Exception {
    if (++lineLength > MAX_EXTENSION) {
      throw new Http1Exception("a chunk extension is longer than " + MAX_EXTENSION + " bytes");
    }
    if (b != '\n') {
      if (carriageReturn && request) {
        throw new Http1Exception("a CR inside a chunk extension");
      }
      carriageReturn = b == '\r';
      return false;
    }
    requireCarriageReturn();
    if (remaining > 0) {
      state = State.CHUNK_DATA;
    } else {
      state = State.TRAILER;
      lineLength = 0;
      trailerLength = 0;
    }
    carriageReturn = false;
    return false;
  }

  private boolean readChunkEnd(byte b) throws Http1Exception {
    if (b == '\r' && !carriageReturn) {
      carriageReturn = true;
      return false;
    }
    if (b != '\n') {
      throw new Http1Exception("a chunk is longer than its size");
    }
    requireCarriageReturn();
    startChunk();
    return false;
  }

  private boolean readTrailer(byte b) throws Http1Exception {
    if (++trailerLength > MAX_TRAILERS) {
      throw new Http1Exception("trailers are longer than " + MAX_TRAILERS + " bytes");
    }
    if (b != '\n') {
      lineLength++;
      carriageReturn = b == '\r';
      return false;
    }
    requireCarriageReturn();
    boolean empty = lineLength == (carriageReturn ? 1 : 0);
    lineLength = 0;
    carriageReturn = false;
    return empty;
  }

  private void requireCarriageReturn() throws Http1Exception {
    if (request && !carriageReturn) {
      throw new Http1Exception("a line ends without CR");
    }
  }
}
