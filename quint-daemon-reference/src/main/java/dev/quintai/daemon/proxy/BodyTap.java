package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;

/**
 * The observer's copy of one body: decoded, in order, up to a limit. It can only fall behind by
 * giving up on the rest of the copy, which is counted; the traffic never waits for it.
 */
final class BodyTap {
  private final ContentDecoder decoder;
  private final ContentDecoder.Sink sink;
  private final long limit;
  private long delivered;
  private long lost;
  private boolean undecodable;
  private boolean closed;

  /**
   * @param contentEncoding the body's codings, or null
   * @param limit the most decoded bytes to deliver
   * @param sink where they go
   */
  BodyTap(String contentEncoding, long limit, ContentDecoder.Sink sink) {
    this.decoder = ContentDecoder.of(contentEncoding);
    this.undecodable = decoder == null;
    this.limit = limit;
    this.sink = sink;
  }

  boolean decodable() {
    return decoder != null;
  }

  /** Takes a range of the wire's payload; the buffer's indexes stay as they are. */
  void feed(ByteBuf in, int index, int length) {
    if (lost > 0 || undecodable || closed) {
      lost += length;
      return;
    }
    byte[] bytes;
    int offset;
    if (in.hasArray()) {
      bytes = in.array();
      offset = in.arrayOffset() + index;
    } else {
      bytes = new byte[length];
      in.getBytes(index, bytes);
      offset = 0;
    }
    try {
      decoder.decode(bytes, offset, length, this::deliver);
    } catch (ContentDecoder.BrokenException e) {
      undecodable = true;
      lost += Math.max(1, length);
    }
  }

  private boolean deliver(byte[] bytes, int offset, int length) {
    int count = (int) Math.min(length, limit - delivered);
    if (count > 0) {
      delivered += count;
      sink.accept(bytes, offset, count);
    }
    lost += length - count;
    return lost == 0;
  }

  /** Closes the copy and says what it came to. */
  BodyEnd end(BodyEnd.Outcome outcome) {
    closed = true;
    if (decoder != null) {
      decoder.close();
    }
    return new BodyEnd(outcome, delivered, lost, undecodable && lost > 0);
  }
}
