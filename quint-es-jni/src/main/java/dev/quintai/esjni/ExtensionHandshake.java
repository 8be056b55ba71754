package dev.quintai.esjni;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How both sides of the extension socket prove that they know the secret, without sending it: each
 * makes a nonce, and each proves by an HMAC over both. An answer that was overheard is of no use
 * for another connection, since our nonce is another there, and neither side's proof is the
 * other's.
 */
final class ExtensionHandshake {

  static final int VERSION = 1;
  static final int NONCE = 32;
  static final int PROOF = 32;
  static final int HEADER = 8;

  /** Kinds of frames beside those of {@link EsRecord}. */
  static final int CHALLENGE = 0x101;

  static final int ANSWER = 0x102;
  static final int WELCOME = 0x103;
  static final int LOSS = 0x104;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] CLIENT = label("quint-es client 1");
  private static final byte[] SERVER = label("quint-es server 1");

  private final byte[] nonce = new byte[NONCE];
  private final SecretKeySpec key;

  ExtensionHandshake(byte[] secret) {
    this.key = new SecretKeySpec(secret, "HmacSHA256");
    RANDOM.nextBytes(nonce);
  }

  private static byte[] label(String text) {
    return (text + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  /** What we send first. */
  ByteBuffer challenge() {
    return frame(CHALLENGE, nonce);
  }

  /**
   * Whether the payload of an {@link #ANSWER} proves that the secret is known; in constant time.
   */
  boolean accepts(byte[] clientNonce, byte[] proof) {
    return MessageDigest.isEqual(proof(key, CLIENT, nonce, clientNonce), proof);
  }

  /** Our own proof, once the other side has proved itself. */
  ByteBuffer welcome(byte[] clientNonce) {
    return frame(WELCOME, proof(key, SERVER, clientNonce, nonce));
  }

  private static ByteBuffer frame(int kind, byte[] payload) {
    return ByteBuffer.allocate(HEADER + payload.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(HEADER + payload.length)
        .putShort((short) kind)
        .putShort((short) VERSION)
        .put(payload)
        .flip();
  }

  private static byte[] proof(SecretKeySpec key, byte[] label, byte[] first, byte[] second) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(label);
      mac.update(first);
      return mac.doFinal(second);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
