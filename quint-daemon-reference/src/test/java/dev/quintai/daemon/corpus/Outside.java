package dev.quintai.daemon.corpus;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The rest of the world, in a network namespace without a way out: a resolver that knows the names
 * under {@code example}, {@code example.org} and {@code example.com}, all of them addresses of
 * 203.0.113.0/24 (which is on loopback there), and one web server behind all of them that serves
 * the files of a folder and takes whatever it is sent.
 */
final class Outside implements Closeable {
  private final ExecutorService threads = Executors.newCachedThreadPool(Outside::daemon);
  private final HttpServer web;
  private final DatagramSocket resolver;

  Outside(Path files) throws IOException {
    web = HttpServer.create(new InetSocketAddress("0.0.0.0", 80), 64);
    web.setExecutor(threads);
    web.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            Path file = files.resolve("." + exchange.getRequestURI().getPath()).normalize();
            if (Files.isDirectory(file)) {
              file = file.resolve("index.json");
            }
            boolean there = file.startsWith(files) && Files.isRegularFile(file);
            boolean takes = !exchange.getRequestMethod().equals("GET");
            byte[] body = there ? Files.readAllBytes(file) : "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(there || takes ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    web.start();
    resolver = new DatagramSocket(new InetSocketAddress("127.0.0.1", 53));
    threads.execute(this::resolve);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "outside");
    thread.setDaemon(true);
    return thread;
  }

  private void resolve() {
    byte[] buffer = new byte[1500];
    while (!resolver.isClosed()) {
      try {
        DatagramPacket question = new DatagramPacket(buffer, buffer.length);
        resolver.receive(question);
        byte[] answer = answer(buffer, question.getLength());
        resolver.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
      } catch (IOException | IndexOutOfBoundsException e) {
        // closed, or no question
      }
    }
  }

  private static byte[] answer(byte[] question, int length) throws IOException {
    StringBuilder name = new StringBuilder();
    int at = 12;
    while (question[at] != 0) {
      name.append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII))
          .append('.');
      at += question[at] + 1;
    }
    int type = (question[at + 1] & 0xff) << 8 | question[at + 2] & 0xff;
    int end = at + 5;
    InetAddress address = address(name.toString().replaceAll("\\.$", ""));
    boolean answers = address != null && type == 1;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(question, 0, 2);
    out.write(new byte[] {(byte) 0x81, (byte) (address == null ? 0x83 : 0x80), 0, 1});
    out.write(new byte[] {0, (byte) (answers ? 1 : 0), 0, 0, 0, 0});
    out.write(question, 12, end - 12);
    if (answers) {
      out.write(new byte[] {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4});
      out.write(address.getAddress());
    }
    return out.toByteArray();
  }

  /** The address of a name outside, or null. */
  static InetAddress address(String name) throws IOException {
    if (!name.matches("(.*\\.)?example(\\.(org|com|net))?")) {
      return null;
    }
    return InetAddress.getByAddress(
        new byte[] {(byte) 203, 0, 113, (byte) (2 + Math.floorMod(name.hashCode(), 250))});
  }

  @Override
  public void close() {
    web.stop(0);
    resolver.close();
    threads.shutdownNow();
  }
}
