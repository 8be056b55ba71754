package dev.quintai.signatures;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Textual encodings of keys (RFC 7468). */
final class Pem {
  private static final int LINE = 64;
  private static final int MAX = 8 << 10;

  private Pem() {}

  /**
   * The content of the only PEM of a label.
   *
   * @throws IllegalArgumentException when there is none; the message holds nothing of the content
   */
  static byte[] decode(String label, String pem) {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    String text = pem.strip();
    if (text.length() > MAX || !text.startsWith(begin) || !text.endsWith(end)) {
      throw new IllegalArgumentException("a PEM of one " + label + " was expected");
    }
    String body =
        text.substring(begin.length(), text.length() - end.length()).replaceAll("[ \t\r\n]", "");
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the PEM of the " + label + " is not base64");
    }
  }

  static String encode(String label, byte[] der) {
    String body =
        Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }
}
