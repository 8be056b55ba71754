package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** Writes the proxy's own responses. */
final class LocalAnswer {
  private LocalAnswer() {}

  /**
   * Encodes a whole HTTP/1.1 response.
   *
   * @param close whether the connection is closed after it
   * @param headOnly whether it answers HEAD
   */
  static ByteBuf http1(
      ByteBufAllocator allocator, LocalResponse response, boolean close, boolean headOnly) {
    byte[] body = response.body();
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ")
        .append(response.status())
        .append(' ')
        .append(HttpResponseStatus.valueOf(response.status()).reasonPhrase())
        .append("\r\n");
    response
        .headers()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    boolean bodiless = response.status() == 204 || response.status() == 304;
    if (!bodiless) {
      head.append("content-length: ").append(body.length).append("\r\n");
    }
    if (close) {
      head.append("connection: close\r\n");
    }
    head.append("\r\n");
    byte[] bytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    ByteBuf out = allocator.buffer(bytes.length + body.length);
    out.writeBytes(bytes);
    if (!bodiless && !headOnly) {
      out.writeBytes(body);
    }
    return out;
  }

  /** The answer where an upstream host was not reached. */
  static LocalResponse unreachable(String host, int port, String reason) {
    return LocalResponse.text(
        502,
        "Quint's proxy could not connect to " + new HostPort(host, port) + ": " + reason + ".");
  }
}
