package dev.quintai.daemon.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 public key (RFC 8032) that rows are checked against. Immutable, thread-safe.
 *
 * <p>Verification is strict: a signature is 64 bytes in padded standard base64 in its one canonical
 * spelling, S is below the group order, points are canonical, and the key is not of small order.
 */
public final class Ed25519Key {
  /** The DER of a SubjectPublicKeyInfo (RFC 8410) before the 32 bytes of the key. */
  private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int KEY_ID_BYTES = 16;

  private final byte[] spki;
  private final Ed25519.PublicPoint point;
  private final String keyId;

  private Ed25519Key(byte[] spki, Ed25519.PublicPoint point) {
    this.spki = spki;
    this.point = point;
    byte[] hash = RowHash.sha256().digest(spki);
    this.keyId = HexFormat.of().formatHex(hash, 0, KEY_ID_BYTES);
  }

  /**
   * Reads the 32 bytes of RFC 8032.
   *
   * @throws IllegalArgumentException when they are no point of the prime-order group
   */
  static Ed25519Key ofRaw(byte[] raw) {
    if (raw.length != Ed25519.PUBLIC_KEY_SIZE) {
      throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, not " + raw.length);
    }
    Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(raw, 0);
    if (point == null) {
      throw new IllegalArgumentException("not a usable Ed25519 public key");
    }
    byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + raw.length);
    System.arraycopy(raw, 0, spki, SPKI_PREFIX.length, raw.length);
    return new Ed25519Key(spki, point);
  }

  /**
   * Reads one key in PEM, {@code BEGIN PUBLIC KEY}.
   *
   * @throws IllegalArgumentException when it is anything but an Ed25519 SubjectPublicKeyInfo
   */
  public static Ed25519Key ofPem(String pem) {
    byte[] der = Pem.decode(pem, "PUBLIC KEY");
    int prefix = SPKI_PREFIX.length;
    if (der.length != prefix + Ed25519.PUBLIC_KEY_SIZE
        || !Arrays.equals(der, 0, prefix, SPKI_PREFIX, 0, prefix)) {
      throw new IllegalArgumentException("not an Ed25519 key (SubjectPublicKeyInfo in PEM)");
    }
    return ofRaw(Arrays.copyOfRange(der, prefix, der.length));
  }

  /** The key as PEM, {@code BEGIN PUBLIC KEY}. */
  public String pem() {
    return Pem.encode(spki, "PUBLIC KEY");
  }

  /** The first 16 bytes of the SHA-256 of the key's SubjectPublicKeyInfo, in lower-case hex. */
  public String keyId() {
    return keyId;
  }

  /** Whether {@code signature} is this key's over {@code message}; never throws. */
  boolean verifies(byte[] message, String signature) {
    byte[] bytes = decode(signature);
    return bytes != null && Ed25519.verify(bytes, 0, point, message, 0, message.length);
  }

  /** The 64 bytes, or null when the text is anything but their one canonical spelling. */
  private static byte[] decode(String signature) {
    // 64 bytes are 88 characters; the decoder alone would let other last bits through.
    if (signature.length() != 88) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(signature.getBytes(StandardCharsets.ISO_8859_1));
      boolean canonical =
          bytes.length == Ed25519.SIGNATURE_SIZE
              && Base64.getEncoder().encodeToString(bytes).equals(signature);
      return canonical ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Ed25519Key other && Arrays.equals(spki, other.spki);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(spki);
  }

  @Override
  public String toString() {
    return "Ed25519Key[" + keyId + ']';
  }
}
