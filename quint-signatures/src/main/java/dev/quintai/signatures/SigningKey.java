package dev.quintai.signatures;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 private key (RFC 8032; encoded after RFC 8410). Thread-safe. */
public final class SigningKey {
  private final byte[] seed;

  private SigningKey(byte[] seed) {
    this.seed = seed;
  }

  /** A new key. */
  public static SigningKey generate(SecureRandom random) {
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    random.nextBytes(seed);
    return new SigningKey(seed);
  }

  /**
   * Reads a PKCS#8 PEM.
   *
   * @throws IllegalArgumentException when it is none of an Ed25519 key; the message holds nothing
   *     of the key
   */
  public static SigningKey fromPem(String pem) {
    byte[] der = Pem.decode("PRIVATE KEY", pem);
    try {
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
      if (!info.getPrivateKeyAlgorithm().getAlgorithm().equals(Ed25519Signatures.ALGORITHM)) {
        throw new IllegalArgumentException("the private key is of another algorithm than Ed25519");
      }
      byte[] seed = ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets();
      if (seed.length != Ed25519.SECRET_KEY_SIZE) {
        throw new IllegalArgumentException("an Ed25519 private key has 32 bytes");
      }
      return new SigningKey(seed.clone());
    } catch (IOException e) {
      throw new IllegalArgumentException("the PEM holds no PKCS#8 private key", e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          e instanceof IllegalArgumentException && e.getMessage() != null
              ? e.getMessage()
              : "the PEM holds no PKCS#8 private key");
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /** The key as PKCS#8 PEM: a secret. */
  public String toPem() {
    try {
      PrivateKeyInfo info =
          new PrivateKeyInfo(
              new AlgorithmIdentifier(Ed25519Signatures.ALGORITHM), new DEROctetString(seed));
      return Pem.encode("PRIVATE KEY", info.getEncoded("DER"));
    } catch (IOException e) {
      throw new IllegalStateException("a key of 32 bytes is encodable", e);
    }
  }

  /** The public half. */
  public VerifyingKey publicKey() {
    byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, key, 0);
    return VerifyingKey.ofRaw(key);
  }

  /** The 64 bytes of the signature of a message; the same for the same message, always. */
  public byte[] sign(byte[] message) {
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
    return signature;
  }
}
