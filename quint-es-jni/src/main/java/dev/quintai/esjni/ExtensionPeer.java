package dev.quintai.esjni;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

/** One connection to the extension socket. Used by the socket's thread only. */
final class ExtensionPeer {

  /** What a peer says. */
  interface Told {

    /** A record that is well-formed. */
    void record(EsRecord record);

    /** So many events were lost on its side since it connected. */
    void lost(long timeNanos, long total);

    /** It sent what is no record; the next one can be read. */
    void unreadable(String why);
  }

  /** The peer broke the protocol: the connection must go. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why);
    }
  }

  private static final int ANSWER_LENGTH =
      ExtensionHandshake.HEADER + ExtensionHandshake.NONCE + ExtensionHandshake.PROOF;
  private static final int LOSS_LENGTH = ExtensionHandshake.HEADER + 2 * Long.BYTES;

  private final SocketChannel channel;
  private final ExtensionHandshake handshake;
  private final long since;
  private ByteBuffer in = ByteBuffer.allocate(ANSWER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
  private EsRecord record;
  private boolean proved;

  ExtensionPeer(SocketChannel channel, byte[] secret, long nowNanos) throws IOException {
    this.channel = channel;
    this.handshake = new ExtensionHandshake(secret);
    this.since = nowNanos;
    send(handshake.challenge());
  }

  SocketChannel channel() {
    return channel;
  }

  /** Whether it has proved that it knows the secret. */
  boolean proved() {
    return proved;
  }

  long sinceNanos() {
    return since;
  }

  /**
   * Reads what has arrived, at most one buffer.
   *
   * @return false at the end of the stream
   * @throws Refused when it does not prove itself or sends what cannot be read any further
   */
  boolean read(Told told) throws IOException {
    int count = channel.read(in);
    in.flip();
    int used = 0;
    while (in.limit() - used >= ExtensionHandshake.HEADER) {
      int length = in.getInt(used);
      int kind = Short.toUnsignedInt(in.getShort(used + EsRecord.KIND));
      check(length, kind);
      if (in.limit() - used < length) {
        break;
      }
      if (!proved) {
        prove();
        return true;
      }
      tell(used, length, kind, told);
      used += length;
    }
    in.position(used);
    in.compact();
    return count >= 0;
  }

  private void check(int length, int kind) throws Refused {
    if (!proved) {
      if (length != ANSWER_LENGTH || kind != ExtensionHandshake.ANSWER) {
        throw new Refused("it did not answer the challenge");
      }
    } else if (length < ExtensionHandshake.HEADER || length > EsRecord.MAX) {
      throw new Refused("a frame of " + Integer.toUnsignedString(length) + " bytes");
    }
  }

  /** The answer fills the buffer: nothing may follow it before we have welcomed the peer. */
  private void prove() throws IOException {
    byte[] nonce = new byte[ExtensionHandshake.NONCE];
    byte[] proof = new byte[ExtensionHandshake.PROOF];
    in.position(ExtensionHandshake.HEADER);
    in.get(nonce).get(proof);
    if (!handshake.accepts(nonce, proof)) {
      throw new Refused("it does not know the secret");
    }
    send(handshake.welcome(nonce));
    proved = true;
    in = ByteBuffer.allocateDirect(2 * EsRecord.MAX).order(ByteOrder.LITTLE_ENDIAN);
    record = new EsRecord(in);
  }

  private void tell(int at, int length, int kind, Told told) {
    if (kind == ExtensionHandshake.LOSS && length == LOSS_LENGTH) {
      int from = at + ExtensionHandshake.HEADER;
      told.lost(in.getLong(from), in.getLong(from + Long.BYTES));
      return;
    }
    if (length < EsRecord.FIXED || !record.at(at).wellFormed()) {
      told.unreadable("a frame of kind " + kind + " and " + length + " bytes is no record");
      return;
    }
    told.record(record);
  }

  /** Our frames are small: a peer that does not even take these is not waited for. */
  private void send(ByteBuffer frame) throws IOException {
    channel.write(frame);
    if (frame.hasRemaining()) {
      throw new Refused("it does not read");
    }
  }
}
