package dev.quintai.signatures;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Strict Ed25519 (RFC 8032, section 5.1.7) on top of Bouncy Castle.
 *
 * <p>Implementations differ on what they take beyond honest signatures (Chalkias, Garillot,
 * Nikolaenko: "Taming the Many EdDSAs", 2020). Here one message, key and signature have one
 * verdict: S is below the group's order, key and R are encoded canonically, and neither is of small
 * order, so that no key verifies what its owner has not signed.
 */
final class Ed25519Signatures {

  /** id-Ed25519 of RFC 8410. */
  static final ASN1ObjectIdentifier ALGORITHM = new ASN1ObjectIdentifier("1.3.101.112");

  static final int KEY_BYTES = 32;
  static final int SIGNATURE_BYTES = 64;

  private static final BigInteger FIELD = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  /**
   * The y coordinates of the eight points of small order: order 1 has y = 1, order 2 has y = -1,
   * order 4 has y = 0; order 8 has the two roots of y^2 = (-1 +- sqrt(1 + d)) / d that lie on the
   * curve, each the other's negative.
   */
  private static final BigInteger[] SMALL_ORDER_Y = {
    BigInteger.ZERO,
    BigInteger.ONE,
    FIELD.subtract(BigInteger.ONE),
    new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7", 16),
    new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16)
  };

  private Ed25519Signatures() {}

  /** Why these 32 bytes are no usable public key, or null when they are one. */
  static String objection(byte[] key) {
    if (key.length != KEY_BYTES) {
      return "a public key has 32 bytes, not " + key.length;
    }
    String point = pointObjection(key, 0);
    if (point != null) {
      return "the public key " + point;
    }
    return Ed25519.validatePublicKeyFull(key, 0)
        ? null
        : "the public key is no point of the prime-order group";
  }

  /** Why these 32 bytes encode no point strictly, or null. */
  private static String pointObjection(byte[] bytes, int offset) {
    BigInteger y = littleEndian(bytes, offset, true);
    boolean negative = (bytes[offset + 31] & 0x80) != 0;
    if (y.compareTo(FIELD) >= 0) {
      return "is not encoded canonically";
    }
    for (BigInteger small : SMALL_ORDER_Y) {
      if (y.equals(small)) {
        boolean xIsZero = y.equals(BigInteger.ONE) || y.equals(SMALL_ORDER_Y[2]);
        return xIsZero && negative ? "is not encoded canonically" : "is of small order";
      }
    }
    return null;
  }

  /**
   * Whether the signature of the message verifies. Never throws on any content.
   *
   * @param key 32 bytes to which {@link #objection} has none
   */
  static boolean verify(byte[] key, byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_BYTES
        || key.length != KEY_BYTES
        || littleEndian(signature, 32, false).compareTo(ORDER) >= 0
        || pointObjection(signature, 0) != null) {
      return false;
    }
    try {
      return Ed25519.verify(signature, 0, key, 0, message, 0, message.length);
    } catch (RuntimeException e) {
      // Whatever the library dislikes about foreign bytes, they do not verify.
      return false;
    }
  }

  private static BigInteger littleEndian(byte[] bytes, int offset, boolean clearSign) {
    byte[] reversed = new byte[32];
    for (int i = 0; i < 32; i++) {
      reversed[i] = bytes[offset + 31 - i];
    }
    if (clearSign) {
      reversed[0] &= 0x7f;
    }
    BigInteger value = new BigInteger(1, reversed);
    Arrays.fill(reversed, (byte) 0);
    return value;
  }
}
