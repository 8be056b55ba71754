package dev.quintai.esjni;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An extension, written from the README alone. */
final class ExtensionClient implements Closeable {

  final SocketChannel channel;
  byte[] challenge;
  byte[] answer;

  ExtensionClient(Path path) throws IOException {
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(path));
  }

  /** Connects, proves itself, and checks that the daemon proves itself too. */
  static ExtensionClient connected(Path path, String secret) throws IOException {
    ExtensionClient client = new ExtensionClient(path);
    client.challenge = client.frame(0x101, 40);
    client.send(client.answerTo(client.challenge, secret));
    byte[] proof = Arrays.copyOfRange(client.frame(0x103, 40), 8, 40);
    byte[] ours = Arrays.copyOfRange(client.answer, 8, 40);
    byte[] theirs = Arrays.copyOfRange(client.challenge, 8, 40);
    if (!MessageDigest.isEqual(proof, hmac(secret, "quint-es server 1", ours, theirs))) {
      throw new IOException("that is not the daemon");
    }
    return client;
  }

  byte[] answerTo(byte[] frame, String secret) {
    byte[] theirs = Arrays.copyOfRange(frame, 8, 40);
    byte[] ours = new byte[32];
    Arrays.fill(ours, (byte) 7);
    answer =
        ByteBuffer.allocate(72)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(72)
            .putShort((short) 0x102)
            .putShort((short) 1)
            .put(ours)
            .put(hmac(secret, "quint-es client 1", theirs, ours))
            .array();
    return answer;
  }

  static byte[] hmac(String secret, String label, byte[] first, byte[] second) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.ISO_8859_1), "HmacSHA256"));
      mac.update((label + "\0").getBytes(StandardCharsets.US_ASCII));
      mac.update(first);
      return mac.doFinal(second);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] frame(int kind, int length) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      if (channel.read(in) < 0) {
        throw new EOFException();
      }
    }
    if (in.getInt(0) != length || in.getShort(4) != kind || in.getShort(6) != 1) {
      throw new IOException("not a frame of kind " + kind);
    }
    return in.array();
  }

  /** In one write, as the other side may close after the first of them. */
  void send(byte[]... frames) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(Stream.of(frames).mapToInt(f -> f.length).sum());
    Stream.of(frames).forEach(out::put);
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  /** An unlink of a file by process 100. */
  static byte[] unlink(String path, long lost) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    int length = (104 + name.length + 7) & ~7;
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0, length).putShort(4, (short) 9).putLong(8, 1_700_000_001L * 1_000_000_000L);
    out.putLong(16, lost).putInt(40, 100).putLong(48, 1_700_000_000_000_000L);
    out.putInt(88, name.length).position(104);
    out.put(name);
    return out.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
