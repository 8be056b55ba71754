package dev.quintai.daemon.e2e;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The way without Quint: a proxy that joins every CONNECT to one port and leaves TLS alone. */
final class ConnectRelay implements Closeable {

  private final ServerSocket server;
  private final String host;
  private final int port;

  ConnectRelay(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    server = new ServerSocket(0, 32, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        thread(() -> join(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void join(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0 && head.length() < 16_384) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        head.append((char) next);
      }
      OutputStream out = client.getOutputStream();
      if (!head.toString().startsWith("CONNECT " + host + ":")) {
        out.write("HTTP/1.1 502 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return;
      }
      try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), port)) {
        out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        thread(() -> copy(client, upstream));
        copy(upstream, client);
      }
    } catch (IOException e) {
      // one side has gone
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // one side has gone
    }
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
