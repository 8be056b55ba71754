package dev.quintai.daemon.ca;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The textual encodings of RFC 7468 for certificates and PKCS#8 keys. */
final class Pem {
  private static final String BEGIN_CERTIFICATE = "-----BEGIN CERTIFICATE-----";
  private static final String END_CERTIFICATE = "-----END CERTIFICATE-----";
  private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
  private static final String END_KEY = "-----END PRIVATE KEY-----";

  private Pem() {}

  static byte[] privateKey(PrivateKey key) {
    return encode(BEGIN_KEY, key.getEncoded(), END_KEY).getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] certificates(List<X509Certificate> certificates) throws CertificateException {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append(encode(BEGIN_CERTIFICATE, certificate.getEncoded(), END_CERTIFICATE));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String encode(String begin, byte[] der, String end) {
    byte[] lineFeed = {'\n'};
    return begin
        + "\n"
        + Base64.getMimeEncoder(64, lineFeed).encodeToString(der)
        + "\n"
        + end
        + "\n";
  }

  static PrivateKey readPrivateKey(String pem) throws GeneralSecurityException {
    int from = pem.indexOf(BEGIN_KEY);
    int to = pem.indexOf(END_KEY);
    if (from < 0 || to < from) {
      throw new GeneralSecurityException("no PKCS#8 private key in PEM form");
    }
    byte[] der = Base64.getMimeDecoder().decode(pem.substring(from + BEGIN_KEY.length(), to));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  /** Reads every certificate of a PEM file; text around the blocks is skipped. */
  static List<X509Certificate> readCertificates(byte[] pem) throws CertificateException {
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> found = new ArrayList<>();
    for (String block : blocks(text)) {
      byte[] der;
      try {
        der =
            Base64.getMimeDecoder()
                .decode(
                    block.substring(
                        BEGIN_CERTIFICATE.length(), block.length() - END_CERTIFICATE.length()));
      } catch (IllegalArgumentException e) {
        throw new CertificateException("not base64 between the lines of a certificate", e);
      }
      found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    if (found.isEmpty()) {
      throw new CertificateException("no certificate in PEM form");
    }
    return found;
  }

  /** Returns the certificate blocks of a text, each from its BEGIN to its END line. */
  static List<String> blocks(String text) {
    List<String> blocks = new ArrayList<>();
    int at = 0;
    while (true) {
      int from = text.indexOf(BEGIN_CERTIFICATE, at);
      int to = from < 0 ? -1 : text.indexOf(END_CERTIFICATE, from);
      if (to < 0) {
        return blocks;
      }
      at = to + END_CERTIFICATE.length();
      blocks.add(text.substring(from, at));
    }
  }
}
