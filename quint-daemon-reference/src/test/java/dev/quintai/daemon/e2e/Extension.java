package dev.quintai.daemon.e2e;

import java.io.ByteArrayOutputStream;
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
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A small extension that feeds the daemon, written from the README of quint-es-jni. */
final class Extension implements Closeable {

  private static final int FIXED = 104;
  private static final int FIXED_EXEC = 144;

  private final SocketChannel channel;
  private final long startUs;
  private long nowNs;

  Extension(Path socket, String secret, long nowNs) throws Exception {
    this.nowNs = nowNs;
    this.startUs = nowNs / 1_000 - 60_000_000;
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    byte[] theirs = payload(0x101);
    byte[] ours = new byte[32];
    Arrays.fill(ours, (byte) 9);
    ByteBuffer answer = frame(72, 0x102, 1).put(ours);
    send(answer.put(hmac(secret, "quint-es client 1", theirs, ours)).array());
    if (!MessageDigest.isEqual(payload(0x103), hmac(secret, "quint-es server 1", ours, theirs))) {
      throw new IOException("that is not the daemon");
    }
  }

  private static ByteBuffer frame(int length, int kind, int second) {
    return ByteBuffer.allocate(length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(length)
        .putShort((short) kind)
        .putShort((short) second);
  }

  private byte[] payload(int kind) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      if (channel.read(in) < 0) {
        throw new EOFException("the daemon has hung up");
      }
    }
    if (in.getShort(4) != kind) {
      throw new IOException("frame of kind " + in.getShort(4));
    }
    return Arrays.copyOfRange(in.array(), 8, 40);
  }

  private static byte[] hmac(String secret, String label, byte[] first, byte[] second)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
    mac.update((label + "\0").getBytes(StandardCharsets.US_ASCII));
    mac.update(first);
    return mac.doFinal(second);
  }

  private void send(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  private ByteBuffer record(int length, int kind, int pid, int ppid) {
    nowNs += 1_000_000;
    ByteBuffer out = frame((length + 7) & ~7, kind, 0);
    out.putLong(8, nowNs).putLong(24, -1).putLong(32, -1).putInt(40, pid).putInt(44, 1);
    out.putLong(48, startUs + pid).putInt(56, ppid).putInt(60, -1).putInt(64, 501);
    return out.putLong(80, -1).putShort(100, (short) 6);
  }

  void fork(int pid, int child) throws IOException {
    send(record(FIXED, 2, pid, 1).putInt(72, child).putLong(80, startUs + child).array());
  }

  void exec(int pid, int ppid, String cwd, String exe, String... argv) throws IOException {
    ByteArrayOutputStream words = new ByteArrayOutputStream();
    for (String word : argv) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      words.write(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
      words.write(bytes);
    }
    byte[] path = exe.getBytes(StandardCharsets.UTF_8);
    byte[] folder = cwd.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = record(FIXED_EXEC + path.length + folder.length + words.size(), 1, pid, ppid);
    out.putInt(72, pid).putInt(88, path.length).putInt(92, folder.length);
    out.putInt(124, argv.length).putInt(128, argv.length).putInt(140, words.size());
    send(out.position(FIXED_EXEC).put(path).put(folder).put(words.toByteArray()).array());
  }

  void read(int pid, int ppid, String file) throws IOException {
    byte[] path = file.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = record(FIXED + path.length, 4, pid, ppid).putInt(68, 1);
    send(out.putInt(88, path.length).position(FIXED).put(path).array());
  }

  void exit(int pid, int ppid) throws IOException {
    send(record(FIXED, 3, pid, ppid).array());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
