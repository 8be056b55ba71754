package dev.quintai.daemon.proxy;

import dev.quintai.daemon.ca.CertificateAuthority;
import dev.quintai.daemon.ca.LeafCertificate;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server that a test scripts byte by byte, over TLS or plain. */
final class TestUpstream implements AutoCloseable {
  /** What the server does with one connection. */
  interface Script {
    void run(Connection connection) throws Exception;
  }

  /** One accepted connection. */
  static final class Connection {
    final Socket socket;
    final InputStream in;
    final OutputStream out;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
      this.out = socket.getOutputStream();
    }

    /** Reads a head up to its empty line; empty at the end of the connection. */
    String head() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      int last = 0;
      while (true) {
        int b = in.read();
        if (b < 0) {
          return "";
        }
        head.write(b);
        last = last << 8 | b;
        if (last == 0x0d0a0d0a) {
          return head.toString(StandardCharsets.ISO_8859_1);
        }
      }
    }

    /** Reads the body that the head announces. */
    byte[] body(String head) throws IOException {
      String lower = head.toLowerCase(Locale.ROOT);
      if (lower.contains("transfer-encoding: chunked")) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
          int size = Integer.parseInt(line().strip(), 16);
          all.write(in.readNBytes(size));
          line();
          if (size == 0) {
            return all.toByteArray();
          }
        }
      }
      int at = lower.indexOf("content-length: ");
      if (at < 0) {
        return new byte[0];
      }
      int end = lower.indexOf('\r', at);
      return in.readNBytes(Integer.parseInt(lower.substring(at + 16, end).strip()));
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      while (true) {
        int b = in.read();
        if (b < 0) {
          throw new EOFException();
        }
        if (b == '\n') {
          return line.toString();
        }
        line.append((char) b);
      }
    }

    /** Sends a head: its lines and the empty one. */
    void sendHead(String... lines) throws IOException {
      send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    void send(String text) throws IOException {
      send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    void chunk(String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      ByteArrayOutputStream chunk = new ByteArrayOutputStream();
      chunk.writeBytes(
          (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      chunk.writeBytes(bytes);
      chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
      send(chunk.toByteArray());
    }
  }

  private final ServerSocket server;
  private final AtomicInteger accepted = new AtomicInteger();

  private TestUpstream(ServerSocket server, Script script) {
    this.server = server;
    Thread acceptor =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket socket = server.accept();
                  accepted.incrementAndGet();
                  Thread one = new Thread(() -> serve(socket, script));
                  one.setDaemon(true);
                  one.start();
                } catch (IOException e) {
                  return;
                }
              }
            });
    acceptor.setDaemon(true);
    acceptor.start();
  }

  private static void serve(Socket socket, Script script) {
    try (socket) {
      socket.setTcpNoDelay(true);
      script.run(new Connection(socket));
    } catch (Exception e) {
      // The client has gone, or the test ends.
    }
  }

  static TestUpstream plain(Script script) throws IOException {
    return new TestUpstream(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), script);
  }

  static TestUpstream tls(LeafCertificate leaf, Script script) throws Exception {
    return new TestUpstream(
        context(leaf)
            .getServerSocketFactory()
            .createServerSocket(0, 256, InetAddress.getLoopbackAddress()),
        script);
  }

  static SSLContext context(LeafCertificate leaf) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "leaf",
        leaf.key(),
        new char[0],
        leaf.chain().toArray(new java.security.cert.Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** A context that trusts one authority. */
  static SSLContext trusting(CertificateAuthority authority) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", authority.certificate());
    javax.net.ssl.TrustManagerFactory trust =
        javax.net.ssl.TrustManagerFactory.getInstance(
            javax.net.ssl.TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  int port() {
    return server.getLocalPort();
  }

  int accepted() {
    return accepted.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
