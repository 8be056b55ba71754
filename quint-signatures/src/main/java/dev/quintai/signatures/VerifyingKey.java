package dev.quintai.signatures;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * An Ed25519 public key (RFC 8032; encoded after RFC 8410): canonical and of the prime-order group.
 * Immutable.
 */
public final class VerifyingKey {
  private final byte[] raw;

  private VerifyingKey(byte[] raw) {
    this.raw = raw;
  }

  /**
   * A key from its 32 bytes.
   *
   * @throws IllegalArgumentException when they are no point, not encoded canonically or of small
   *     order
   */
  public static VerifyingKey ofRaw(byte[] raw) {
    String objection = Ed25519Signatures.objection(raw);
    if (objection != null) {
      throw new IllegalArgumentException(objection);
    }
    return new VerifyingKey(raw.clone());
  }

  /**
   * Reads an SPKI PEM.
   *
   * @throws IllegalArgumentException when it is none of an Ed25519 key, or {@link #ofRaw} refuses
   *     its content
   */
  public static VerifyingKey fromPem(String pem) {
    byte[] der = Pem.decode("PUBLIC KEY", pem);
    SubjectPublicKeyInfo info;
    byte[] again;
    try {
      info = SubjectPublicKeyInfo.getInstance(der);
      again = info.getEncoded("DER");
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("the PEM holds no SPKI public key", e);
    }
    AlgorithmIdentifier algorithm = info.getAlgorithm();
    if (!algorithm.getAlgorithm().equals(Ed25519Signatures.ALGORITHM)
        || algorithm.getParameters() != null) {
      throw new IllegalArgumentException("the public key is of another algorithm than Ed25519");
    }
    if (info.getPublicKeyData().getPadBits() != 0 || !Arrays.equals(der, again)) {
      throw new IllegalArgumentException("the public key is not DER");
    }
    return ofRaw(info.getPublicKeyData().getBytes());
  }

  /** The key as SPKI PEM. */
  public String toPem() {
    try {
      SubjectPublicKeyInfo info =
          new SubjectPublicKeyInfo(new AlgorithmIdentifier(Ed25519Signatures.ALGORITHM), raw);
      return Pem.encode("PUBLIC KEY", info.getEncoded("DER"));
    } catch (IOException e) {
      throw new IllegalStateException("a key of 32 bytes is encodable", e);
    }
  }

  /** Whether the signature of the message verifies. Never throws on any content. */
  public boolean verify(byte[] message, byte[] signature) {
    return Ed25519Signatures.verify(raw, message, signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey key && Arrays.equals(raw, key.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  /** The key in hex. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(raw);
  }
}
