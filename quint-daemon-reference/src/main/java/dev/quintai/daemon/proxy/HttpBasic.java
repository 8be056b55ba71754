package dev.quintai.daemon.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The Basic scheme (RFC 7617). */
final class HttpBasic {
  private HttpBasic() {}

  static String value(String user, String password) {
    byte[] login = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }
}
