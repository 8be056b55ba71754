package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a copy of one direction of a WebSocket connection (RFC 6455) and puts its messages
 * together, inflated where permessage-deflate (RFC 7692) was agreed. What is too long or broken is
 * counted; the connection itself never waits for it and never changes.
 */
final class WebSocketTap {
  /** What the two ends agreed on in the upgrade's response. */
  record Agreement(boolean deflate, boolean clientFresh, boolean serverFresh) {
    /** Reads the response's Sec-WebSocket-Extensions, which may be null. */
    static Agreement of(String extensions) {
      String text = extensions == null ? "" : extensions.toLowerCase(Locale.ROOT);
      return new Agreement(
          text.contains("permessage-deflate"),
          text.contains("client_no_context_takeover"),
          text.contains("server_no_context_takeover"));
    }
  }

  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;

  private final ExchangeTap tap;
  private final boolean fromClient;
  private final int limit;
  private final boolean fresh;
  private final Inflater inflater;
  private final byte[] inflated;

  private final byte[] header = new byte[14];
  private int headerLength;
  private int headerNeeded = 2;
  private boolean inPayload;
  private long payloadLeft;
  private int maskAt;
  private boolean control;
  private boolean last;

  private boolean inMessage;
  private boolean text;
  private boolean compressed;
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private long over;
  private boolean broken;

  WebSocketTap(ExchangeTap tap, boolean fromClient, Agreement agreement, int limit) {
    this.tap = tap;
    this.fromClient = fromClient;
    this.limit = limit;
    this.fresh = fromClient ? agreement.clientFresh() : agreement.serverFresh();
    this.inflater = agreement.deflate() ? new Inflater(true) : null;
    this.inflated = inflater == null ? null : new byte[8 * 1024];
  }

  /** Takes all readable bytes; the buffer's indexes stay as they are. */
  void feed(ByteBuf in) {
    int at = in.readerIndex();
    int end = in.writerIndex();
    while (at < end && !broken) {
      if (!inPayload) {
        header[headerLength++] = in.getByte(at++);
        if (headerLength == 2) {
          headerNeeded = headerSize();
        }
        if (headerLength == headerNeeded && headerNeeded >= 2) {
          beginFrame();
        }
        continue;
      }
      int count = (int) Math.min(payloadLeft, end - at);
      payload(in, at, count);
      at += count;
      payloadLeft -= count;
      if (payloadLeft == 0) {
        endFrame();
      }
    }
    if (broken && at < end) {
      tap.messagesLost(fromClient, end - at);
    }
  }

  /** The connection is closed; a message that has begun is lost. */
  void close() {
    if (inflater != null) {
      inflater.end();
    }
    if (inMessage && !broken) {
      tap.messagesLost(fromClient, Math.max(1, message.size() + over));
    }
    broken = true;
  }

  private int headerSize() {
    int length = header[1] & 0x7f;
    int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
    return 2 + extended + ((header[1] & 0x80) != 0 ? 4 : 0);
  }

  private void beginFrame() {
    int first = header[0] & 0xff;
    int opcode = first & 0x0f;
    int length = header[1] & 0x7f;
    payloadLeft = length;
    if (length >= 126) {
      payloadLeft = 0;
      for (int i = 2; i < (length == 126 ? 4 : 10); i++) {
        payloadLeft = payloadLeft << 8 | (header[i] & 0xff);
      }
    }
    control = opcode >= 8;
    last = (first & 0x80) != 0;
    boolean reserved = (first & 0x30) != 0 || (opcode > BINARY && opcode < 8) || opcode > 10;
    boolean outOfTurn = !control && (opcode == CONTINUATION) != inMessage;
    if (reserved || outOfTurn || payloadLeft < 0 || (control && (!last || payloadLeft > 125))) {
      fail();
      return;
    }
    if (!control && opcode != CONTINUATION) {
      inMessage = true;
      text = opcode == TEXT;
      compressed = (first & 0x40) != 0;
      if (compressed && inflater == null) {
        fail();
        return;
      }
    }
    maskAt = 0;
    inPayload = true;
    if (payloadLeft == 0) {
      endFrame();
    }
  }

  private void payload(ByteBuf in, int index, int count) {
    if (control) {
      return;
    }
    byte[] bytes = new byte[count];
    in.getBytes(index, bytes);
    if ((header[1] & 0x80) != 0) {
      int mask = headerNeeded - 4;
      for (int i = 0; i < count; i++) {
        bytes[i] ^= header[mask + (maskAt++ & 3)];
      }
    }
    if (compressed) {
      inflate(bytes);
    } else {
      append(bytes, count);
    }
  }

  private void inflate(byte[] bytes) {
    try {
      inflater.setInput(bytes);
      while (true) {
        int produced = inflater.inflate(inflated);
        append(inflated, produced);
        if (produced == 0) {
          if (inflater.finished()) {
            inflater.reset(); // A final block inside a message; what follows is a new stream.
          }
          return;
        }
      }
    } catch (DataFormatException e) {
      fail();
    }
  }

  private void append(byte[] bytes, int count) {
    int room = Math.min(count, limit - message.size());
    message.write(bytes, 0, room);
    over += count - room;
  }

  private void endFrame() {
    inPayload = false;
    headerLength = 0;
    headerNeeded = 2;
    if (control || !last || broken) {
      return;
    }
    if (compressed) {
      inflate(TAIL);
      if (fresh && !broken) {
        inflater.reset();
      }
    }
    if (broken) {
      return;
    }
    if (over > 0) {
      tap.messagesLost(fromClient, message.size() + over);
    } else {
      tap.message(new WebSocketMessage(fromClient, text, message.toByteArray()));
    }
    message.reset();
    over = 0;
    inMessage = false;
  }

  private void fail() {
    broken = true;
    tap.messagesLost(fromClient, Math.max(1, message.size() + over + payloadLeft));
    message.reset();
  }
}
