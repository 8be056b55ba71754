package dev.quintai.daemon.audit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Textual encoding of one key (RFC 7468). */
final class Pem {
  private Pem() {}

  static String encode(byte[] der, String label) {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  /**
   * The bytes of the one block in {@code pem}; text before and after it is explanatory (RFC 7468,
   * section 2) and skipped.
   *
   * @throws IllegalArgumentException when there is no such block, or more than one
   */
  static byte[] decode(String pem, String label) {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    int from = pem.indexOf(begin);
    int to = pem.indexOf(end, Math.max(from, 0));
    if (from < 0 || to < 0) {
      throw new IllegalArgumentException("no " + begin + " block");
    }
    if (pem.indexOf("-----BEGIN ", from + begin.length()) >= 0) {
      throw new IllegalArgumentException("more than one PEM block: one key a file");
    }
    String body = pem.substring(from + begin.length(), to).replaceAll("\\s", "");
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the PEM block is no base64: " + e.getMessage(), e);
    }
  }
}
