package dev.quintai.daemon.proxy;

import dev.quintai.daemon.ca.HostNames;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client says at the start of TLS (RFC 8446, section 4.1.2), read from a copy of its first
 * bytes.
 *
 * @param serverName the host it wants, normalised, or null
 * @param protocols the application protocols it offers (RFC 7301), in its order
 */
record ClientHello(String serverName, List<String> protocols) {
  /** What the first bytes of a connection are. */
  enum Kind {
    TLS,
    INCOMPLETE,
    HTTP,
    OTHER
  }

  private static final int MAX_HELLO = 64 * 1024;
  private static final int RECORD_HEADER = 5;
  private static final int HANDSHAKE_RECORD = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_NAME = 0;
  private static final int ALPN = 16;

  /** Tells what the bytes begin; the buffer's indexes stay. */
  static Kind kind(ByteBuf in) {
    int first = in.readableBytes() == 0 ? -1 : in.getUnsignedByte(in.readerIndex());
    if (first < 0) {
      return Kind.INCOMPLETE;
    }
    if (first != HANDSHAKE_RECORD) {
      return first >= 'A' && first <= 'Z' ? Kind.HTTP : Kind.OTHER;
    }
    byte[] message = message(in);
    if (message == null) {
      return Kind.OTHER;
    }
    return message.length == 0 ? Kind.INCOMPLETE : Kind.TLS;
  }

  /** Parses a hello that is there in full; null when it is malformed. */
  static ClientHello parse(ByteBuf in) {
    byte[] message = message(in);
    try {
      return message == null || message.length == 0 ? null : parse(new Reader(message));
    } catch (IndexOutOfBoundsException e) {
      return null;
    }
  }

  /**
   * Puts the handshake message together from its records: null when these are no handshake records
   * with a hello, empty when bytes are missing.
   */
  private static byte[] message(ByteBuf in) {
    byte[] message = null;
    int filled = 0;
    byte[] header = new byte[4];
    int headerFilled = 0;
    int at = in.readerIndex();
    int end = in.writerIndex();
    while (message == null || filled < message.length) {
      if (end - at < RECORD_HEADER) {
        return new byte[0];
      }
      int length = in.getUnsignedShort(at + 3);
      if (in.getUnsignedByte(at) != HANDSHAKE_RECORD
          || in.getUnsignedByte(at + 1) != 3
          || length == 0) {
        return null;
      }
      at += RECORD_HEADER;
      int recordEnd = at + length;
      while (at < recordEnd && at < end) {
        if (headerFilled < 4) {
          header[headerFilled++] = in.getByte(at++);
          if (headerFilled == 4) {
            int size = (header[1] & 0xff) << 16 | (header[2] & 0xff) << 8 | (header[3] & 0xff);
            if (header[0] != CLIENT_HELLO || size == 0 || size > MAX_HELLO) {
              return null;
            }
            message = new byte[size];
          }
        } else {
          int count = Math.min(Math.min(recordEnd, end) - at, message.length - filled);
          if (count == 0) {
            return message;
          }
          in.getBytes(at, message, filled, count);
          filled += count;
          at += count;
        }
      }
      if (at < recordEnd && (message == null || filled < message.length)) {
        return new byte[0];
      }
    }
    return message;
  }

  private static ClientHello parse(Reader hello) {
    hello.skip(2 + 32); // legacy version, random
    hello.skip(hello.number(1)); // legacy session id
    hello.skip(hello.number(2)); // cipher suites
    hello.skip(hello.number(1)); // legacy compression methods
    String serverName = null;
    List<String> protocols = new ArrayList<>();
    if (hello.left() >= 2) {
      Reader extensions = hello.part(hello.number(2));
      while (extensions.left() > 0) {
        int type = extensions.number(2);
        Reader body = extensions.part(extensions.number(2));
        if (type == SERVER_NAME && body.left() > 0) {
          Reader names = body.part(body.number(2));
          while (names.left() > 0) {
            int nameType = names.number(1);
            String name = names.text(names.number(2));
            if (nameType == 0) {
              serverName = HostNames.normalize(name).orElse(null);
            }
          }
        } else if (type == ALPN) {
          Reader names = body.part(body.number(2));
          while (names.left() > 0) {
            protocols.add(names.text(names.number(1)));
          }
        }
      }
    }
    return new ClientHello(serverName, List.copyOf(protocols));
  }

  private static final class Reader {
    private final byte[] bytes;
    private final int end;
    private int at;

    Reader(byte[] bytes) {
      this(bytes, 0, bytes.length);
    }

    private Reader(byte[] bytes, int at, int end) {
      this.bytes = bytes;
      this.at = at;
      this.end = end;
    }

    int left() {
      return end - at;
    }

    int number(int size) {
      int value = 0;
      for (int i = 0; i < size; i++) {
        value = value << 8 | (bytes[take(1)] & 0xff);
      }
      return value;
    }

    void skip(int count) {
      take(count);
    }

    Reader part(int length) {
      int from = take(length);
      return new Reader(bytes, from, from + length);
    }

    String text(int length) {
      return new String(bytes, take(length), length, StandardCharsets.ISO_8859_1);
    }

    private int take(int count) {
      if (count > end - at) {
        throw new IndexOutOfBoundsException("the hello ends early");
      }
      at += count;
      return at - count;
    }
  }
}
